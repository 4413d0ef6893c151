// What a start looks at in a database before it opens it for writing, and `loket check` with it:
// only what takes no longer the more bills there are. It holds the lock while it looks; but for the
// lock file it makes nothing.

import Foundation
import GRDB
import LoketCore

package struct StartInspection: Sendable {
    package enum Keys: Sendable, Equatable {
        /// There was never an admin key: the start makes the first one.
        case none
        case active
        case allRevoked
    }

    /// A first start was cut off before it made anything, or the file is empty.
    package private(set) var isNew = false
    /// How the schema differs from what the migrations make. Where it does, nothing else was looked
    /// at: no row could be trusted to have what is read from it.
    package private(set) var schema: [String] = []
    /// An earlier version wrote it: the start brings its schema up to date.
    package private(set) var isOfEarlierVersion = false
    package private(set) var keys = Keys.none
    /// Open bills that no configured BIN answers any more.
    package private(set) var stranded: [StrandedBills] = []
    /// It is a restored copy, and DOKU was not asked yet what was paid since it was taken.
    package private(set) var restoration: Restoration?
    /// What the database lacks by its mark: the start pauses it.
    package private(set) var missing: String?
    /// What else the operator should know of the mark.
    package private(set) var markNotice: MarkNotice?

    /// - Parameters:
    ///   - path: a database, or where one is to be made.
    ///   - bins: the BINs of each configured Client-Id.
    /// - Returns: nil where there is no database yet.
    /// - Throws: what is in the way of opening it; `StoreFault.lockedByAnother` while a service
    ///   runs.
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
        // One of an earlier version has no mark, or another's, and lacks its tables.
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
