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
    package let undone: (cancelled: Int64, restored: Int64, kept: Int64)
    /// Line of the last row that was dealt with.
    let appliedRow: Int64
    let undoneBy: String?
    let undoneBill: Int64
    let undoneChange: Int64?
    let noted: Int64

    init(_ row: Row) throws {
        guard let format = Format(rawValue: row["format"]),
            let state = State(rawValue: row["state"])
        else { throw StoreFault.sqlite("import \(row["id"] as Int64) is damaged") }
        id = row["id"]
        accountID = row["account_id"]
        actor = row["actor"]
        startedAt = Moment(milliseconds: row["started_at"])
        finishedAt = (row["finished_at"] as Int64?).map { Moment(milliseconds: $0) }
        self.format = format
        amountFormat = row["amount_format"]
        isDryRun = row["dry_run"]
        self.state = state
        phase = (row["phase"] as String?).flatMap { Phase(rawValue: $0) }
        failure = row["failure"]
        bytes = row["bytes"]
        rows = row["rows"]
        checked = row["checked"]
        difference = Difference(
            new: row["new"], changed: row["changed"], unchanged: row["unchanged"],
            skipped: row["skipped"], refused: row["refused"])
        created = row["applied_new"]
        changed = row["applied_changed"]
        overtaken = row["overtaken"]
        undone = (row["undone_cancelled"], row["undone_restored"], row["undone_kept"])
        appliedRow = row["applied_row"]
        undoneBy = row["undone_by"]
        undoneBill = row["undone_bill"]
        undoneChange = row["undone_change"]
        noted = row["noted"]
    }
}
