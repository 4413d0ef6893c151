// The operator's step: payments that need attention are accepted, refunded or dismissed, and
// sometimes a payment that is already resolved or needs no decision.

import DokuSimulator
import LoketCore
import TestSupport

extension ModelRun {
    private static let unknownBill = "no such bill"

    func resolvePayment() async throws {
        guard let place = paymentToResolve(), let resolution = newResolution(of: place) else {
            return
        }
        let wasSettled = books.payments[place].standing == .settled
        let held = books.heldBills(of: place)
        let outcome = books.resolve(place, resolution)
        changes += held.count { books.bill($0)?.state == .open }
        if outcome == .done { resolutions += 1 }
        if books.payments[place].standing == .settled, !wasSettled { acceptances += 1 }
        note("  \(books.payments[place].invoiceNumber ?? "-") \(resolution): \(outcome)")
        let path = "payments/\(paymentIDs[place])"
        let answer = try await client.admin("POST", path + "/resolve", body(of: resolution))
        var comparison = ModelComparison("\(resolution) of \(path)")
        comparison.expect("status", answer.status, Self.status(outcome))
        comparison.expect("cause", answer.cause, Self.cause(outcome))
        if outcome == .noBill {
            let pointers = answer.body["errors"]?.elements.compactMap { $0["pointer"]?.string }
            comparison.expect("pointers", pointers, ["/bill_id"])
        }
        try comparison.finish()
        if answer.status == 200 { try compare(answer.body, toPayment: place) }
        try await comparePayment(place)
        let payment = books.payments[place]
        for number in Set(payment.heldBills + [payment.bill].compactMap(\.self)) {
            try await compareBill(number)
            if let bill = books.bill(number) { try await compareInquiry(bill.code) }
        }
    }

    private func paymentToResolve() -> Int? {
        let first = max(0, books.payments.count - 300)
        let needy = (first..<books.payments.count).filter { books.payments[$0].needsAttention }
        let place = chance(4, of: 5) ? pick(needy) : place(in: books.payments.count)
        return place.flatMap { books.payments[$0].standing == .foreign ? nil : $0 }
    }

    private func newResolution(of place: Int) -> Auditor.Resolution? {
        let payment = books.payments[place]
        if let before = payment.resolution {
            return chance(1, of: 2)
                ? before
                : Auditor.Resolution(before.action == .dismiss ? .refunded : .dismiss)
        }
        let actions = Auditor.Action.allCases.filter {
            $0 != .accept || payment.standing != .unreadable
        }
        var resolution = Auditor.Resolution(pick(actions) ?? .dismiss)
        if chance(1, of: 3) { resolution.note = "seen by Budi" }
        guard resolution.action == .accept else { return resolution }
        if payment.standing == .settled {
            resolution.bill = chance(1, of: 2) ? payment.bill : nil
        } else if let held = pick(books.heldBills(of: place)), chance(3, of: 4) {
            resolution.bill = held
        } else {
            let other = self.place(in: books.bills.count).map { books.bills[$0].number }
            resolution.bill = pick([nil, payment.bill, other, other]) ?? nil
            if chance(1, of: 15) { resolution.bill = Self.unknownBill }
        }
        return resolution
    }

    private func body(of resolution: Auditor.Resolution) -> String {
        var fields = [#""action":"\#(resolution.action.rawValue)""#]
        if let number = resolution.bill {
            fields.append(#""bill_id":"\#(billIDs[number] ?? "999999999")""#)
        }
        if let note = resolution.note { fields.append(#""note":"\#(note)""#) }
        return "{\(fields.joined(separator: ","))}"
    }

    private static func status(_ outcome: Auditor.Resolved) -> Int {
        switch outcome {
        case .done, .again: 200
        case .resolvedBefore, .nothingToResolve, .billPaid: 409
        case .noBill: 422
        }
    }

    private static func cause(_ outcome: Auditor.Resolved) -> String? {
        switch outcome {
        case .done, .again: nil
        case .resolvedBefore: "payment_resolved"
        case .nothingToResolve: "nothing_to_resolve"
        case .billPaid: "bill_closed"
        case .noBill: "invalid_value"
        }
    }
}
