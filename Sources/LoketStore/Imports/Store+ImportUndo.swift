// Undoes an applied import: bills that it created are cancelled and bills that it changed are
// restored, except bills paid or edited since. Undoing runs in batches that wait for other writes,
// like applying.

import GRDB
import LoketCore

package enum UndoOutcome: Sendable {
    case begun(ImportRecord)
    /// The import was already undone.
    case already(ImportRecord)
    case running(ImportRecord)
    /// The import created and changed no bill.
    case nothing(ImportRecord)
    case unknown
}

extension Store {
    /// Begins to undo an import; `undoBatch` does the work.
    ///
    /// - Parameter accountID: the only account that the caller's key allows; nil allows all.
    /// - Throws: `DiskRoom.Shortage` if the disk has too little room.
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

    /// Undoes the next batch, if the reserve of disk space stays free.
    ///
    /// - Returns: the import after the batch; its state is `undone` after the last batch.
    package func undoBatch(of id: Int64, now: Moment) async throws -> ImportRecord {
        try await checkRoom(for: Self.undoGrowth)
        let path = stagePath(id)
        let stage = try ImportStage(opening: path) ?? ImportStage(creating: path)
        guard let record = try await `import`(id: id) else {
            throw StoreFault.sqlite("there is no import \(id)")
        }
        let after = try await commits.writeBehind { [commits] database in
            // Notes of an uncommitted batch are deleted, because the batch writes them again. This
            // closure can run twice.
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
        if after.state != .running { wordSignal.ring() }
        return after
    }
}

/// One batch, within its transaction.
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

    /// - Parameter isAwaited: returns whether a caller waits for the writer.
    /// - Returns: true if nothing is left to undo.
    mutating func run(unless isAwaited: () -> Bool) throws -> Bool {
        // Changes are undone before creations, the latest change first: undoing a change may cancel
        // a bill that this import had reopened.
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

    // MARK: Changed bills

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

    // MARK: Created bills

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

    // MARK: Bills that are not undone

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

    /// - Parameter lastChange: the id of the import's entry in the history; nil if it created the
    ///   bill.
    private func reasonToKeep(_ record: BillRecord, lastChange: Int64?) throws -> String? {
        guard record.bill.state == .open else { return "is \(record.bill.state.rawValue)" }
        let last = try database.integer(
            """
            SELECT max(id) FROM bill_change WHERE bill_id = ?1 AND change <> 'flagged'
            """, [record.bill.id])
        guard last == lastChange else { return "was edited after the import" }
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
