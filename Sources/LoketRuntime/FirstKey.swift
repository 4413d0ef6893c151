// The first admin key: made once, when there has never been one, and again by `loket keys reset`,
// when all are lost. It goes into a file that only its owner can read; log and command name the
// file and never the key.

import Foundation
import LoketCore
import LoketSystem
import LoketStore
import Logging

package enum FirstKey {
    package static let variable = "LOKET_ADMIN_KEY"
    private static let name = "first"
    private static let scopes = Set(AdminKey.Scope.allCases)
    private static let lengths = 32...Limits.adminKeyBytesMax
    /// Different characters: 32 random ones have fewer once in a billion times, digits included.
    private static let differentMin = 5
    /// Bytes: 192 random bits.
    private static let randomCount = 24

    package static func path(besideDatabase path: String) -> String { path + ".admin-key" }

    /// A new random key.
    package static func newText() -> String { "loket_" + hexadecimal(randomBytes(randomCount)) }

    /// The variable's value; nil where it is empty too, as a template leaves it.
    package static func given(in environment: [String: String]) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Why the variable's value cannot be a key; nil where there is none or it can.
    package static func problem(in environment: [String: String]) -> String? {
        guard let text = given(in: environment) else { return nil }
        let isFit =
            lengths.contains(text.utf8.count) && text.utf8.allSatisfy(isVisibleASCII)
            && Set(text.utf8).count >= differentMin && !isPlaceholder(text)
        return isFit
            ? nil
            : "\(variable) must be 32 to 128 visible ASCII characters made at random: "
                + "openssl rand -hex 32"
    }

    /// Does nothing where a key has ever existed.
    package static func make(
        in store: Store, environment: [String: String], now: Moment, log: Logger
    ) throws {
        if try store.hasEverHadKey() { return }
        if let text = given(in: environment) {
            try store.addKey(text, name: name, scopes: scopes, now: now)
            log.info("first admin key taken from the environment")
            return
        }
        let text = newText()
        let path = path(besideDatabase: store.path)
        // The file first: a key in the database that is in no file could never be used.
        try PlacedFile.replace(path, with: text + "\n", besideDatabase: store.path)
        try store.addKey(text, name: name, scopes: scopes, now: now)
        log.info("first admin key written", metadata: ["file": "\(path)"])
    }

    /// Revokes every key and makes a first one again, in a database that no service has open.
    ///
    /// - Returns: where the new key lies, and how many were revoked.
    package static func reset(
        database path: String, now: Moment
    ) throws -> (path: String, revoked: Int) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreFault.missingFile(path)
        }
        let store = try Store(path: path)
        defer { try? store.close() }
        let text = newText()
        let keyPath = Self.path(besideDatabase: store.path)
        try PlacedFile.replace(keyPath, with: text + "\n", besideDatabase: store.path)
        do {
            let revoked = try store.replaceKeys(with: text, name: name, scopes: scopes, now: now)
            return (keyPath, revoked)
        } catch {
            throw StoreFault(error, at: store.path).map { $0 as any Error } ?? error
        }
    }
}
