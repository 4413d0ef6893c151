// Things other than a database that may be at its path.

import Foundation
import GRDB
import LoketStore
import Testing

enum Obstacle: String, CaseIterable, Sendable {
    case readOnlyFile, readOnlyOfOurs, shortText, longText
    case otherDatabase, otherDatabaseWithLog, otherApplication
    case newerVersion, namedNewerVersion
    case folder, folderAsLog, folderAsIndex, pipe, pipeAsLog
    case textWithMark, halfOfOurs

    func lay(at path: String) async throws {
        let url = URL(fileURLWithPath: path)
        switch self {
        case .readOnlyFile:
            try Data().write(to: url)
            try makeReadOnly(path)
        case .readOnlyOfOurs:
            try await withStore(at: path) { _ in }
            try makeReadOnly(path)
        case .shortText:
            try Data("no database\n".utf8).write(to: url)
        case .longText:
            let line = "0123456789 these are somebody's notes\n"
            try Data(String(repeating: line, count: 1000).utf8).write(to: url)
        case .otherDatabase:
            try RawDatabase.execute(path, "CREATE TABLE song (title TEXT)")
        case .otherDatabaseWithLog:
            try RawDatabase.execute(
                path, "PRAGMA journal_mode = WAL; CREATE TABLE song (title TEXT)")
        case .otherApplication:
            try RawDatabase.execute(
                path, "PRAGMA application_id = 252006674; CREATE TABLE song (title TEXT)")
        case .newerVersion:
            try await withStore(at: path) { _ in }
            try RawDatabase.execute(
                path, "INSERT INTO grdb_migrations (identifier) VALUES ('m9999_later')")
        case .namedNewerVersion:
            try await Self.newerVersion.lay(at: path)
            try RawDatabase.execute(path, "PRAGMA user_version = 12034056")
        case .folder, .folderAsLog, .folderAsIndex:
            try FileManager.default.createDirectory(
                atPath: place(path), withIntermediateDirectories: false)
        case .pipe, .pipeAsLog:
            #expect(mkfifo(place(path), 0o600) == 0)
        case .textWithMark:
            try Data("no database\n".utf8).write(to: url)
            try Data("epoch x\n".utf8).write(to: URL(fileURLWithPath: path + ".mark"))
        case .halfOfOurs:
            try await withStore(at: path) { _ in }
            let whole = try Data(contentsOf: url)
            try whole.prefix(whole.count / 2).write(to: url)
        }
    }

    /// Creates the obstacle.
    private func place(_ path: String) -> String {
        switch self {
        case .folderAsLog, .pipeAsLog: path + "-wal"
        case .folderAsIndex: path + "-shm"
        default: path
        }
    }

    func fault(path: String) -> StoreFault {
        switch self {
        case .readOnlyFile, .readOnlyOfOurs: .readOnlyFile(path)
        case .shortText, .longText, .otherDatabase, .otherDatabaseWithLog, .otherApplication:
            .notOurs(path)
        case .newerVersion: .newerVersion(path, by: nil)
        case .namedNewerVersion: .newerVersion(path, by: "12.34.56")
        case .folder, .folderAsLog, .folderAsIndex, .pipe, .pipeAsLog: .notAFile(place(path))
        case .textWithMark: .lostDatabase(path)
        case .halfOfOurs: .damagedFile(path: path, said: "database disk image is malformed")
        }
    }

    private func makeReadOnly(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    }
}
