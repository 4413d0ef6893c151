// What a bill was before an import changed it, kept so that the import can be undone.

import GRDB
import LoketCore

struct ImportChange {
    let id: Int64
    let billID: Int64
    /// The line in the bill's history that tells of the change.
    let changeID: Int64
    let state: Bill.State
    /// What the bill was, as an edit that makes it so again.
    let edit: BillEdit

    init?(_ row: Row) {
        guard let state = Bill.State(rawValue: row["state"]) else { return nil }
        self.state = state
        id = row["id"]
        billID = row["bill_id"]
        changeID = row["change_id"]
        var edit = BillEdit()
        edit.amount = Rupiah(whole: row["amount"])
        edit.expiresAt = .some((row["expires_at"] as Int64?).map { Moment(milliseconds: $0) })
        edit.customerName = row["customer_name"]
        edit.customerEmail = .some(row["customer_email"])
        edit.info = .some(row["info"])
        edit.metadata = .some(row["metadata"])
        self.edit = edit
    }

    static func keep(
        _ before: BillRecord, of importID: Int64, changeID: Int64, in database: Database
    ) throws {
        let bill = before.bill
        try database.cachedStatement(
            sql: """
                INSERT INTO import_change (
                    import_id, bill_id, change_id, state, amount, expires_at, customer_name,
                    customer_email, info, metadata
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            importID, bill.id, changeID, bill.state.rawValue, bill.amount.whole,
            bill.expiresAt?.milliseconds, bill.customerName, bill.customerEmail, bill.info,
            before.metadata,
        ])
    }
}
