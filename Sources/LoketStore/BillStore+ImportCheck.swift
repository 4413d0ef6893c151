// The comparison of a whole import with the bills that are there: all of it or none of it is taken.
// It reads the database, and writes to the import's own file only.

import GRDB
import LoketCore

extension BillStore {
    /// Compares every row and says in which state the import is then: `running` where it is to be
    /// applied.
    ///
    /// - Parameters:
    ///   - unreadable: rows that could not even be read as bills.
    ///   - compared: told how many rows it has been through.
    package func checkImport(
        _ record: ImportRecord, unreadable: Int64, now: Moment,
        compared: @Sendable (Int64) -> Void
    ) async throws -> ImportRecord.State {
        guard let stage = try ImportStage(opening: stagePath(record.id)) else {
            throw StoreFault.sqlite("the rows of import \(record.id) are gone")
        }
        try stage.refuseRepeatedNumbers()
        try stage.refuseAlikeNumbers()
        let given = try stage.given()
        var line: Int64 = 0
        var seen: Int64 = 0
        while true {
            try Task.checkCancellation()
            let rows = try stage.rows(after: line, outcomes: [.new])
            guard let last = rows.last else { break }
            let found = try await pool.read { database in
                try Self.compare(rows, given: given, in: database, now: now)
            }
            try stage.set(found.outcomes, notes: found.notes)
            line = last.line
            seen += Int64(rows.count)
            compared(seen)
        }
        try stage.refuseRepeatedCodes()
        try stage.sortNotes()
        var difference = try stage.difference()
        difference.refused += unreadable
        let state: ImportRecord.State =
            difference.refused > 0 ? .refused : record.isDryRun ? .checked : .running
        let noted = try stage.tell([])
        if state == .running { try stage.keep() } else { try stage.dropRows() }
        try await importChecked(record.id, difference, noted: noted, state: state, now: now)
        return state
    }

    private typealias Found = (
        outcomes: [(line: Int64, outcome: StagedRow.Outcome)], notes: [ImportNote]
    )

    private static func compare(
        _ rows: [StagedRow], given: OptionalColumns, in database: Database, now: Moment
    ) throws -> Found {
        let check = try ImportCheck(on: database, given: given, now: now)
        var found: Found = ([], [])
        for row in rows {
            let number = row.draft.invoiceNumber.text
            func note(_ outcome: ImportNote.Outcome, _ reason: String) -> ImportNote {
                ImportNote(line: row.line, outcome: outcome, invoiceNumber: number, reason: reason)
            }
            switch try check.verdict(on: row) {
            case .new: continue
            case .unchanged: found.outcomes.append((row.line, .unchanged))
            case .changed(_, _, let what):
                found.outcomes.append((row.line, .changed))
                found.notes.append(note(.changed, what))
            case .skipped(let reason):
                found.outcomes.append((row.line, .skipped))
                found.notes.append(note(.skipped, reason))
            case .refused(let column, let value, let reason):
                found.outcomes.append((row.line, .refused))
                found.notes.append(
                    ImportNote(
                        line: row.line, column: column, value: value, outcome: .refused,
                        invoiceNumber: number, reason: reason))
            }
        }
        return found
    }
}
