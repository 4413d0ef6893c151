// What the tests here ask about a temporary folder: its database, and what is beside it.

import Foundation
import TestSupport

extension TemporaryFolder {
    /// Where a test keeps its database.
    var database: String { path("loket.db") }

    /// Names in the folder, lock files left out: a refusal may leave those.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path)
            .filter { !$0.hasSuffix(".lock") }.sorted()
    }

    /// Every byte of a database: its file and its write-ahead log, where these are files.
    func databaseBytes() throws -> Data {
        ["", "-wal"].reduce(Data()) { bytes, suffix in
            bytes + (FileManager.default.contents(atPath: database + suffix) ?? Data())
        }
    }
}
