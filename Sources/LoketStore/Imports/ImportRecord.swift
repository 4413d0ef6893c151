// The stored record of an import: who sent which file, the result of the comparison, and what was
// applied.

import GRDB
import LoketCore

package struct ImportRecord: Sendable {
    package enum Format: String, CaseIterable, Sendable { case csv, ndjson }

    package enum State: String, CaseIterable, Sendable {
        case running
        /// A dry run that found no fault.
        case checked
        case applied
        /// A row has a fault, so no row was applied.
        case refused
        case failed
        case undone
    }

    package enum Phase: String, CaseIterable, Sendable {
        case receiving, checking, applying, undoing
    }

    /// The counts of rows by their effect on the existing bills.
    package struct Difference: Sendable, Equatable {
        package var new: Int64 = 0
        package var changed: Int64 = 0
        package var unchanged: Int64 = 0
        package var skipped: Int64 = 0
        package var refused: Int64 = 0
    }

    package let id: Int64
    package let accountID: Int64?
    package let actor: String
    package let startedAt: Moment
    package let finishedAt: Moment?
    package let format: Format
    package let amountFormat: String
    package let isDryRun: Bool
    /// The options with which the file was read, as JSON; nil for an import before loket kept them.
    package let options: String?
    package let fileName: String?
    package let note: String?
    package let acceptsWarnings: Bool
    package let lowering: ImportLowering
    package let state: State
    package let phase: Phase?
    package let failure: String?
    package let bytes: Int64
    package let rows: Int64
    package let checked: Int64
    package let difference: Difference
    package let created: Int64
    package let changed: Int64
    package let overtaken: Int64
    /// The number of bills that were created or reopened after money for them had arrived.
    package let held: Int64
    package let undone: (cancelled: Int64, restored: Int64, kept: Int64)
    /// The line of the last applied row.
    let appliedRow: Int64
    /// The id of the newest bill when the rows were last compared with the bills. Nil if another
    /// writer has created a bill since, so that the rows must be compared again.
    let horizon: Int64?
    let undoneBy: String?
    let undoneBill: Int64
    let undoneChange: Int64?
    let noted: Int64

    /// Returns by how many bytes the database grows for a number of rows, at most all.
    func growth(ofRows count: Int64) -> Int64 {
        bytes / max(1, rows) * min(count, rows) * Limits.importGrowth
    }

    /// - Throws: `StoreFault.damagedRow` if unreadable.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "import")
        id = try row.value("id")
        accountID = try row.value("account_id")
        actor = try row.value("actor")
        startedAt = try row.value("started_at")
        finishedAt = try row.value("finished_at")
        format = try row.word("format")
        amountFormat = try row.value("amount_format")
        isDryRun = try row.value("dry_run")
        options = try row.value("options")
        fileName = try row.value("file_name")
        note = try row.value("note")
        acceptsWarnings = try row.value("accepts_warnings")
        lowering = ImportLowering(
            count: try row.value("lowered"), by: try row.value("lowered_by"),
            owedBefore: try row.value("owed_before"), owedAfter: try row.value("owed_after"))
        state = try row.word("state")
        phase = try row.wordIfAny("phase")
        failure = try row.value("failure")
        bytes = try row.value("bytes")
        rows = try row.value("rows")
        checked = try row.value("checked")
        difference = Difference(
            new: try row.value("new"), changed: try row.value("changed"),
            unchanged: try row.value("unchanged"), skipped: try row.value("skipped"),
            refused: try row.value("refused"))
        created = try row.value("applied_new")
        changed = try row.value("applied_changed")
        overtaken = try row.value("overtaken")
        held = try row.value("held")
        undone = (
            try row.value("undone_cancelled"), try row.value("undone_restored"),
            try row.value("undone_kept")
        )
        appliedRow = try row.value("applied_row")
        horizon = try row.value("horizon")
        undoneBy = try row.value("undone_by")
        undoneBill = try row.value("undone_bill")
        undoneChange = try row.value("undone_change")
        noted = try row.value("noted")
    }
}
