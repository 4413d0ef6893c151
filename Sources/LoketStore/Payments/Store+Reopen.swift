// Revokes a decision on a payment: the payment and its bills return to their state before the
// decision. Refused if a later change may depend on the decision.

import GRDB
import LoketCore

package enum ReopenOutcome: Sendable {
    case reopened(PaymentRecord)
    /// The last decision was already revoked.
    case already(PaymentRecord)
    /// The payment never had a decision.
    case undecided(PaymentRecord)
    case refused(ReopenObstacle)
    case unknown
}

/// The reason why a decision cannot be revoked.
package enum ReopenObstacle: Sendable, Equatable {
    /// The bill has changed since the decision.
    case changed(billID: Int64)
    /// Another bill has the same invoice number or code.
    case bill(id: Int64)
    /// A later payment has the same invoice number, code or bill.
    case payment(id: Int64)
    /// The decision was made by a version that did not store the required row ids.
    case notKept
}

extension Store {
    /// - Parameter actor: name of the admin key.
    package func reopen(
        paymentID: Int64, note: String?, actor: String, now: Moment
    ) async throws -> ReopenOutcome {
        try await commits.write { database in
            guard let payment = try PaymentRow.find(paymentID, in: database) else {
                return .unknown
            }
            let decisions = try PaymentDecision.all(of: paymentID, in: database)
            guard let resolution = payment.resolution else {
                return decisions.isEmpty ? .undecided(payment) : .already(payment)
            }
            guard let decision = decisions.last, let horizon = decision.horizon else {
                return .refused(.notKept)
            }
            let step = try ReopenStep(
                database: database, payment: payment, resolution: resolution,
                formerBillID: decision.formerBillID, actor: actor, now: now)
            if let obstacle = try step.obstacle(since: horizon) { return .refused(obstacle) }
            return .reopened(try step.takeBack(note))
        }
    }
}

private struct ReopenStep {
    let database: Database
    let payment: PaymentRecord
    let formerBillID: Int64?
    let actor: String
    let now: Moment
    /// The single-use bill paid by the decision.
    let paid: BillRecord?
    /// The bill for which the payment was accepted, and the bills it holds or held.
    let bills: [BillRecord]

    init(
        database: Database, payment: PaymentRecord, resolution: PaymentResolution,
        formerBillID: Int64?, actor: String, now: Moment
    ) throws {
        self.database = database
        self.payment = payment
        self.formerBillID = formerBillID
        self.actor = actor
        self.now = now
        let accepted = try resolution.billID.flatMap { try Store.record(id: $0, in: database) }
        let wasPaid = payment.classifiedAs != .settled && payment.paidBillID != nil
        paid = wasPaid ? accepted : nil
        let held = try Store.billsHeld(by: payment, in: database)
            .filter { $0 != accepted?.bill.id }
            .compactMap { try Store.record(id: $0, in: database) }
        bills = [accepted].compactMap(\.self) + held.filter { !$0.bill.reusable }
    }

    // MARK: Obstacles

    func obstacle(since horizon: PaymentDecision.Horizon) throws -> ReopenObstacle? {
        for record in bills {
            let id = record.bill.id
            let change = try database.integer(
                "SELECT id FROM bill_change WHERE bill_id = ?1 AND id > ?2 LIMIT 1",
                [id, horizon.change])
            if change != nil { return .changed(billID: id) }
            let other = try database.integer(
                "SELECT id FROM payment WHERE bill_id = ?1 AND id > ?2 LIMIT 1",
                [id, horizon.payment])
            if let other { return .payment(id: other) }
            guard try former(of: record).state.holdsCode else { continue }
            // An older bill with the same code may have been reopened since.
            let holder = try BillMatch.holder(
                of: record.bill.paymentCode.digits, accountID: payment.accountID, in: database)
            if let holder, holder.bill.id != id { return .bill(id: holder.bill.id) }
        }
        // The cancelled bill may have been reopened because its payment was refunded.
        if payment.classifiedAs == .afterCancel, let formerBillID,
            let former = try Store.record(id: formerBillID, in: database),
            former.bill.state.holdsCode
        {
            return .changed(billID: formerBillID)
        }
        let own = payment.invoiceNumber.flatMap { InvoiceNumber($0)?.withoutSuffix?.text }
        let numbers = bills.map(\.bill.invoiceNumber.text) + [payment.invoiceNumber, own]
        let codes = bills.map(\.bill.paymentCode.digits) + [payment.paymentCode]
        for number in Set(numbers.compactMap(\.self)) {
            let named = "invoice_number = ?2"
            if let id = try later(in: "payment", named, number, than: horizon.payment) {
                return .payment(id: id)
            }
            if let id = try later(in: "bill", named, number, than: horizon.bill) {
                return .bill(id: id)
            }
        }
        for code in Set(codes.compactMap(\.self)) {
            let paid = "id IN (\(PaymentCodeIndex.ids(of: "?2", after: "?3")))"
            // Otherwise SQLite would read all payments of the account.
            if let id = try later(in: "payment NOT INDEXED", paid, code, than: horizon.payment) {
                return .payment(id: id)
            }
            if let id = try later(in: "bill", "payment_code = ?2", code, than: horizon.bill) {
                return .bill(id: id)
            }
        }
        return nil
    }

    private func later(
        in table: String, _ condition: String, _ value: any DatabaseValueConvertible,
        than id: Int64
    ) throws -> Int64? {
        // Without the plus SQLite could read all rows after the id.
        try database.integer(
            "SELECT id FROM \(table) WHERE account_id = ?1 AND \(condition) AND +id > ?3 LIMIT 1",
            [payment.accountID, value, id])
    }

    // MARK: Revocation

    func takeBack(_ note: String?) throws -> PaymentRecord {
        let needsAttention = payment.classifiedAs.needsDecision || !payment.flags.isEmpty
        try database.run(
            """
            UPDATE payment SET resolution = NULL, resolution_bill_id = NULL,
                resolution_note = NULL, resolved_by = NULL, resolved_at = NULL,
                standing = classified_as, needs_attention = ?1, bill_id = ?2, paid_bill_id = ?3
            WHERE id = ?4
            """,
            [
                needsAttention, formerBillID, paid == nil ? payment.paidBillID : nil, payment.id,
            ])
        try PaymentRow.seal(payment.id, in: database)
        try PaymentDecision.takeBack(
            on: payment.id, .init(note: note, actor: actor, at: now), in: database)
        for record in bills {
            let (state, reason) = try former(of: record)
            guard state != record.bill.state else { continue }
            let holds = try Store.billsHeld(by: payment, in: database).contains(record.bill.id)
            try Store.setState(
                state, of: record, reason: reason, actor: actor,
                paymentID: state != .held || holds ? payment.id : nil, now: now, in: database)
        }
        let reopened = try PaymentRow.fetch(payment.id, in: database)
        try Event.add(.paymentReopened, of: reopened, at: now, in: database)
        return reopened
    }

    /// Returns the bill's state without the decision: its state before it was paid, but `held` only
    /// if an unresolved payment holds the bill.
    private func former(of record: BillRecord) throws -> (state: Bill.State, reason: String?) {
        let id = record.bill.id
        var state = record.bill.state
        var reason: String?
        if id == paid?.bill.id {
            let last =
                try database.integer(
                    "SELECT max(id) FROM bill_change WHERE bill_id = ?1 AND change = 'paid'", [id])
                ?? 0
            state = try BillHistory.state(
                of: id, at: Horizon(change: last - 1), in: database)
            if state == .cancelled {
                reason = try database.text(
                    """
                    SELECT detail FROM bill_change
                    WHERE bill_id = ?1 AND change = 'cancelled' ORDER BY id DESC LIMIT 1
                    """, [id])
            }
        }
        guard state.holdsCode else { return (state, reason) }
        return (try Store.isHeldByPayment(id, in: database) ? .held : .open, nil)
    }
}
