// Putting a copy back: it is checked and made ready under a name beside its place, and only what
// is complete, on disk and paused gets the database's name. Whatever stops it leaves nothing there.

import Foundation
import GRDB
import LoketCore

/// Why a copy is not put back.
package enum RestoreFault: Error, Sendable, CustomStringConvertible {
    case occupied(String)
    case noCopy(String)
    case notOurs(String)
    /// A journal lies beside it: what it lacks is in there.
    case notWhole(copy: String, journal: String)
    case damaged(copy: String, [String])

    package var description: String {
        switch self {
        case .occupied(let path):
            "\(path) exists, and a restore overwrites nothing: move it away, or name another "
                + "file in the setting `database`"
        case .noCopy(let path):
            "there is no file \(path) that could be read"
        case .notOurs(let path):
            "\(path) is no backup of a loket database"
        case .notWhole(let copy, let journal):
            "\(copy) is a database in use or one that crashed, for \(journal) lies beside it; "
                + "take a backup with `loket backup`"
        case .damaged(let copy, let problems):
            "\(copy) is damaged, and was not restored:\n"
                + problems.map { "  " + $0 }.joined(separator: "\n")
        }
    }
}

package final class Restore {
    /// What is in a copy that is sound.
    package struct Finding: Sendable {
        package let inspection: Inspection
        /// When it was taken: by its own word, else the newest time that is found in it.
        package let backedUpAt: Moment
        /// It was made by `backup`, which says by whom.
        package let takenBy: String?
    }

    private let copy: String
    private let path: String
    private let place: String
    private let lock: LockFile
    private let queue: DatabaseQueue

    /// Takes the lock and makes a copy of the copy beside the database's place.
    ///
    /// - Throws: `RestoreFault`, `StoreFault` or `PlacedFile.Fault`; nothing but a lock file is
    ///   left then.
    package init(_ copy: String, to path: String) throws {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.copy = copy
        self.path = path
        place = BillStore.unfinishedRestore(beside: path)
        try BillStore.checkPlace(path)
        lock = try LockFile(besideDatabase: path)
        try Self.checkFree(path)
        try Self.checkCopy(copy)
        BillStore.removeUnfinished(beside: path)
        do {
            try Self.copyBytes(of: copy, to: place)
            queue = try DatabaseFile.openAlone(place)
        } catch {
            BillStore.removeUnfinished(beside: path)
            throw error is DatabaseError ? RestoreFault.damaged(copy: copy, ["\(error)"]) : error
        }
    }

    deinit {
        try? queue.close()
        BillStore.removeUnfinished(beside: path)
    }

    /// Looks at every page, bill, payment and link of the ledger.
    ///
    /// - Parameters:
    ///   - bins: the BINs of each configured Client-Id.
    ///   - read: what a delivery of the ledger says.
    ///   - watch: told how far it is.
    /// - Throws: `RestoreFault.damaged` with everything that is wrong.
    package func check(
        bins: [String: BINTable], read: ReadDelivery,
        watch: InspectionStage.Watch = { _ in }
    ) throws -> Finding {
        do {
            watch(.pages)
            try refuse(
                queue.read { database in
                    try String.fetchAll(database, sql: "PRAGMA integrity_check")
                        .filter { $0 != "ok" }
                })
            try Migrations.migrator.migrate(queue)
            let (finding, problems) = try queue.read { database in
                let inspection = try Inspection(
                    database, bins: bins, read: read, watch: watch)
                let problems =
                    inspection.structure
                    + inspection.damagedBills.map { "bill \($0) does not match its checksum" }
                    + inspection.audit.problems
                return (
                    try Self.finding(inspection, in: database),
                    try problems + Self.reach(in: database)
                )
            }
            try refuse(problems)
            return finding
        } catch let error as DatabaseError {
            throw RestoreFault.damaged(copy: copy, ["\(error)"])
        }
    }

    /// Gives the copy that was checked the database's name, and lets go of the lock.
    package func finish(_ finding: Finding, now: Moment) throws {
        try queue.write { database in
            try Restoration.begin(backedUpAt: finding.backedUpAt, now: now, in: database)
        }
        try queue.close()
        try PlacedFile.sync(place)
        try Self.checkFree(path)
        Self.removeEmptyJournals(of: path)
        try PlacedFile.move(place, to: path)
        lock.release()
    }

    // MARK: Before

    private static func checkFree(_ path: String) throws {
        guard !PlacedFile.isTaken(path) else { throw RestoreFault.occupied(path) }
        for journal in [path + "-wal", path + "-journal"] where isFilled(journal) {
            throw RestoreFault.occupied(journal)
        }
    }

    /// A service that stopped leaves an empty journal and its index behind: nothing is in them,
    /// and they belong to a database that is not there any more.
    private static func removeEmptyJournals(of path: String) {
        for suffix in ["-wal", "-journal", "-shm"] { unlink(path + suffix) }
    }

    private static func isFilled(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
            && (status.st_size > 0 || status.st_mode & S_IFMT != S_IFREG)
    }

    private static func checkCopy(_ copy: String) throws {
        var status = stat()
        guard stat(copy, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            access(copy, R_OK) == 0
        else { throw RestoreFault.noCopy(copy) }
        for suffix in ["-wal", "-journal"] {
            guard isFilled(copy + suffix) else { continue }
            throw RestoreFault.notWhole(copy: copy, journal: copy + suffix)
        }
        do {
            let queue = try DatabaseFile.openReadOnly(copy)
            defer { try? queue.close() }
            let owner = try queue.read { try Int64.fetchOne($0, sql: "PRAGMA application_id") }
            guard owner == Migrations.applicationID else { throw RestoreFault.notOurs(copy) }
        } catch StoreFault.notOurs {
            throw RestoreFault.notOurs(copy)
        } catch let error as DatabaseError {
            guard error.resultCode == .SQLITE_NOTADB else {
                throw RestoreFault.damaged(copy: copy, ["\(error)"])
            }
            throw RestoreFault.notOurs(copy)
        }
    }

    private static func copyBytes(of copy: String, to place: String) throws {
        let source = open(copy, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw RestoreFault.noCopy(copy) }
        defer { close(source) }
        let target = try PlacedFile.create(place)
        defer { close(target) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = Foundation.read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw RestoreFault.damaged(
                    copy: copy, ["it cannot be read: \(String(cString: strerror(errno)))"])
            }
            if count == 0 { break }
            try PlacedFile.write(
                UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: target, of: place)
        }
        try PlacedFile.sync(target, of: place)
    }

    // MARK: What is in it

    private func refuse(_ problems: [String]) throws {
        guard !problems.isEmpty else { return }
        let told = problems.prefix(Limits.restoreProblemsMax)
        let more = problems.count - told.count
        throw RestoreFault.damaged(
            copy: copy, Array(told) + (more > 0 ? ["and \(more) more"] : []))
    }

    private static func finding(_ inspection: Inspection, in database: Database) throws -> Finding {
        let backup = try Row.fetchOne(
            database, sql: "SELECT taken_at, actor FROM backup ORDER BY id DESC LIMIT 1")
        if let backup {
            return Finding(
                inspection: inspection, backedUpAt: Moment(milliseconds: backup[0]),
                takenBy: backup[1])
        }
        let newest = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(
                    ifnull((SELECT max(changed_at) FROM bill), 0),
                    ifnull((SELECT max(received_at) FROM inquiry), 0),
                    ifnull((SELECT max(received_at) FROM delivery), 0),
                    ifnull((SELECT max(at) FROM event), 0),
                    ifnull((SELECT max(at) FROM pause_change), 0),
                    (SELECT max(began_at) FROM epoch)
                )
                """)
        return Finding(
            inspection: inspection, backedUpAt: Moment(milliseconds: newest ?? 0), takenBy: nil)
    }

    /// A copy says how far its ledger went: it must not end before.
    private static func reach(in database: Database) throws -> [String] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT ledger_number FROM backup
                WHERE ledger_number > 0 AND NOT EXISTS (
                    SELECT 1 FROM delivery
                    WHERE delivery.id = ledger_number AND delivery.hash = ledger_hash
                )
                ORDER BY id
                """)
        return rows.map { "the ledger lacks notification \($0[0] as Int64), or has another" }
    }
}
