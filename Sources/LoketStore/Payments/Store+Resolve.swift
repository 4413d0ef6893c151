// Records a person's decision on a payment that settled no bill or is unusual.

import GRDB
import LoketCore

package enum ResolveOutcome: Sendable {
    case resolved(PaymentRecord)
    /// Previously decided in the same way.
    case already(PaymentRecord)
    /// Previously decided differently.
    case otherwise(PaymentRecord)
    /// The payment settled its bill and has no flags, or it is not ours.
    case nothingToResolve(PaymentRecord)
    /// The bill to be paid is already paid.
    case billPaid(BillRecord)
    /// No bill was specified, and the payment has none.
    case billMissing
    /// The specified bill does not belong to this account.
    case billUnknown
    case unknown
}

extension Store {
    /// - Parameters:
    ///   - billID: the bill for which the payment is accepted; nil for the payment's own bill.
    ///   - actor: name of the admin key.
    package func resolve(
        paymentID: Int64, _ action: Resolution, billID: Int64?, note: String?, actor: String,
        now: Moment
    ) async throws -> ResolveOutcome {
        try await commits.write { database in
            guard let payment = try PaymentRow.find(paymentID, in: database) else {
                return .unknown
            }
            if let before = payment.resolution {
                let isSame =
                    before.action == action && before.note == note
                    && (billID == nil || billID == before.billID)
                return isSame ? .already(payment) : .otherwise(payment)
            }
            guard payment.needsAttention || payment.standing == .foreign else {
                return .nothingToResolve(payment)
            }
            let step = ResolveStep(
                database: database, payment: payment, actor: actor, note: note, now: now)
            return action == .accept ? try step.accept(billID) : try step.close(action)
        }
    }
}

private struct ResolveStep {
    let database: Database
    let payment: PaymentRecord
    let actor: String
    let note: String?
    let now: Moment

    func accept(_ named: Int64?) throws -> ResolveOutcome {
        if payment.standing == .settled {
            guard named == nil || named == payment.billID else {
                return .nothingToResolve(payment)
            }
            return try record(.accept, billID: payment.billID, pays: nil)
        }
        guard let id = named ?? payment.billID else { return .billMissing }
        guard let bill = try Store.record(id: id, in: database),
            bill.accountID == payment.accountID
        else { return .billUnknown }
        guard bill.bill.reusable || bill.bill.state != .paid else { return .billPaid(bill) }
        if !bill.bill.reusable {
            try Store.setState(
                .paid, of: bill, actor: actor, paymentID: payment.id, now: now, in: database)
        }
        return try record(.accept, billID: id, pays: bill.bill.reusable ? nil : id)
    }

    func close(_ action: Resolution) throws -> ResolveOutcome {
        try record(action, billID: nil, pays: nil)
    }

    private func record(
        _ action: Resolution, billID: Int64?, pays: Int64?
    ) throws -> ResolveOutcome {
        let settles = action == .accept
        try database.run(
            """
            UPDATE payment SET resolution = ?1, resolution_bill_id = ?2, resolution_note = ?3,
                resolved_by = ?4, resolved_at = ?5, needs_attention = 0,
                standing = coalesce(?6, standing), bill_id = coalesce(?7, bill_id),
                paid_bill_id = coalesce(?8, paid_bill_id)
            WHERE id = ?9
            """,
            [
                action.rawValue, billID, note, actor, now.milliseconds,
                settles ? Standing.settled.rawValue : nil, billID, pays, payment.id,
            ])
        try PaymentRow.seal(payment.id, in: database)
        try release()
        let resolved = try PaymentRow.fetch(payment.id, in: database)
        if let resolution = resolved.resolution {
            try PaymentDecision.keep(resolution, on: payment, in: database)
        }
        let kind: Event.Kind =
            settles && payment.standing != .settled ? .paymentSettled : .paymentResolved
        try Event.add(kind, of: resolved, at: now, in: database)
        return .resolved(resolved)
    }

    /// Reopens the bills held for this payment, unless another payment also holds them.
    private func release() throws {
        for id in try Store.billsHeld(by: payment, in: database) {
            guard let held = try Store.record(id: id, in: database),
                held.bill.state == .held, try !Store.isHeldByPayment(id, in: database)
            else { continue }
            try Store.setState(
                .open, of: held, actor: actor, paymentID: payment.id, now: now, in: database)
        }
    }
}
