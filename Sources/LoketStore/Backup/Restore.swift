// Putting a copy back: it is checked and made ready under a name beside its place, and only what
// is complete, on disk and paused gets the database's name. Whatever stops it leaves nothing there.

import Foundation
import GRDB
import LoketCore
import LoketSystem

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
    /// - Parameter digest: what the SHA-256 of the bytes that are restored must be.
    /// - Throws: `RestoreFault`, `StoreFault` or `PlacedFile.Fault`; nothing but a lock file is
    ///   left then.
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

    /// Looks at the schema, at every page, bill and payment, and at every link of the ledger.
    ///
    /// A bill whose row is damaged is no reason to refuse, but is in the finding by its id. It is
    /// declined where it is asked for, and money for it waits for a person, in the restored
    /// database as in the one that was copied; and were it refused, one flipped bit would make
    /// every backup useless that is taken after it. Of schema, pages, ledger and payments nothing
    /// wrong is let through: what they say is believed.
    ///
    /// - Parameters:
    ///   - bins: the BINs of each configured Client-Id.
    ///   - read: what a delivery of the ledger says.
    ///   - watch: receives how far it is.
    /// - Throws: `RestoreFault.damaged` with everything that is wrong.
    package func check(
        bins: [String: BINTable], read: DeliveryReader,
        watch: InspectionStage.Watch = { _ in }
    ) throws -> Finding {
        do {
            if try queue.read(Migrations.migrator.hasBeenSuperseded) {
                throw StoreFault.newerVersion(
                    copy, by: try queue.read(SchemaWriter.newerVersion))
            }
            // Before the migrations, which would run on whatever is there.
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
                // No bill is damaged that would explain it.
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

    /// Gives the copy that was checked the database's name, and releases the lock.
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
        // The mark of the database that was here knows no newer epoch: it does no harm.
        try? mark.write(besideDatabase: path)
        lock.release()
    }

    // MARK: Before

    private static func checkFree(_ path: String) throws {
        guard !PlacedFile.isTaken(path) else { throw RestoreFault.occupied(path) }
        for journal in [path + "-wal", path + "-journal"] where isFilled(journal) {
            throw RestoreFault.occupied(journal)
        }
    }

    /// A service that stopped leaves an empty journal and its index: nothing is in them,
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
        try Store.checkFile(copy, writing: false)
        guard FileManager.default.fileExists(atPath: copy) else { throw RestoreFault.noCopy(copy) }
        for suffix in ["-wal", "-journal"] {
            guard isFilled(copy + suffix) else { continue }
            throw RestoreFault.notWhole(copy: copy, journal: copy + suffix)
        }
        guard DatabaseFile.hasOurID(copy) else { throw RestoreFault.notOurs(copy) }
    }

    /// - Returns: the digest of what was written.
    private static func copyBytes(of copy: String, to place: String) throws -> SHA256Digest {
        let source = open(copy, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StoreFault(system: errno, at: copy) }
        defer { close(source) }
        let target = try PlacedFile.create(place)
        defer { close(target) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let digest = RunningSHA256()
        while true {
            let count = Foundation.read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw RestoreFault.damaged(
                    copy: copy, ["it cannot be read: \(String(cString: strerror(errno)))"])
            }
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digest.add(bytes)
            try PlacedFile.write(bytes, to: target, of: place)
        }
        try PlacedFile.sync(target, of: place)
        return digest.finish()
    }

    /// What SQLite finds damaged was so in the copy; all else is in the way of its copy.
    private static func fault(of error: any Error, copy: String, place: String) -> any Error {
        switch StoreFault(error, at: place) {
        case nil: error
        case .damagedFile(_, let said): RestoreFault.damaged(copy: copy, [said])
        case .some(let fault): fault
        }
    }

    // MARK: What is in it

    private func refuse(_ problems: [String]) throws {
        guard !problems.isEmpty else { return }
        let shown = problems.prefix(Limits.restoreProblemsMax)
        let more = problems.count - shown.count
        throw RestoreFault.damaged(
            copy: copy, Array(shown) + (more > 0 ? ["and \(more) more"] : []))
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

    /// A copy says how far its ledger went: it must not end before.
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
        return numbers.map { "the ledger lacks notification \($0), or has another" }
    }
}
