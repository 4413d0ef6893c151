// What this program was built from and what it runs on: the same in `--version`, the log, the
// status, the metrics and the API's document.

import LoketCore
import LoketSystem
import LoketStore

package struct BuildInfo: Sendable {
    package let commit: String
    package let swift: String

    /// - Parameters:
    ///   - commit: the revision of the sources.
    ///   - swift: the version of the compiler.
    package init(commit: String = "unknown", swift: String = "unknown") {
        self.commit = commit
        self.swift = swift
    }

    /// Each part by its stable name. SQLite and OpenSSL are the machine's, so theirs are the
    /// versions of this run.
    package var parts: [(name: String, value: String)] {
        [
            ("version", loketVersion), ("commit", commit), ("swift", swift),
            ("sqlite", sqliteVersion), ("openssl", opensslVersion),
        ]
    }

    package var text: String {
        """
        loket \(loketVersion) (commit \(commit), Swift \(swift), SQLite \(sqliteVersion), \
        OpenSSL \(opensslVersion))
        """
    }
}
