// The database of a service. Operations on bills, payments, keys and imports are in extensions, in
// a folder per subject.

import Foundation
import GRDB
import LoketCore
import Synchronization

/// Opens the database and owns its lock, its only writer, and the reader pool of the admin API. The
/// gateway's threads have separate connections (`BillLookup`).
///
///     let store = try Store(path: "loket.db")
///     let bill = try await store.bill(id: 1)
///     try store.close()
package final class Store: Sendable {
    package let path: String
    let pool: DatabasePool
    /// The queue for every write that a caller waits for.
    let commits: GroupCommit
    /// The news of each commit of `commits`, with which all events are written.
    package let eventSignal = CommitSignal()
    /// The news of new bills, of imports that ended and of a rebuild, for the background that writes
    /// the words of names. A changed name keeps its words in its own transaction.
    package let wordSignal = CommitSignal()
    /// The news of each group of the journal.
    package let journalSignal = CommitSignal()
    /// The disk space that imports, backups and new bills must leave free.
    let room: DiskRoom
    private let mark: MarkWriter
    private let checkpointer: Checkpointer
    private let lock: LockFile
    private let isClosed = Mutex(false)

    /// Milliseconds that a connection waits for a lock of another connection.
    private static let busyMilliseconds = 5_000

    /// Opens or creates the database, acquires the lock and upgrades the schema. If commits are
    /// missing by the mark, the database is paused.
    ///
    /// - Parameters:
    ///   - room: the disk space to leave free.
    ///   - report: called with each problem of the mark, now and later.
    /// - Throws: the reason why the database cannot be opened; nothing is left half-created.
    package init(
        path: String, room: DiskRoom = DiskRoom(),
        report: @escaping @Sendable (MarkNotice) -> Void = { _ in }
    ) throws(StoreFault) {
        // SQLite follows a link, so the lock must too: two names of one file share one lock.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try Self.checkPlace(path)
        // Checked before the lock is acquired, so that no file is created next to a file that is
        // not ours; and again after, because only then no other process can change the file.
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
            // GRDB sets NORMAL after preparing a connection. This is undone here, on the only
            // connection that writes, because NORMAL loses acknowledged commits in a power failure.
            // Deleted bytes are overwritten, so that no word of a forgotten customer's name stays.
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        PRAGMA cache_size = -\(Limits.writerCacheKiB);
                        PRAGMA secure_delete = ON;
                        """)
            }
            try Migrations.migrator.migrate(pool)
            try pool.write { try SchemaWriter.noteIfUnknown(in: $0) }
            try Self.assertDurable(pool)
            // A database with its id only in the log could not be distinguished from another
            // program's.
            if !hadOurID {
                _ = try pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
            }
            try neighbours.pauseIfBehind(pool)
            if let notice = neighbours.notice { report(notice) }
            let mark = MarkWriter(of: pool, report: report)
            self.mark = mark
            let checkpointer = try Checkpointer(path: path)
            self.checkpointer = checkpointer
            pool.writeWithoutTransaction { checkpointer.watch($0) }
            commits = GroupCommit(
                on: pool, room: room, idle: .seconds(Limits.idleCheckpointSeconds),
                // A small merchant's writes of several weeks fit into the log, which may be lost.
                whenIdle: checkpointer.start,
                whenCommitted: { [eventSignal] in
                    mark.note()
                    eventSignal.ring()
                })
        } catch {
            throw StoreFault(error, at: path) ?? .unusable(path: path, said: "\(error)")
        }
    }

    /// Moves all data into the database file and closes every connection. Further calls do nothing.
    package func close() throws {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        commits.close()
        try? checkpointer.close()
        // The result does not matter: data in the WAL is not lost.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        mark.close()
        defer { lock.release() }
        // SQLite removes the log when the last connection closes, and only if that connection can
        // write.
        pool.invalidateReadOnlyConnections()
        try pool.close()
    }

    package var writing: GroupCommit.Health { commits.health }

    /// Returns a separate connection on which the calling thread answers inquiries.
    package func makeLookup() throws(StoreFault) -> BillLookup {
        try BillLookup(path: path)
    }

    // MARK: Before opening

    /// Creates the file so that no other user of the machine can read it, because it contains names
    /// and e-mail addresses. SQLite gives its additional files the same mode.
    private static func createPrivately(_ path: String) throws(StoreFault) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFault(system: errno, at: path) }
        Foundation.close(descriptor)
    }

    /// A 2xx response to DOKU relies on both settings.
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
