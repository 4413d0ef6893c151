// The first admin key. The first start creates it, and `loket keys reset` creates a new one when
// all keys are lost. The key is written to a file that only its owner can read; the log and the
// command show the path of the file and never the key.

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
    /// The minimum of different characters. Of a billion random keys of 32 digits one has fewer.
    private static let differentMin = 5
    /// The size of a generated key in bytes: 192 random bits.
    private static let randomCount = 24

    package static func path(besideDatabase path: String) -> String { path + ".admin-key" }

    /// Returns a new random key.
    package static func newText() -> String { "loket_" + hexadecimal(randomBytes(randomCount)) }

    /// Returns the value of the variable; nil if it is unset, or empty as in an unfilled template.
    package static func given(in environment: [String: String]) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Returns why the variable's value cannot be a key; nil if it can, or is unset.
    package static func problem(in environment: [String: String]) -> String? {
        guard let text = given(in: environment) else { return nil }
        let isFit =
            lengths.contains(text.utf8.count) && text.utf8.allSatisfy(isVisibleASCII)
            && Set(text.utf8).count >= differentMin && !isPlaceholder(text)
        return isFit
            ? nil
            : "\(variable) must be 32 to 128 random visible ASCII characters: make it with "
                + "openssl rand -hex 32"
    }

    /// Creates the first key, unless the database has ever contained one.
    package static func make(
        in store: Store, environment: [String: String], now: Moment, log: Logger
    ) throws {
        if try store.hasEverHadKey() { return }
        if let text = given(in: environment) {
            try store.addKey(text, name: name, scopes: scopes, now: now)
            log.info("the first admin key was read from the environment")
            return
        }
        let text = newText()
        let path = path(besideDatabase: store.path)
        // The file is written first: a key that is in the database and in no file is unusable.
        try PlacedFile.replace(path, with: text + "\n", besideDatabase: store.path)
        try store.addKey(text, name: name, scopes: scopes, now: now)
        log.info("the first admin key was written to a file", metadata: ["file": "\(path)"])
    }

    /// Revokes every key and creates a new first key, in a database that no service has open.
    ///
    /// - Returns: the path of the new key's file, and the number of revoked keys.
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
