// Restores a copy: it is checked and prepared under a temporary name next to its destination, and
// renamed only when it is complete, on disk and paused. An interrupted restore leaves no database.

import Foundation
import GRDB
import LoketCore
import LoketSystem

package final class Restore {
    /// The content of a sound copy.
    package struct Finding: Sendable {
        package let inspection: Inspection
        /// The time of the copy: the recorded time, otherwise the newest time in its rows.
        package let backedUpAt: Moment
        /// The actor of the backup; nil if not made by `backup`.
        package let takenBy: String?
    }

    private let copy: String
    private let path: String
    private let place: String
    private let lock: LockFile
    private let queue: DatabaseQueue

    /// Acquires the lock and copies the file to a path next to the database.
    ///
    /// - Parameter digest: the required SHA-256 of the restored bytes; nil accepts any.
    /// - Throws: `RestoreFault`, `StoreFault` or `PlacedFile.Fault`; only a lock file remains then.
    package init(_ copy: String, to path: String, digest: SHA256Digest? = nil) throws {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.copy = copy
        self.path = path
        place = Store.unfinishedRestore(beside: path)
        try Store.checkPlace(path)
        lock = try LockFile(besideDatabase: path)
        try Self.checkFree(path)
        try Self.checkCopy(copy)
        Store.removeUnfinished(beside: path)
        do {
            let found = try Self.copyBytes(of: copy, to: place)
            if let digest, digest != found {
                throw RestoreFault.otherDigest(
                    copy: copy, found: hexadecimal(found.bytes), wanted: hexadecimal(digest.bytes))
            }
            queue = try DatabaseFile.openAlone(place)
        } catch {
            Store.removeUnfinished(beside: path)
            throw Self.fault(of: error, copy: copy, place: place)
        }
    }

    deinit {
        try? queue.close()
        Store.removeUnfinished(beside: path)
    }

    /// Checks the schema, every page, bill and payment, and every link of the ledger.
    ///
    /// A damaged bill is not a reason to refuse the copy; its id is in the finding. Inquiries for
    /// such a bill are declined, and money for it waits for a person, in the restored database as
    /// in the original. If such bills were refused, one flipped bit would make every later backup
    /// useless. Any fault in schema, pages, ledger or payments is a reason, because their content
    /// is trusted.
    ///
    /// - Parameters:
    ///   - bins: the BINs of each configured Client-Id.
    ///   - read: interprets a delivery of the ledger.
    ///   - watch: receives the progress.
    /// - Throws: `RestoreFault.damaged` with all faults.
    package func check(
        bins: [String: BINTable], read: DeliveryReader,
        watch: InspectionStage.Watch = { _ in }
    ) throws -> Finding {
        do {
            if try queue.read(Migrations.migrator.hasBeenSuperseded) {
                throw StoreFault.newerVersion(
                    copy, by: try queue.read(SchemaWriter.newerVersion))
            }
            // Before the migrations, which would run on any schema.
            try refuse(queue.read(Schema.differences))
            watch(.pages)
            let pages = try queue.read(PageCheck.init)
            try refuse(pages.beyond)
            if !pages.ofBills.isEmpty { try queue.write { try $0.execute(sql: "REINDEX bill") } }
            try Migrations.migrator.migrate(queue)
            let (finding, problems) = try queue.read { database in
                let inspection = try Inspection(
                    database, bins: bins, read: read, watch: watch)
                try refuse(inspection.schema)
                // A damaged bill explains faults in the pages of bills. Without one, refuse them.
                if inspection.damagedBills.isEmpty { try refuse(pages.ofBills) }
                let problems =
                    inspection.structure.filter { !pages.ofBills.contains($0) }
                    + inspection.audit.problems
                return (
                    try Self.finding(inspection, in: database),
                    try problems + Self.reach(in: database)
                )
            }
            try refuse(problems)
            return finding
        } catch {
            throw Self.fault(of: error, copy: copy, place: place)
        }
    }

    /// Renames the checked copy to the database's name, and releases the lock.
    package func finish(_ finding: Finding, now: Moment) throws {
        let mark: DatabaseMark
        do {
            mark = try queue.write { database in
                try Restoration.begin(backedUpAt: finding.backedUpAt, now: now, in: database)
                return try DatabaseMark(of: database, salts: nil)
            }
            try queue.close()
        } catch {
            throw Self.fault(of: error, copy: copy, place: place)
        }
        try PlacedFile.sync(place)
        try Self.checkFree(path)
        Self.removeEmptyJournals(of: path)
        try PlacedFile.move(place, to: path)
        // If this fails, the old database's mark remains. It does not know the new epoch and does
        // no harm.
        try? mark.write(besideDatabase: path)
        lock.release()
    }

    // MARK: Checks

    private static func checkFree(_ path: String) throws {
        guard !PlacedFile.isTaken(path) else { throw RestoreFault.occupied(path) }
        for journal in [path + "-wal", path + "-journal"] where isFilled(journal) {
            throw RestoreFault.occupied(journal)
        }
    }

    /// Removes the empty journal and its index that a stopped service left. They contain nothing
    /// and belong to a database that no longer exists.
    private static func removeEmptyJournals(of path: String) {
        for suffix in ["-wal", "-journal", "-shm"] { unlink(path + suffix) }
    }

    private static func isFilled(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
            && (status.st_size > 0 || status.st_mode & S_IFMT != S_IFREG)
    }

    private static func checkCopy(_ copy: String) throws {
        try Store.checkFile(copy, writing: false)
        guard FileManager.default.fileExists(atPath: copy) else { throw RestoreFault.noCopy(copy) }
        for suffix in ["-wal", "-journal"] {
            guard isFilled(copy + suffix) else { continue }
            throw RestoreFault.notWhole(copy: copy, journal: copy + suffix)
        }
        guard DatabaseFile.hasOurID(copy) else { throw RestoreFault.notOurs(copy) }
    }

    /// - Returns: the digest of the written bytes.
    private static func copyBytes(of copy: String, to place: String) throws -> SHA256Digest {
        let source = open(copy, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StoreFault(system: errno, at: copy) }
        defer { close(source) }
        let target = try PlacedFile.create(place)
        defer { close(target) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var digest = RunningSHA256()
        while true {
            let count = Foundation.read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw RestoreFault.damaged(
                    copy: copy, ["the file cannot be read: \(String(cString: strerror(errno)))"])
            }
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digest.add(bytes)
            try PlacedFile.write(bytes, to: target, of: place)
        }
        try PlacedFile.sync(target, of: place)
        return digest.finish()
    }

    /// Damage found by SQLite was already in the copy; any other fault is of the file being
    /// written.
    private static func fault(of error: any Error, copy: String, place: String) -> any Error {
        switch StoreFault(error, at: place) {
        case nil: error
        case .damagedFile(_, let said): RestoreFault.damaged(copy: copy, [said])
        case .some(let fault): fault
        }
    }

    // MARK: The content

    private func refuse(_ problems: [String]) throws {
        guard !problems.isEmpty else { return }
        let shown = problems.prefix(Limits.restoreProblemsMax)
        let more = problems.count - shown.count
        throw RestoreFault.damaged(
            copy: copy, Array(shown) + (more > 0 ? ["and \(more) more problems"] : []))
    }

    private static func finding(_ inspection: Inspection, in database: Database) throws -> Finding {
        let backup = try database.row("SELECT taken_at, actor FROM backup ORDER BY id DESC LIMIT 1")
            .map { TableRow($0, of: "backup") }
        if let backup {
            return Finding(
                inspection: inspection, backedUpAt: try backup.value("taken_at"),
                takenBy: try backup.value("actor"))
        }
        return Finding(
            inspection: inspection, backedUpAt: try Restoration.newest(in: database), takenBy: nil)
    }

    /// Returns the recorded ledger heads that the ledger lacks or has with another hash.
    static func reach(in database: Database) throws -> [String] {
        let numbers = try database.integers(
            """
            SELECT ledger_number FROM backup
            WHERE ledger_number > 0 AND NOT EXISTS (
                SELECT 1 FROM delivery
                WHERE delivery.id = ledger_number AND delivery.hash = ledger_hash
            )
            ORDER BY id
            """)
        return numbers.map { "notification \($0) is missing from the ledger or was changed" }
    }
}
