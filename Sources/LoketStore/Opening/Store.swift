// The database of a service. What can be done with bills, payments, keys and imports is in
// extensions, in the folders of their subjects.

import Foundation
import GRDB
import LoketCore
import Synchronization

/// Opens the database and holds its lock, the one writer, and the pool of readers of the admin side.
/// The gateway's threads have connections of their own (`BillLookup`).
///
///     let store = try Store(path: "loket.db")
///     let bill = try await store.bill(id: 1)
///     try store.close()
package final class Store: Sendable {
    package let path: String
    let pool: DatabasePool
    /// Every write that a caller waits for goes through it.
    let commits: GroupCommit
    /// What imports, backups and new bills leave on the disk.
    let room: DiskRoom
    private let mark: MarkWriter
    private let lock: LockFile
    private let isClosed = Mutex(false)

    /// Milliseconds for which a connection waits for another's lock.
    private static let busyMilliseconds = 5_000

    /// Opens or creates the database, takes the lock and brings the schema up to date. One that
    /// lacks what its mark counts is paused.
    ///
    /// - Parameters:
    ///   - room: what is kept of the disk.
    ///   - report: receives what there is to report of the mark, now and later.
    /// - Throws: what is in the way; nothing is left half-created.
    package init(
        path: String, room: DiskRoom = DiskRoom(),
        report: @escaping @Sendable (MarkNotice) -> Void = { _ in }
    ) throws(StoreFault) {
        // SQLite follows a link, so the lock must too: two names, one writer.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try Self.checkPlace(path)
        // Before the lock, so that nothing is made next to a file that is not ours; and after it,
        // because only then no other process changes the file.
        try DatabaseFile.check(path)
        lock = try LockFile(besideDatabase: path)
        self.path = path
        self.room = room
        try DatabaseFile.check(path)
        Self.removeUnfinished(beside: path)
        let neighbours = DatabaseNeighbours(of: path)
        let hadOurID = DatabaseFile.hasOurID(path)
        try Self.createPrivately(path)
        do {
            var configuration = Configuration.loket()
            configuration.busyMode = .timeout(Double(Self.busyMilliseconds) / 1000)
            configuration.maximumReaderCount = 4
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after it has prepared a connection, so it is undone here, on the
            // one connection that writes: NORMAL loses acknowledged commits with the power.
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        PRAGMA cache_size = -\(Limits.writerCacheKiB);
                        PRAGMA wal_autocheckpoint = \(Limits.checkpointPages);
                        """)
            }
            try Migrations.migrator.migrate(pool)
            try pool.write { try SchemaWriter.noteIfUnknown(in: $0) }
            try Self.assertDurable(pool)
            // A database that has its id in the log alone could not be distinguished from
            // another's.
            if !hadOurID {
                _ = try pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
            }
            try neighbours.pauseIfBehind(pool)
            if let notice = neighbours.notice { report(notice) }
            let mark = MarkWriter(of: pool, report: report)
            self.mark = mark
            commits = GroupCommit(on: pool, room: room, whenCommitted: { mark.note() })
        } catch {
            throw StoreFault(error, at: path) ?? .unusable(path: path, said: "\(error)")
        }
    }

    /// Moves everything into the one file and closes every connection; again, it does nothing.
    package func close() throws {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        commits.close()
        // Whether there is room for it or not: what is in the WAL is not lost.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        mark.close()
        defer { lock.release() }
        // SQLite removes the log with the last connection, and only where that one may write.
        pool.invalidateReadOnlyConnections()
        try pool.close()
    }

    package var writing: GroupCommit.Health { commits.health }

    /// A connection of its own for the calling thread to answer inquiries from.
    package func makeLookup() throws(StoreFault) -> BillLookup {
        try BillLookup(path: path)
    }

    // MARK: Before it is opened

    /// Names and e-mail addresses are in it: no other user of the machine can read it. SQLite gives
    /// the same mode to the files that it puts beside it.
    private static func createPrivately(_ path: String) throws(StoreFault) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFault(system: errno, at: path) }
        Foundation.close(descriptor)
    }

    /// A 2xx to DOKU rests on these two.
    private static func assertDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            let journalMode = try database.text("PRAGMA journal_mode")
            guard synchronous == 2, journalMode == "wal" else {
                throw StoreFault.unfitFileSystem(pool.path)
            }
        }
    }
}
