// The versions of this program, its compiler and its libraries. `--version`, the log, the status,
// the metrics and the API's document show the same values.

import LoketCore
import LoketSystem
import LoketStore

package struct BuildInfo: Sendable {
    package let commit: String
    package let swift: String

    /// - Parameters:
    ///   - commit: the Git revision of the sources.
    ///   - swift: the version of the compiler.
    package init(commit: String = "unknown", swift: String = "unknown") {
        self.commit = commit
        self.swift = swift
    }

    /// The version of each part, under a stable name. SQLite and OpenSSL are the machine's
    /// libraries, so their versions are read at run time.
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
