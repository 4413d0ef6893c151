// What may lie where the database should be.

import Foundation
import GRDB
import LoketStore

enum Obstacle: String, CaseIterable, Sendable {
    case readOnlyFile, readOnlyOfOurs, shortText, longText
    case otherDatabase, otherDatabaseWithLog, otherApplication
    case newerVersion

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
        }
    }

    func fault(path: String) -> StoreFault {
        switch self {
        case .readOnlyFile, .readOnlyOfOurs: .readOnlyFile(path)
        case .shortText, .longText, .otherDatabase, .otherDatabaseWithLog, .otherApplication:
            .notOurs(path)
        case .newerVersion: .newerVersion(path)
        }
    }

    private func makeReadOnly(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    }
}
