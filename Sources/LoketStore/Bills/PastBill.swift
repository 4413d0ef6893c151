// A bill as it was when a payment was classified: a payment's row says which changes and former
// terms were there, so the past can be told without a clock.

import GRDB
import LoketCore

/// The last rows that were there at some moment.
struct Horizon: Sendable {
    let bill: Int64
    let change: Int64
    let terms: Int64

    static let now = Horizon(bill: .max, change: .max, terms: .max)
}

enum PastBill {
    static func history(
        of record: BillRecord, at horizon: Horizon, in database: Database
    ) throws -> BillHistory {
        let now = record.bill
        let terms = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT id, amount, expires_at, until FROM bill_terms WHERE bill_id = ?
                    ORDER BY id
                    """),
            arguments: [now.id]
        ).map { TableRow($0, of: "bill_terms") }
        let past = try terms.filter { try $0.value("id") <= horizon.terms }
        let then = try terms.first { try $0.value("id") > horizon.terms }
        let amount = try then.flatMap { Rupiah(whole: try $0.value("amount")) } ?? now.amount
        let expiry: Moment? =
            try then.map { try $0.value("expires_at") as Moment? } ?? now.expiresAt
        let replacedAt = try database.cachedStatement(
            sql: """
                SELECT max(at) FROM bill_change
                WHERE bill_id = ? AND change = 'replaced' AND id <= ?
                """
        ).fetchOneInteger([now.id, horizon.change])
        let bill = Bill(
            id: now.id, paymentCode: now.paymentCode, invoiceNumber: now.invoiceNumber,
            amount: amount, reusable: now.reusable,
            expiresAt: expiry,
            state: try state(ofBill: now.id, at: horizon, in: database),
            cancelReason: now.cancelReason, customerName: now.customerName,
            customerEmail: now.customerEmail, info: now.info)
        let carried = try past.compactMap { try CarriedAmount($0) }
        return BillHistory(
            bill: bill, amounts: carried + [CarriedAmount(amount: amount, until: nil)],
            replacedAt: replacedAt.map { Moment(milliseconds: $0) })
    }

    /// The last state that the bill's history names; a bill begins open.
    static func state(
        ofBill id: Int64, at horizon: Horizon, in database: Database
    ) throws -> Bill.State {
        let statement = try database.cachedStatement(
            sql: """
                SELECT change FROM bill_change
                WHERE bill_id = ? AND id <= ?
                    AND change NOT IN ('changed', 'forgotten', 'flagged')
                ORDER BY id DESC LIMIT 1
                """)
        let word = try String.fetchOne(statement, arguments: [id, horizon.change])
        return word.flatMap { Bill.State(rawValue: $0) } ?? .open
    }

    /// The single-use or reusable bill that held a code.
    static func holder(
        of codeText: String?, accountID: Int64, at horizon: Horizon, in database: Database
    ) throws -> Bill? {
        guard let codeText else { return nil }
        let ids = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM bill
                WHERE account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
                    AND id <= ?3
                UNION ALL
                SELECT id FROM bill
                WHERE account_id = ?1 AND payment_code = ?2 AND state NOT IN ('open', 'held')
                    AND id <= ?3
                """,
            arguments: [accountID, codeText, horizon.bill])
        for id in ids {
            guard let record = try? BillStore.record(id: id, in: database) else { continue }
            let past = try history(of: record, at: horizon, in: database).bill
            if past.state.holdsCode { return past }
        }
        return nil
    }
}
