// Compares a whole import with the existing bills: either all its rows are accepted or none. The
// comparison only reads the database; it writes to the import's staging file only.

import GRDB
import LoketCore
import LoketSystem

extension Store {
    /// Compares every row and returns the next state of the import: `running` if it is to be
    /// applied and the disk has room for all rows.
    ///
    /// - Parameters:
    ///   - unreadable: the number of rows that could not be read as bills.
    ///   - compared: receives the number of rows compared so far.
    /// - Throws: `DiskRoom.Shortage` and other errors; nothing is applied then.
    package func checkImport(
        _ record: ImportRecord, unreadable: Int64, now: Moment,
        compared: @Sendable (Int64) -> Void
    ) async throws -> ImportRecord.State {
        guard let stage = try ImportStage(opening: stagePath(record.id)) else {
            throw StoreFault.sqlite("the stored rows of import \(record.id) are missing")
        }
        // The maximum that sorting the rows may need.
        try await checkRoom(for: stage.byteCount)
        try stage.refuseRepeatedNumbers()
        try stage.refuseAlikeNumbers()
        let horizon = try await pool.read { try Self.newestBill(in: $0) }
        var lowering = ImportLowering()
        var line: Int64 = 0
        var seen: Int64 = 0
        while true {
            try Task.checkCancellation()
            let (from, behind) = (line, seen)
            let found = try await BulkExecutor.run { [self] in
                try pool.read { database in
                    try checkRoom(in: database)
                    return try Self.compare(stage, after: from, in: database, now: now)
                }
            }
            guard found.count > 0 else { break }
            try stage.set(found.outcomes, notes: found.notes)
            lowering.add(found.lowering)
            line = found.line
            seen = behind + found.count
            compared(seen)
        }
        try await checkRoom(for: stage.byteCount)
        try stage.refuseRepeatedCodes()
        try stage.sortNotes()
        try stage.groupCauses()
        var difference = try stage.difference()
        difference.refused += unreadable
        let warnings = lowering.warnings(changed: difference.changed)
        let isWarned = !warnings.isEmpty && !record.isDryRun && !record.acceptsWarnings
        let state: ImportRecord.State =
            difference.refused > 0 || isWarned ? .refused : record.isDryRun ? .checked : .running
        let noted = try stage.add([])
        if state == .running {
            let growth = record.growth(ofRows: difference.new + difference.changed)
            try await pool.read { database in
                let unused = try DatabaseSize(database).unused
                try checkRoom(for: max(0, growth - unused), in: database)
            }
        }
        if state == .running { try stage.keep() } else { try stage.dropRows() }
        try await importChecked(
            record.id,
            ImportResult(
                state: state, difference: difference, lowering: lowering, horizon: horizon,
                noted: noted,
                failure: isWarned && difference.refused == 0 ? ImportLowering.refusal : nil),
            now: now)
        return state
    }

    /// Compares the next rows of a staging file with the bills.
    private static func compare(
        _ stage: ImportStage, after line: Int64, in database: Database, now: Moment
    ) throws -> ComparedRows {
        let check = try ImportCheck(on: database, now: now)
        return try stage.walk(after: line, outcomes: [.new]) { rows in
            var compared = ComparedRows()
            while try rows.next() {
                compared.count += 1
                compared.line = rows.line
                if try check.isPlainlyNew(rows) { continue }
                let row = try rows.row()
                compared.add(row, try check.verdict(on: row), now: now)
            }
            return compared
        }
    }
}

/// The result of comparing a whole import.
struct ImportResult: Sendable {
    /// `running` if the rows are to be applied; any other state ends the import.
    let state: ImportRecord.State
    let difference: ImportRecord.Difference
    let lowering: ImportLowering
    /// The id of the newest bill when the comparison began.
    let horizon: Int64
    /// The id of the last note of the comparison.
    let noted: Int64
    let failure: String?
}

/// The outcomes of consecutive rows.
private struct ComparedRows {
    var count: Int64 = 0
    /// The line of the last row.
    var line: Int64 = 0
    private(set) var outcomes: [(line: Int64, outcome: StagedRow.Outcome)] = []
    private(set) var notes: [ImportNote] = []
    private(set) var lowering = ImportLowering()

    mutating func add(_ row: StagedRow, _ verdict: ImportCheck.Verdict, now: Moment) {
        switch verdict {
        case .new: return
        case .unchanged(let bill):
            outcomes.append((row.line, .unchanged))
            lowering.add(bill, nil, now: now)
        case .changed(let bill, let edit, let what):
            add(row, .changed, note: .changed, what)
            lowering.add(bill, edit, now: now)
        case .skipped(let reason): add(row, .skipped, note: .skipped, reason)
        case .refused(let column, let value, let reason):
            add(row, .refused, note: .refused, column: column, value: value, reason)
        }
    }

    private mutating func add(
        _ row: StagedRow, _ outcome: StagedRow.Outcome, note: ImportNote.Outcome,
        column: String? = nil, value: String? = nil, _ reason: String
    ) {
        outcomes.append((row.line, outcome))
        notes.append(
            ImportNote(
                line: row.line, column: column, value: value, outcome: note,
                invoiceNumber: row.draft.invoiceNumber.text, reason: reason))
    }
}
