// An import as it is remembered: who sent which file, what the comparison came to, what was done.

import GRDB
import LoketCore

package struct ImportRecord: Sendable {
    package enum Format: String, CaseIterable, Sendable { case csv, ndjson }

    package enum State: String, CaseIterable, Sendable {
        case running
        /// A dry run that found nothing wrong.
        case checked
        case applied
        /// A row is wrong, so none was taken.
        case refused
        case failed
        case undone
    }

    package enum Phase: String, CaseIterable, Sendable {
        case receiving, checking, applying, undoing
    }

    /// What the rows would do to the bills that are there.
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
    /// Bills that it made, or opened again, for which money had come before.
    package let held: Int64
    package let undone: (cancelled: Int64, restored: Int64, kept: Int64)
    /// Line of the last row that was dealt with.
    let appliedRow: Int64
    /// The newest bill, as long as no bill was made elsewhere since the comparison.
    let horizon: Int64?
    let undoneBy: String?
    let undoneBill: Int64
    let undoneChange: Int64?
    let noted: Int64

    /// Bytes by which the database grows for a number of its rows, or for all.
    func growth(ofRows count: Int64) -> Int64 {
        bytes / max(1, rows) * min(count, rows) * Limits.importGrowth
    }

    /// - Throws: `StoreFault.damagedRow`.
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
