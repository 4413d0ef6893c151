// A start holds the database against the mark beside it. One that lacks what the mark counts has
// lost commits that were acknowledged, and starts as a restored copy does: under a new epoch and
// paused, until DOKU was asked what was paid.

import Foundation
import GRDB
import LoketCore

/// What the operator should know of the mark.
package enum MarkNotice: Sendable, Equatable, CustomStringConvertible {
    case absent(String)
    case unreadable(String)
    case notWritten(String)

    package var description: String {
        switch self {
        case .absent(let path):
            "\(path) is missing: it cannot be said whether the database has lost commits. A start "
                + "writes a new one"
        case .unreadable(let path):
            "\(path) cannot be read: it cannot be said whether the database has lost commits. A "
                + "start writes a new one"
        case .notWritten(let reason):
            "the mark beside the database is out of date: \(reason)"
        }
    }
}

/// What is beside a database before SQLite opens it.
struct DatabaseNeighbours {
    private let mark: DatabaseMark.Found
    private let logSalts: String?
    let notice: MarkNotice?

    init(of path: String) {
        mark = DatabaseMark.read(besideDatabase: path)
        logSalts = DatabaseFile.logSalts(of: path)
        let markPath = DatabaseMark.path(besideDatabase: path)
        notice =
            switch mark {
            case .mark: nil
            case .unreadable: .unreadable(markPath)
            // Of a new database nothing can be missing.
            case .none: DatabaseFile.isFilled(path) ? .absent(markPath) : nil
            }
    }

    /// What the database lacks by its mark; nil where that is nothing, or cannot be said.
    func missing(in database: Database) throws -> String? {
        guard case .mark(let mark) = mark else { return nil }
        return try mark.missing(in: database, salts: logSalts)
    }

    /// Makes a database that lacks what its mark counts start as a restored one.
    func pauseIfBehind(_ pool: DatabasePool) throws {
        try pool.write { database in
            guard let missing = try missing(in: database) else { return }
            try Restoration.begin(
                backedUpAt: Restoration.newest(in: database), missing: missing, now: .now,
                in: database)
        }
    }
}
