// A bill may be created after its payment has arrived: by a late import, or again after a restore.
// If unresolved, unmatched payments may be for the new bill, the bill is held for them, so that the
// customer does not pay twice.

import GRDB
import LoketCore

/// Valid within one transaction.
final class EarlierPayments {
    private let now: Moment
    /// The search statement; nil in the usual case that no unmatched payment is unresolved.
    private let search: RawStatement?

    init(in database: Database, now: Moment) throws {
        self.now = now
        let unresolved = "classified_as = 'unmatched' AND resolution IS NULL"
        let isAny = try database.integer("SELECT 1 FROM payment WHERE \(unresolved) LIMIT 1")
        guard isAny != nil else {
            search = nil
            return
        }
        let columns = "id, invoice_number, payment_code, received_at"
        // '.' is the character after '-', so the range covers the number, with or without a suffix.
        search = try RawStatement(
            """
            SELECT \(columns) FROM payment
            WHERE account_id = ?1 AND payment_code = ?2 AND \(unresolved)
            UNION
            SELECT \(columns) FROM payment
            WHERE account_id = ?1 AND invoice_number >= ?3 AND invoice_number < ?3 || '.'
                AND \(unresolved)
            ORDER BY id
            """,
            on: database.sqliteConnection)
    }

    /// Whether no such payment exists for any bill.
    var isEmpty: Bool { search == nil }

    /// Returns the ids of the payments that may be for a bill created now, oldest first.
    func ids(accountID: Int64, for draft: BillDraft) throws -> [Int64] {
        guard let search else { return [] }
        search.bind(accountID, at: 1)
        search.bind(draft.paymentCode.digits, at: 2)
        search.bind(draft.invoiceNumber.text, at: 3)
        defer { search.reset() }
        var ids: [Int64] = []
        while try search.step() {
            guard let id = search.integer(0), let receivedAt = search.integer(3) else { continue }
            let isFor = Classify.mayBeFor(
                draft.invoiceNumber, draft.paymentCode, madeAt: now,
                paidNumber: search.text(1), paidCode: search.text(2),
                receivedAt: Moment(milliseconds: receivedAt))
            if isFor { ids.append(id) }
        }
        return ids
    }
}

extension Store {
    /// Holds an open single-use bill for payments that arrived before it. A reusable bill can be
    /// paid again, so it stays open; its history and an event name the payments.
    static func hold(
        _ record: BillRecord, for payments: [Int64], now: Moment, in database: Database
    ) throws {
        let bill = record.bill
        for (place, payment) in payments.enumerated() {
            if !bill.reusable, place == 0 {
                try setState(.held, of: record, paymentID: payment, now: now, in: database)
                continue
            }
            try noteChange(
                bill.reusable ? "flagged" : "held", of: bill.id, detail: nil, actor: nil,
                paymentID: payment, now: now, in: database)
            if bill.reusable {
                try Event.add(
                    .paymentFlagged, of: bill, accountID: record.accountID, paymentID: payment,
                    at: now, in: database)
            }
        }
    }

    /// Returns the bills that a payment holds or held, by its classification or by its earlier
    /// arrival.
    static func billsHeld(by payment: PaymentRecord, in database: Database) throws -> [Int64] {
        let named = try database.integers(
            """
            SELECT DISTINCT bill_id FROM bill_change
            WHERE payment_id = ?1 AND change IN ('held', 'flagged')
            """, [payment.id])
        return Set(named + [payment.heldBillID].compactMap(\.self)).sorted()
    }

    /// Query: unresolved payments that hold a bill.
    private static let holding = """
        SELECT payment.id FROM payment WHERE held_bill_id = ?1 AND resolution IS NULL
        UNION ALL
        SELECT payment.id FROM bill_change JOIN payment ON payment.id = bill_change.payment_id
        WHERE bill_change.bill_id = ?1 AND change = 'held' AND resolution IS NULL
        """

    /// Returns whether an unresolved payment holds the bill.
    static func isHeldByPayment(_ billID: Int64, in database: Database) throws -> Bool {
        try database.integer(holding + " LIMIT 1", [billID]) != nil
    }

    /// Returns the unresolved payments that hold the bill, oldest first, without damaged rows.
    static func paymentsHolding(
        _ billID: Int64, in database: Database
    ) throws -> [PaymentRecord] {
        try database.rows(
            """
            SELECT \(PaymentRecord.columns) FROM payment WHERE id IN (\(holding)) ORDER BY id
            """, [billID]
        ).compactMap { try? PaymentRecord($0) }
    }
}
