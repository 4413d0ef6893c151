// The decisions on a payment in order, including revoked decisions. The payment's own row has the
// active decision.

import GRDB
import LoketCore

package struct PaymentDecision: Sendable {
    /// A record that a decision was revoked.
    package struct Reopening: Sendable, Equatable {
        package let note: String?
        /// Name of the admin key.
        package let actor: String
        package let at: Moment
    }

    /// The highest row ids at the time of the decision, including its own changes of bills.
    struct Horizon {
        let bill: Int64
        let change: Int64
        let payment: Int64
    }

    package let resolution: PaymentResolution
    /// The revocation; nil while active.
    package let reopening: Reopening?
    /// The payment's bill before the decision.
    let formerBillID: Int64?
    /// Nil if recorded before this field existed.
    let horizon: Horizon?

    /// - Throws: `StoreFault.damagedRow`.
    private init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "payment_decision")
        resolution = PaymentResolution(
            action: try row.word("action"), billID: try row.value("bill_id"),
            note: try row.value("note"), actor: try row.value("actor"),
            at: try row.value("at"))
        formerBillID = try row.value("former_bill_id")
        let bill: Int64? = try row.value("bill_horizon")
        let change: Int64? = try row.value("change_horizon")
        let payment: Int64? = try row.value("payment_horizon")
        if let bill, let change, let payment {
            horizon = Horizon(bill: bill, change: change, payment: payment)
        } else {
            horizon = nil
        }
        let actor: String? = try row.value("reopened_by")
        guard let actor else {
            reopening = nil
            return
        }
        reopening = Reopening(
            note: try row.value("reopen_note"), actor: actor, at: try row.value("reopened_at"))
    }

    /// Returns a payment's decisions, oldest first.
    ///
    /// - Throws: `StoreFault.damagedRow`.
    static func all(of paymentID: Int64, in database: Database) throws -> [PaymentDecision] {
        try database.rows(
            "SELECT * FROM payment_decision WHERE payment_id = ?1 ORDER BY id", [paymentID]
        ).map { try PaymentDecision($0) }
    }

    /// Stores a decision after the payment's row and all affected bills were changed.
    ///
    /// - Parameter before: the payment before the decision.
    static func keep(
        _ resolution: PaymentResolution, on before: PaymentRecord, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO payment_decision (
                payment_id, at, action, bill_id, note, actor, former_bill_id, bill_horizon,
                change_horizon, payment_horizon
            ) VALUES (
                ?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(id), 0) FROM bill),
                (SELECT coalesce(max(id), 0) FROM bill_change), (SELECT max(id) FROM payment)
            )
            """,
            [
                before.id, resolution.at.milliseconds, resolution.action.rawValue,
                resolution.billID, resolution.note, resolution.actor, before.billID,
            ])
    }

    /// Records that the active decision on a payment was revoked.
    static func takeBack(
        on paymentID: Int64, _ reopening: Reopening, in database: Database
    ) throws {
        try database.run(
            """
            UPDATE payment_decision SET reopened_at = ?1, reopened_by = ?2, reopen_note = ?3
            WHERE payment_id = ?4 AND reopened_at IS NULL
            """, [reopening.at.milliseconds, reopening.actor, reopening.note, paymentID])
    }
}
