// A bill's content before an import changed it, stored so that the import can be undone.

import GRDB
import LoketCore

struct ImportChange {
    let id: Int64
    let billID: Int64
    /// The entry in the bill's history that reports the change.
    let changeID: Int64
    let state: Bill.State
    /// The edit that restores the bill's former content.
    let edit: BillEdit

    /// - Throws: `StoreFault.damagedRow` if unreadable.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "import_change")
        state = try row.word("state")
        id = try row.value("id")
        billID = try row.value("bill_id")
        changeID = try row.value("change_id")
        var edit = BillEdit()
        let stored: String? = try row.value("amounts")
        edit.amounts = Rupiah(whole: try row.value("amount")).flatMap {
            DatedAmounts(last: $0, stored: stored)
        }
        edit.validFrom = .some(try row.value("valid_from"))
        edit.expiresAt = .some(try row.value("expires_at"))
        edit.dueAt = .some(try row.value("due_at"))
        edit.customerName = try row.value("customer_name")
        edit.customerEmail = .some(try row.value("customer_email"))
        edit.info = .some(try row.value("info"))
        edit.metadata = .some(try row.value("metadata"))
        self.edit = edit
    }

    /// Removes the customer's data from the stored former contents of a bill.
    static func forget(_ billID: Int64, in database: Database) throws {
        try database.run(
            """
            UPDATE import_change SET customer_name = ?1, customer_email = NULL, info = NULL,
                metadata = NULL
            WHERE bill_id = ?2
            """, [Store.forgottenName, billID])
    }

    static func keep(
        _ before: BillRecord, of importID: Int64, changeID: Int64, in database: Database
    ) throws {
        let bill = before.bill
        try database.run(
            """
            INSERT INTO import_change (
                import_id, bill_id, change_id, state, amount, expires_at, customer_name,
                customer_email, info, metadata, amounts, valid_from, due_at
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """,
            [
                importID, bill.id, changeID, bill.state.rawValue, bill.amounts.last.whole,
                bill.expiresAt?.milliseconds, bill.customerName, bill.customerEmail, bill.info,
                before.metadata, bill.amounts.stored, bill.validFrom?.milliseconds,
                bill.dueAt?.milliseconds,
            ])
    }
}
