// Paths and contents of a temporary folder: its database and the files next to it.

import Foundation
import TestSupport

extension TemporaryFolder {
    /// The path of a test's database.
    var database: String { path("loket.db") }

    /// The names in the folder without lock files, because a refusal may leave lock files.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path)
            .filter { !$0.hasSuffix(".lock") }.sorted()
    }

    /// All bytes of a database: its file and its write-ahead log, if they are files.
    func databaseBytes() throws -> Data {
        ["", "-wal"].reduce(Data()) { bytes, suffix in
            bytes + (FileManager.default.contents(atPath: database + suffix) ?? Data())
        }
    }
}
