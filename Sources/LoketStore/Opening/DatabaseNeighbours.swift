// Compares the database with its mark at a start. A database without all commits that the mark
// counts has lost acknowledged data. It starts like a restored copy: with a new epoch, and paused
// until DOKU has been queried about payments.

import Foundation
import GRDB
import LoketCore

/// A problem with the mark that the operator should know.
package enum MarkNotice: Sendable, Equatable, CustomStringConvertible {
    case absent(String)
    case unreadable(String)
    case notWritten(String)

    package var description: String {
        switch self {
        case .absent(let path):
            "the file \(path) is missing, so loket cannot check whether the database has lost "
                + "data. The next start writes a new file"
        case .unreadable(let path):
            "the file \(path) cannot be read, so loket cannot check whether the database has lost "
                + "data. The next start writes a new file"
        case .notWritten(let reason):
            "the file from which a start detects lost data cannot be updated: \(reason)"
        }
    }
}

/// The files next to a database before SQLite opens it.
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
            // A new database cannot lack anything.
            case .none: DatabaseFile.isFilled(path) ? .absent(markPath) : nil
            }
    }

    /// Returns a description of the missing commits; nil if there are none, or if unknown.
    func missing(in database: Database) throws -> String? {
        guard case .mark(let mark) = mark else { return nil }
        return try mark.missing(in: database, salts: logSalts)
    }

    /// Starts a restoration if commits counted by the mark are missing.
    func pauseIfBehind(_ pool: DatabasePool) throws {
        try pool.write { database in
            guard let missing = try missing(in: database) else { return }
            try Restoration.begin(
                backedUpAt: Restoration.newest(in: database), missing: missing, now: .now,
                in: database)
        }
    }
}
