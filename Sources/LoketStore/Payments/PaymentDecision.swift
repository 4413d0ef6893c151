// The decisions on a payment, in their order, with those that were taken back. The payment's own
// row has the one that is in force.

import GRDB
import LoketCore

package struct PaymentDecision: Sendable {
    /// That a decision was taken back.
    package struct Reopening: Sendable, Equatable {
        package let note: String?
        /// Name of the admin key.
        package let actor: String
        package let at: Moment
    }

    /// The last rows when it was made, its own changes of bills among them.
    struct Horizon {
        let bill: Int64
        let change: Int64
        let payment: Int64
    }

    package let resolution: PaymentResolution
    /// Nil while it is in force.
    package let reopening: Reopening?
    /// The payment's bill before it.
    let formerBillID: Int64?
    /// Nil where it was made before this was kept.
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

    /// Oldest first.
    ///
    /// - Throws: `StoreFault.damagedRow`.
    static func all(of paymentID: Int64, in database: Database) throws -> [PaymentDecision] {
        try database.rows(
            "SELECT * FROM payment_decision WHERE payment_id = ?1 ORDER BY id", [paymentID]
        ).map { try PaymentDecision($0) }
    }

    /// Keeps the decision that a payment's row now has, after all that it changed.
    ///
    /// - Parameter before: the payment as it was.
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

    /// Keeps that the decision in force on a payment was taken back.
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
