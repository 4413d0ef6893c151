// Applies a compared import in small batches that wait for all other writes. Each batch is a
// separate commit that also stores the progress, so that the import continues from there after a
// crash.

import GRDB
import LoketCore

extension Store {
    /// Applies the next batch, if the reserve of disk space stays free.
    ///
    /// - Returns: the import after the batch; its state is `applied` after the last batch.
    package func applyBatch(of id: Int64, now: Moment) async throws -> ImportRecord {
        guard let stage = try ImportStage(opening: stagePath(id)) else {
            throw StoreFault.sqlite("the stored rows of import \(id) are missing")
        }
        return try await applyBatch(of: id, from: stage, now: now)
    }

    func applyBatch(
        of id: Int64, from stage: ImportStage, now: Moment
    ) async throws -> ImportRecord {
        guard let record = try await `import`(id: id) else {
            throw StoreFault.sqlite("there is no import \(id)")
        }
        try await checkRoom(for: record.growth(ofRows: Int64(Limits.importBatchRows)))
        let after = try await commits.writeBehind { [commits] database in
            // The import may be cancelled by now.
            if let now = try Self.importRecord(id, in: database), now.state != .running {
                return now
            }
            // Notes of an uncommitted batch are deleted, because the batch writes them again. This
            // closure can run twice.
            try stage.forgetNotes(after: record.noted)
            var batch = try ImportBatch(of: record, now: now, in: database)
            try stage.walk(after: record.appliedRow, outcomes: [.new, .changed]) {
                try batch.apply($0, unless: { commits.isAwaited })
            }
            let noted = batch.notes.isEmpty ? record.noted : try stage.add(batch.notes)
            try batch.finish(noted: noted)
            guard let after = try Self.importRecord(id, in: database) else {
                throw StoreFault.damagedRow(table: "import", row: record.id)
            }
            return after
        }
        if after.state != .running { wordSignal.ring() }
        return after
    }

    /// Deletes the rows of an import that has ended, or the notes that a crash left of an
    /// uncommitted batch.
    package func tidyImport(_ record: ImportRecord) throws {
        guard let stage = try ImportStage(opening: stagePath(record.id)) else { return }
        if record.state == .running {
            try stage.forgetNotes(after: record.noted)
        } else {
            do {
                guard try stage.dropRows() else { return }
            } catch  where record.created + record.changed == 0 {
                // If the import changed no bill, its notes are not worth the disk space that the
                // rows occupy.
                stage.closeAndRemove()
            }
            // Pages that are still only in the log would need room later.
            pool.checkpointAtOnce()
        }
    }
}

/// One batch, within its transaction.
struct ImportBatch {
    static let time = Duration.milliseconds(Limits.importBatchMilliseconds)

    private(set) var notes: [ImportNote] = []
    private let record: ImportRecord
    private let now: Moment
    private let database: Database
    private let check: ImportCheck
    private let insert: BillInserter
    private let earlier: EarlierPayments
    /// True if no other bill was created since the comparison. Then every row that the unique
    /// indexes accept is new, and no similar invoice number can have been added.
    private let isUndisturbed: Bool
    private var line: Int64
    /// True if no row is left.
    private var isLast = true
    private var made: ClosedRange<Int64>?
    private var changed: Int64 = 0
    private var overtaken: Int64 = 0
    private var held: Int64 = 0

    init(of record: ImportRecord, now: Moment, in database: Database) throws {
        self.record = record
        self.now = now
        self.database = database
        check = try ImportCheck(on: database, now: now)
        insert = try BillInserter(
            on: database, by: record.actor, importID: record.id, now: now)
        earlier = try EarlierPayments(in: database, now: now)
        isUndisturbed = try record.horizon == Store.newestBill(in: database)
        line = record.appliedRow
    }

    /// Applies rows until the last row, the time limit, or a caller that waits for the writer.
    mutating func apply(_ rows: StagedRowCursor, unless isAwaited: () -> Bool) throws {
        let began = ContinuousClock.now
        var isOver = false
        var count = 0
        while !isOver, try rows.next() {
            line = rows.line
            try applyOne(rows)
            count += 1
            if count % Limits.importRowsAtLeast == 0 {
                isOver = isAwaited() || ContinuousClock.now - began > Self.time
            }
        }
        isLast = count == 0
    }

    private mutating func applyOne(_ rows: StagedRowCursor) throws {
        if isUndisturbed, rows.isNew, let id = try insert.insert(rows) {
            made = (made?.lowerBound ?? id)...id
            if !earlier.isEmpty { try hold(id, as: try rows.row()) }
            return
        }
        let row = try rows.row()
        switch try check.verdict(on: row) {
        case .new: try make(row, from: rows)
        case .changed(let bill, let edit, let what):
            try change(bill, edit, what)
            if bill.bill.state != .open { try hold(bill.bill.id, as: row) }
        case .unchanged: break
        case .skipped(let reason), .refused(_, _, let reason):
            overtaken += 1
            notes.append(
                ImportNote(
                    line: row.line, outcome: .overtaken,
                    invoiceNumber: row.draft.invoiceNumber.text, reason: reason))
        }
    }

    private mutating func make(_ row: StagedRow, from rows: StagedRowCursor) throws {
        var id = try insert.insert(rows)
        if id == nil {
            // The holder of the code has expired; otherwise the comparison would have reported it.
            try Store.freeExpired(
                row.draft.paymentCode, accountID: row.accountID, now: now, in: database)
            id = try insert.insert(rows)
        }
        guard let id else {
            throw StoreFault.sqlite("the row of line \(row.line) could not be inserted")
        }
        made = (made?.lowerBound ?? id)...id
        try hold(id, as: row)
    }

    /// Holds a bill for payments that arrived before the bill was created or reopened.
    private mutating func hold(_ id: Int64, as row: StagedRow) throws {
        let payments = try earlier.ids(accountID: row.accountID, for: row.draft)
        guard !payments.isEmpty, let bill = try Store.record(id: id, in: database) else {
            return
        }
        try Store.hold(bill, for: payments, now: now, in: database)
        if !bill.bill.reusable { held += 1 }
        let list = payments.map(String.init).joined(separator: ", ")
        notes.append(
            ImportNote(
                line: row.line, outcome: bill.bill.reusable ? .flagged : .held,
                invoiceNumber: row.draft.invoiceNumber.text,
                reason: "unmatched money arrived before the bill: resolve payment \(list)"))
    }

    private mutating func change(_ bill: BillRecord, _ edit: BillEdit, _ what: String) throws {
        var current = bill
        let detail = "import \(record.id): " + what
        if bill.bill.state != .open {
            try Store.freeExpired(
                bill.bill.paymentCode, accountID: bill.accountID, now: now, in: database)
            current = try Store.setState(
                .open, of: bill, actor: record.actor, addsEvent: false, now: now, in: database)
        }
        try Store.rewrite(
            current, by: edit, detail: detail, actor: record.actor, now: now, in: database)
        try ImportChange.keep(
            bill, of: record.id, changeID: database.lastInsertedRowID, in: database)
        changed += 1
    }

    func finish(noted: Int64) throws {
        if let made {
            try database.run(
                """
                INSERT INTO import_batch (import_id, first_bill_id, last_bill_id)
                VALUES (?1, ?2, ?3)
                """, [record.id, made.lowerBound, made.upperBound])
        }
        let count = made.map { $0.upperBound - $0.lowerBound + 1 } ?? 0
        let horizon = isUndisturbed ? try Store.newestBill(in: database) : nil
        try database.run(
            """
            UPDATE import SET applied_row = ?1, applied_new = applied_new + ?2,
                applied_changed = applied_changed + ?3, overtaken = overtaken + ?4,
                held = held + ?5, noted = ?6, horizon = ?7
            WHERE id = ?8
            """, [line, count, changed, overtaken, held, noted, horizon, record.id])
        guard isLast else { return }
        try database.run(
            """
            UPDATE import SET state = 'applied', phase = NULL, finished_at = ?1 WHERE id = ?2
            """, [now.milliseconds, record.id])
        // The last batch has no rows, so `record` has the final counts. An import without changes
        // adds no event.
        guard record.created + record.changed > 0 else { return }
        try Event.add(
            .importApplied, ofImport: record.id, accountID: record.accountID,
            made: record.created, changed: record.changed, at: now, in: database)
    }
}
