// Derives again the bills that a payment holds, and the decisions on it: a bill created after its
// money arrived is held for that payment, and for no other reason.

import GRDB
import LoketCore

struct HoldAudit {
    private(set) var problems: [String] = []
    private let database: Database
    /// The id of the last bill created before the service held such bills.
    private let oldest: Int64

    /// An entry in a bill's history: a payment held or flagged the bill, and when.
    private struct Hold {
        let billID: Int64
        let at: Moment
        let change: String

        init(_ row: Row) throws(StoreFault) {
            let row = TableRow(row, of: "bill_change")
            billID = try row.value("id")
            at = try row.value("at")
            change = try row.value("change")
        }
    }

    init(database: Database) throws {
        self.database = database
        oldest = try database.integer("SELECT max(bill_id) FROM hold_horizon") ?? 0
    }

    mutating func check(_ payment: PaymentRecord) throws {
        let held = try database.rows(
            """
            SELECT bill_id AS id, min(at) AS at, change FROM bill_change
            WHERE payment_id = ?1 AND change IN ('held', 'flagged')
            GROUP BY bill_id, change ORDER BY bill_id
            """, [payment.id]
        ).map { try Hold($0) }
        for hold in held where hold.billID != payment.heldBillID {
            let id = hold.billID
            // Damaged rows of bills are reported elsewhere.
            guard let bill = try? Store.record(id: id, in: database) else { continue }
            let isRight =
                payment.mayBeFor(bill, madeAt: hold.at, code: payment.paymentCode)
                && hold.change == Self.change(of: bill)
            if !isRight {
                problems.append(
                    "bill \(id) is \(hold.change) for payment \(payment.id) without a reason")
            }
        }
        let ids = Set(held.map(\.billID))
        for bill in try laterBills(of: payment) where !ids.contains(bill.bill.id) {
            problems.append(
                "bill \(bill.bill.id) was created after payment \(payment.id) but is not "
                    + Self.change(of: bill) + " for that payment")
        }
        try checkDecisions(of: payment)
    }

    private static func change(of bill: BillRecord) -> String {
        bill.bill.reusable ? "flagged" : "held"
    }

    /// Returns the bills created while the payment was undecided.
    private func laterBills(of payment: PaymentRecord) throws -> [BillRecord] {
        guard payment.classifiedAs == .unmatched else { return [] }
        let decided = try database.integer(
            """
            SELECT coalesce(bill_horizon, 0) FROM payment_decision
            WHERE payment_id = ?1 AND reopened_at IS NULL
            """, [payment.id])
        // A later notification may have brought the code after the bill was created.
        let code = try database.text(
            "SELECT payment_code FROM notification WHERE delivery_id = ?1", [payment.deliveryID])
        let own = payment.invoiceNumber.flatMap { InvoiceNumber($0)?.withoutSuffix?.text }
        let ids = try database.integers(
            """
            SELECT id FROM bill WHERE account_id = ?1 AND invoice_number IN (?2, ?3)
            UNION
            SELECT id FROM bill WHERE account_id = ?1 AND payment_code = ?4
            """, [payment.accountID, payment.invoiceNumber, own, code])
        let later = max(payment.horizon.bill, oldest) + 1
        return ids.filter { $0 >= later && $0 <= (decided ?? .max) }
            .compactMap { try? Store.record(id: $0, in: database) }
            .filter { payment.mayBeFor($0, madeAt: $0.createdAt, code: code) }
    }

    private mutating func checkDecisions(of payment: PaymentRecord) throws {
        let decisions = try PaymentDecision.all(of: payment.id, in: database)
        let inForce = decisions.filter { $0.reopening == nil }.map(\.resolution)
        if inForce != [payment.resolution].compactMap(\.self) {
            problems.append(
                "payment \(payment.id) does not match the decisions recorded for it")
        }
    }
}

extension PaymentRecord {
    /// Returns whether the bill, created or reopened at a moment, must be held for the payment.
    ///
    /// - Parameter code: the payment code known at that moment.
    fileprivate func mayBeFor(
        _ record: BillRecord, madeAt moment: Moment, code: String?
    ) -> Bool {
        classifiedAs == .unmatched && record.accountID == accountID
            && Classify.mayBeFor(
                record.bill.invoiceNumber, record.bill.paymentCode, madeAt: moment,
                paidNumber: invoiceNumber, paidCode: code, receivedAt: receivedAt)
    }
}
