// The first admin key: made once, when there has never been one. It goes into a file that only its
// owner can read; the log names the file and never the key.

import Foundation
import LoketCore
import LoketCrypto
import LoketStore
import Logging

enum FirstKey {
    static let variable = "LOKET_ADMIN_KEY"
    private static let name = "first"
    private static let lengths = 32...128

    static func path(besideDatabase path: String) -> String { path + ".admin-key" }

    /// Why the variable's value cannot be a key; nil where there is none or it can.
    static func problem(in environment: [String: String]) -> String? {
        guard let text = environment[variable] else { return nil }
        let isFit = lengths.contains(text.utf8.count) && text.utf8.allSatisfy(isVisibleASCII)
        return isFit
            ? nil
            : "\(variable) must be 32 to 128 visible ASCII characters: openssl rand -hex 32"
    }

    /// Does nothing where a key has ever existed.
    static func make(
        in store: BillStore, environment: [String: String], now: Moment, log: Logger
    ) throws {
        if try store.hasEverHadKey() { return }
        let scopes = Set(AdminKey.Scope.allCases)
        if let text = environment[variable] {
            try store.addKey(text, name: name, scopes: scopes, now: now)
            log.info("first admin key taken from the environment")
            return
        }
        let text = "loket_" + hexadecimal(randomBytes(24))
        let path = path(besideDatabase: store.path)
        // The file first: a key that nobody knows would lock everybody out.
        try write(text + "\n", to: path)
        try store.addKey(text, name: name, scopes: scopes, now: now)
        log.info("first admin key written", metadata: ["file": "\(path)"])
    }

    /// Never readable by others, not even for a moment.
    private static func write(_ text: String, to path: String) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let bytes = Array(text.utf8)
        guard descriptor >= 0, Foundation.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0, close(descriptor) == 0
        else {
            throw StoreFault.sqlite("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
