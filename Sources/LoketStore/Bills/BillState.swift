// The one statement that moves a bill from one state to another, with its checksum, a line in its
// history and the event that tells of it.

import GRDB
import LoketCore

extension BillStore {
    /// - Parameters:
    ///   - record: the bill as it is now; a bill that has moved on meanwhile is a broken rule.
    ///   - reason: of a cancel; it is part of what inquiries are answered from.
    ///   - actor: name of the admin key; nil where the service does it by itself.
    ///   - paymentID: the payment that does it.
    ///   - tells: false where one event tells of many bills.
    static func setState(
        _ state: Bill.State, of record: BillRecord, reason: String? = nil,
        actor: String? = nil, paymentID: Int64? = nil, tells: Bool = true, now: Moment,
        in database: Database
    ) throws {
        let bill = record.bill.moved(to: state, cancelReason: reason)
        try database.cachedStatement(
            sql: """
                UPDATE bill SET state = ?, cancel_reason = ?, changed_at = ?, checksum = ?,
                    record_checksum = \(BillRecord.checksum(changedAt: "?3"))
                WHERE id = ? AND state = ?
                """
        ).execute(arguments: [
            state.rawValue, reason, now.milliseconds,
            BillRow.checksum(of: bill, accountID: record.accountID), bill.id,
            record.bill.state.rawValue,
        ])
        precondition(database.changesCount == 1, "one writer reads and writes in one transaction")
        try noteChange(
            state == .open ? "reopened" : state.rawValue, of: bill.id, detail: reason,
            actor: actor, paymentID: paymentID, now: now, in: database)
        guard tells, let kind = Event.Kind(billBecomes: state) else { return }
        try Event.tell(
            kind, of: bill, accountID: record.accountID, paymentID: paymentID, at: now,
            in: database)
    }

    /// A line in a bill's history.
    static func noteChange(
        _ change: String, of billID: Int64, detail: String?, actor: String?,
        paymentID: Int64? = nil, now: Moment, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO bill_change (
                    bill_id, at, change, actor, detail, payment_id, checksum
                ) VALUES (?, ?, ?, ?, ?, ?, row_checksum(?1, ?2, ?3, ?4, ?5, ?6))
                """
        ).execute(arguments: [
            billID, now.milliseconds, change, actor, detail, paymentID,
        ])
    }
}

extension Bill {
    func moved(to state: State, cancelReason: String?) -> Bill {
        Bill(
            id: id, paymentCode: paymentCode, invoiceNumber: invoiceNumber, amount: amount,
            reusable: reusable, expiresAt: expiresAt, state: state, cancelReason: cancelReason,
            customerName: customerName, customerEmail: customerEmail, info: info)
    }
}
