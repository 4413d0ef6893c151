// The checks of a database before a start opens it for writing, also used by `loket check`: only
// checks whose duration does not depend on the number of bills. The inspection holds the lock and
// creates no file except the lock file.

import Foundation
import GRDB
import LoketCore

package struct StartInspection: Sendable {
    package enum Keys: Sendable, Equatable {
        /// No admin key ever existed: the start creates the first key.
        case none
        case active
        case allRevoked
    }

    /// Whether the file is empty, or a first start was interrupted before it created a table.
    package private(set) var isNew = false
    /// The differences from the schema that the migrations create. If there are any, no further
    /// checks were made, because no row can be trusted to have the expected columns.
    package private(set) var schema: [String] = []
    /// Whether an earlier version wrote the database: the start upgrades the schema.
    package private(set) var isOfEarlierVersion = false
    package private(set) var keys = Keys.none
    /// Open bills that no configured BIN covers any more.
    package private(set) var stranded: [StrandedBills] = []
    /// Not nil for a restored copy until DOKU was queried about payments since the backup.
    package private(set) var restoration: Restoration?
    /// The commits missing by the mark; if any, the start pauses the database.
    package private(set) var missing: String?
    /// A problem with the mark itself.
    package private(set) var markNotice: MarkNotice?

    /// - Parameters:
    ///   - path: a database, or the path of a future database.
    ///   - bins: the BINs of each configured Client-Id.
    /// - Returns: nil if there is no database yet.
    /// - Throws: the reason why the database cannot be opened; `StoreFault.lockedByAnother` while a
    ///   service runs.
    package init?(path: String, bins: [String: BINTable]) throws(StoreFault) {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try LockFile.check(besideDatabase: path)
        try DatabaseFile.check(path)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let lock = try LockFile(besideDatabase: path)
        defer { withExtendedLifetime(lock) {} }
        let neighbours = DatabaseNeighbours(of: path)
        markNotice = neighbours.notice
        do {
            let queue = try DatabaseFile.openReadOnly(path)
            defer { try? queue.close() }
            try queue.read { try look($0, bins: bins, neighbours) }
        } catch {
            throw StoreFault(error, at: path) ?? .unusable(path: path, said: "\(error)")
        }
    }

    private mutating func look(
        _ database: Database, bins: [String: BINTable], _ neighbours: DatabaseNeighbours
    ) throws {
        isNew = try DatabaseFile.isEmpty(database)
        if isNew { return }
        schema = try Schema.differences(in: database)
        guard schema.isEmpty else { return }
        keys = try Keys(in: database)
        stranded = try StrandedBills.find(bins: bins, in: database)
        isOfEarlierVersion = try !Migrations.migrator.hasCompletedMigrations(database)
        // A database of an earlier version has no valid mark and lacks the tables for it.
        if isOfEarlierVersion { return }
        restoration = try Restoration.pending(in: database)
        missing = try neighbours.missing(in: database)
    }
}

extension StartInspection.Keys {
    fileprivate init(in database: Database) throws {
        func exists(_ condition: String) throws -> Bool {
            try database.isTrue("SELECT EXISTS (SELECT 1 FROM admin_key WHERE \(condition))")
        }
        if try exists("revoked_at IS NULL") {
            self = .active
        } else {
            self = try exists("true") ? .allRevoked : .none
        }
    }
}
