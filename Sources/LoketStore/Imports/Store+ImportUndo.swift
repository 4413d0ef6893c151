// An applied import is undone: bills that it made are cancelled, bills that it changed are as they
// were, save what was paid or edited since. In batches that give way, like the applying.

import GRDB
import LoketCore

package enum UndoOutcome: Sendable {
    case begun(ImportRecord)
    /// It was undone before.
    case already(ImportRecord)
    case running(ImportRecord)
    /// It made and changed nothing.
    case nothing(ImportRecord)
    case unknown
}

extension Store {
    /// Begins the undoing; the batches follow.
    ///
    /// - Parameter accountID: the only account that the asking key is for; nil: every one.
    /// - Throws: `DiskRoom.Shortage`.
    package func beginUndo(
        of id: Int64, accountID: Int64?, actor: String
    ) async throws -> UndoOutcome {
        try await commits.write { [self] database in
            guard let record = try Self.importRecord(id, in: database),
                accountID == nil || record.accountID == accountID
            else { return .unknown }
            if record.state == .undone { return .already(record) }
            if record.state == .running { return .running(record) }
            guard record.created + record.changed > 0 else { return .nothing(record) }
            try checkRoom(for: Self.undoGrowth, in: database)
            try database.run(
                """
                UPDATE import SET state = 'running', phase = 'undoing', undone_by = ?1,
                    finished_at = NULL, failure = NULL
                WHERE id = ?2
                """, [actor, id])
            guard let begun = try Self.importRecord(id, in: database) else { return .unknown }
            return .begun(begun)
        }
    }

    private static let undoGrowth = Int64(Limits.importBatchRows) * Limits.undoRowBytes

    /// Undoes the next batch, if it leaves the reserve of the disk.
    ///
    /// - Returns: the import as it is then; `undone` after the last batch.
    package func undoBatch(of id: Int64, now: Moment) async throws -> ImportRecord {
        try await checkRoom(for: Self.undoGrowth)
        let path = stagePath(id)
        let stage = try ImportStage(opening: path) ?? ImportStage(creating: path)
        guard let record = try await `import`(id: id) else {
            throw StoreFault.sqlite("there is no import \(id)")
        }
        return try await commits.writeBehind { [commits] database in
            // Notes of what was not committed are written again, also when this runs twice.
            try stage.forgetNotes(after: record.noted)
            var batch = UndoBatch(of: record, now: now, in: database)
            let isLast = try batch.run(unless: { commits.isAwaited })
            let noted = batch.notes.isEmpty ? record.noted : try stage.add(batch.notes)
            try batch.finish(noted: noted, isLast: isLast)
            guard let after = try Self.importRecord(id, in: database) else {
                throw StoreFault.damagedRow(table: "import", row: record.id)
            }
            return after
        }
    }
}

/// One batch, inside its transaction.
struct UndoBatch {
    private(set) var notes: [ImportNote] = []
    private let record: ImportRecord
    private let now: Moment
    private let database: Database
    private let actor: String
    private let began = ContinuousClock.now
    private var bill: Int64
    private var change: Int64?
    private var cancelled: Int64 = 0
    private var restored: Int64 = 0
    private var kept: Int64 = 0

    init(of record: ImportRecord, now: Moment, in database: Database) {
        self.record = record
        self.now = now
        self.database = database
        actor = record.undoneBy ?? record.actor
        bill = record.undoneBill
        change = record.undoneChange
    }

    /// - Parameter isAwaited: a caller waits for the writer.
    /// - Returns: whether there is nothing left.
    mutating func run(unless isAwaited: () -> Bool) throws -> Bool {
        // What was changed first, the latest change first: an undone change may cancel again what
        // this import had opened.
        while let next = try nextChange() {
            try restore(next)
            change = next.id
            if isOver(isAwaited) { return false }
        }
        while let id = try nextBill() {
            try cancel(id)
            bill = id
            if isOver(isAwaited) { return false }
        }
        return true
    }

    private func isOver(_ isAwaited: () -> Bool) -> Bool {
        let count = Int(cancelled + restored + kept)
        guard count > 0, count % Limits.importRowsAtLeast == 0 else { return false }
        return count >= Limits.importBatchRows || isAwaited()
            || ContinuousClock.now - began > ImportBatch.time
    }

    // MARK: Bills that it changed

    private mutating func nextChange() throws -> ImportChange? {
        var faults: [StoreFault] = []
        let next = try Row.fetchCursor(
            database,
            sql: "SELECT * FROM import_change WHERE import_id = ? AND id < ? ORDER BY id DESC",
            arguments: [record.id, change ?? .max]
        ).readable(1, damaged: { faults.append($0) }) { try ImportChange($0) }.first
        for case .damagedRow(let table, let row?) in faults {
            change = row
            kept += 1
            let fault = StoreFault.damagedRow(table: table, row: row)
            notes.append(ImportNote(line: nil, outcome: .kept, reason: "\(fault)"))
        }
        return next
    }

    private mutating func restore(_ change: ImportChange) throws {
        guard let bill = try readable(change.billID) else { return }
        if let reason = try reasonToKeep(bill, lastChange: change.changeID) {
            return keep(bill, reason)
        }
        let edit = change.edit
        let what = edit.changes(from: bill).joined(separator: ", ")
        var current = bill
        if !what.isEmpty {
            current = try Store.rewrite(
                bill, by: edit, detail: "import \(record.id) undone: " + what, actor: actor,
                now: now, in: database)
        }
        if change.state == .cancelled {
            try Store.setState(
                .cancelled, of: current, reason: importUndone, actor: actor, addsEvent: false,
                now: now, in: database)
        }
        restored += 1
    }

    // MARK: Bills that it made

    private func nextBill() throws -> Int64? {
        try database.integer(
            """
            SELECT CASE WHEN first_bill_id > ?2 THEN first_bill_id ELSE ?2 END
            FROM import_batch
            WHERE import_id = ?1 AND last_bill_id >= ?2 ORDER BY id LIMIT 1
            """, [record.id, bill + 1])
    }

    private mutating func cancel(_ id: Int64) throws {
        guard let bill = try readable(id) else { return }
        if let reason = try reasonToKeep(bill, lastChange: nil) { return keep(bill, reason) }
        try Store.setState(
            .cancelled, of: bill, reason: importUndone, actor: actor, addsEvent: false, now: now,
            in: database)
        cancelled += 1
    }

    // MARK: What stays as it is

    private mutating func readable(_ id: Int64) throws -> BillRecord? {
        do {
            return try Store.record(id: id, in: database)
        } catch StoreFault.damagedBill {
            kept += 1
            notes.append(
                ImportNote(
                    line: nil, outcome: .kept,
                    reason: "\(StoreFault.damagedBill(id: id))"))
            return nil
        }
    }

    /// - Parameter lastChange: the bill's last change but for later ones; nil: it had none.
    private func reasonToKeep(_ record: BillRecord, lastChange: Int64?) throws -> String? {
        guard record.bill.state == .open else { return "is \(record.bill.state.rawValue)" }
        let last = try database.integer(
            """
            SELECT max(id) FROM bill_change WHERE bill_id = ?1 AND change <> 'flagged'
            """, [record.bill.id])
        guard last == lastChange else { return "was edited since" }
        let paid = try Store.settled(on: record.bill.id, in: database)
        return paid.count > 0 ? "was paid \(paid.count) times" : nil
    }

    private mutating func keep(_ bill: BillRecord, _ reason: String) {
        kept += 1
        notes.append(
            ImportNote(
                line: nil, outcome: .kept, invoiceNumber: bill.bill.invoiceNumber.text,
                reason: reason))
    }

    func finish(noted: Int64, isLast: Bool) throws {
        try database.run(
            """
            UPDATE import SET undone_bill = ?1, undone_change = ?2,
                undone_cancelled = undone_cancelled + ?3,
                undone_restored = undone_restored + ?4, undone_kept = undone_kept + ?5, noted = ?6
            WHERE id = ?7
            """, [bill, change, cancelled, restored, kept, noted, record.id])
        guard isLast else { return }
        try database.run(
            "UPDATE import SET state = 'undone', phase = NULL, finished_at = ?1 WHERE id = ?2",
            [now.milliseconds, record.id])
        try Event.add(
            .importUndone, ofImport: record.id, accountID: record.accountID,
            made: record.undone.cancelled + cancelled,
            changed: record.undone.restored + restored, at: now, in: database)
    }
}
