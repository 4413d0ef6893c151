// A bill as it was before a delivery: changes carry how far the ledger had come when they were
// made, so its past can be told without a clock.

import GRDB
import LoketCore

enum PastBill {
    /// - Parameter number: the delivery that is about to be entered.
    static func history(
        of record: BillRecord, before number: Int64, in database: Database
    ) throws -> BillHistory {
        let now = record.bill
        let terms = try Row.fetchAll(
            database,
            sql: """
                SELECT amount, expires_at, until, ledger_position FROM bill_terms
                WHERE bill_id = ? ORDER BY id
                """,
            arguments: [now.id])
        let past = terms.filter { $0["ledger_position"] < number }
        let then = terms.first { $0["ledger_position"] >= number }
        let amount = (then?["amount"] as Int64?).flatMap { Rupiah(whole: $0) } ?? now.amount
        let expiry = then.map { $0["expires_at"] as Int64? } ?? now.expiresAt?.milliseconds
        let replacedAt = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(at) FROM bill_change
                WHERE bill_id = ? AND change = 'replaced' AND ledger_position < ?
                """,
            arguments: [now.id, number])
        let bill = Bill(
            id: now.id, paymentCode: now.paymentCode, invoiceNumber: now.invoiceNumber,
            amount: amount, reusable: now.reusable,
            expiresAt: expiry.map { Moment(milliseconds: $0) },
            state: try state(of: record, before: number, in: database),
            cancelReason: now.cancelReason, customerName: now.customerName,
            customerEmail: now.customerEmail, info: now.info)
        let carried = past.compactMap { row in
            Rupiah(whole: row["amount"]).map {
                CarriedAmount(amount: $0, until: Moment(milliseconds: row["until"]))
            }
        }
        return BillHistory(
            bill: bill, amounts: carried + [CarriedAmount(amount: amount, until: nil)],
            replacedAt: replacedAt.map { Moment(milliseconds: $0) })
    }

    /// The last state that the bill's history names; a bill begins open.
    static func state(
        of record: BillRecord, before number: Int64 = .max, in database: Database
    ) throws -> Bill.State {
        let words = try String.fetchAll(
            database,
            sql: """
                SELECT change FROM bill_change
                WHERE bill_id = ? AND ledger_position < ? AND change <> 'changed' ORDER BY id
                """,
            arguments: [record.bill.id, number])
        guard let word = words.last else {
            // One that was written in another state, before any service ran, has no history.
            let hasMoved = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM bill_change WHERE bill_id = ? AND change <> 'changed'
                    )
                    """,
                arguments: [record.bill.id])
            return hasMoved == true ? .open : record.bill.state
        }
        return word == "reopened" ? .open : Bill.State(rawValue: word) ?? record.bill.state
    }

    /// The open single-use bill that had a code before a delivery.
    static func holder(
        of codeText: String?, accountID: Int64, upTo horizon: Int64, before number: Int64,
        in database: Database
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
            arguments: [accountID, codeText, horizon])
        for id in ids {
            guard let record = try? BillStore.record(id: id, in: database) else { continue }
            let past = try history(of: record, before: number, in: database).bill
            if past.state.holdsCode { return past }
        }
        return nil
    }
}
