// A folder for one test, gone with it, and what lies in it.

import Foundation
import LoketStore

final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("loket-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Where a test keeps its database.
    var database: String { path("loket.db") }

    func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }

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
