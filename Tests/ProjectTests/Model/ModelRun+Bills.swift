// The merchant's steps: bills are created, expire and are replaced.

import DokuSimulator
import LoketCore
import TestSupport

extension ModelRun {
    private static let minute: Int64 = 60_000
    private static let day = 1_440 * minute

    func makeBill() async throws {
        var order = newOrder()
        let other = place(in: books.bills.count).map { books.bills[$0] }
        switch draw(12) {
        case 0: if let other, !other.isEdited, other.expiresAt == nil { order = other.order }
        case 1:
            if let other {
                order = Auditor.BillOrder(
                    number: other.number, code: order.code, amount: newAmount() + 1)
            }
        // The code of another bill, which may be free now.
        case 2...5: if let other { order.code = other.code }
        // A bill that is created after its payment.
        case 6...7:
            let ghosts = books.payments.suffix(100).filter {
                $0.standing == .unmatched && $0.invoiceNumber?.hasPrefix("GHOST-") == true
            }
            if let ghost = pick(ghosts) {
                order.number = ghost.invoiceNumber ?? order.number
                order.code = chance(1, of: 2) ? order.code : other?.code ?? order.code
            }
        default: break
        }
        _ = try await make(order)
    }

    /// A bill with an unused code.
    private func newOrder() -> Auditor.BillOrder {
        let name = nextName()
        let isReusable = chance(1, of: 5)
        var order = Auditor.BillOrder(
            number: (isReusable ? "TOPUP-" : "INV-") + "\(name)", code: newCode(),
            amount: 0, reusable: isReusable)
        order.amounts = newAmounts()
        if chance(1, of: 4) { order.expiresAt = newTime() }
        // A bill that would never be valid is refused.
        if chance(1, of: 6) { order.validFrom = newBeginning() }
        if chance(1, of: 6) { order.dueAt = newTime() }
        return order
    }

    /// Returns a time in the next minutes or days.
    func newTime() -> Moment {
        let most = pick([40 * Self.minute, 5 * Self.day]) ?? Self.minute
        let moment = clock.now.adding(milliseconds: random(in: 10 * Self.minute...most))
        return chance(1, of: 4) ? Self.endOfDay(moment).adding(milliseconds: Self.day) : moment
    }

    /// Returns a time from which a bill may be valid.
    func newBeginning() -> Moment {
        let moment = clock.now.adding(milliseconds: random(in: -Self.day / 8...Self.day / 2))
        return chance(1, of: 4) ? Self.beginningOfDay(moment) : moment
    }

    func newCode() -> String {
        let digits = String(String(nextName() + 10_000_000).suffix(8))
        return chance(1, of: 2) ? Self.exclusive + digits : Self.direct + digits + "\(draw(10))"
    }

    @discardableResult
    func make(_ order: Auditor.BillOrder) async throws -> Auditor.Made {
        var fields =
            [
                #""payment_code":"\#(order.code)""#, #""invoice_number":"\#(order.number)""#,
                #""customer":{"name":"Anton Budiman"}"#,
            ] + self.fields(of: order.amounts)
        if order.reusable { fields.append(#""reusable":true"#) }
        if let begin = order.validFrom {
            fields.append(field("valid_from", begin, isBeginning: true))
        }
        if let expiry = order.expiresAt { fields.append(field("expires_at", expiry)) }
        if let dueAt = order.dueAt { fields.append(field("due_at", dueAt)) }
        let body = "{\(fields.joined(separator: ","))}"
        note("  \(body)")
        let holder = books.bill(onCode: order.code)
        let begin = clock.now
        let answer = try await client.admin("POST", "bills", body)
        let made = books.make(order, at: span(since: begin), seen: Self.made(answer))
        note("  \(made)")
        guard Self.made(answer) == made else {
            throw ModelDisagreement(
                "bill \(order): \(answer.status) \(answer.cause ?? ""), the books say \(made)")
        }
        if made == .new {
            guard let id = answer.body["id"]?.string, billNumbers[id] == nil else {
                throw ModelDisagreement("bill \(order): no id of its own")
            }
            billIDs[order.number] = id
            billNumbers[id] = order.number
        }
        if made == .new || made == .existing {
            try compare(answer.body, toBill: order.number, since: begin)
        }
        if let holder { try await compareReplaced(holder) }
        try await compareInquiry(order.code)
        return made
    }

    /// Compares a bill that may have been replaced.
    func compareReplaced(_ before: Auditor.Bill) async throws {
        if before.state != .replaced, books.bill(before.number)?.state == .replaced {
            changes += 1
            lastEdit = clock.now
        }
        try await compareBill(before.number)
    }

    private static func made(_ answer: ModelClient.Answer) -> Auditor.Made? {
        switch (answer.status, answer.cause) {
        case (201, nil): .new
        case (200, nil): .existing
        case (409, "invoice_number_taken"): .numberTaken
        case (409, "invoice_number_ambiguous"): .numberAmbiguous
        case (409, "code_taken"): .codeTaken
        case (422, "invalid_value"): fault(answer).map { .invalid($0) } ?? .expiryPast
        default: nil
        }
    }

    /// Returns the field of the bill that an answer refuses; nil for another field.
    static func fault(_ answer: ModelClient.Answer) -> Auditor.Fault? {
        let pointers = answer.body["errors"]?.elements.compactMap { $0["pointer"]?.string } ?? []
        return Auditor.Fault.allCases.first { fault in
            pointers.contains { $0.hasPrefix("/" + fault.rawValue) }
        }
    }

    // MARK: Expiry

    /// Creates a bill that expires soon, inquires about it, and sets the clock to its expiry.
    @discardableResult
    func letExpire() async throws -> String {
        var order = newOrder()
        let expiry = clock.now.adding(milliseconds: random(in: 1_000...3_600_000))
        order.amounts = [Auditor.Step(newAmount())]
        order.expiresAt = expiry
        order.validFrom = nil
        try await make(order)
        advance(milliseconds: expiry.milliseconds - clock.now.milliseconds + Int64(draw(10)))
        try await compareInquiry(order.code)
        advance(milliseconds: 10)
        return order.code
    }

    func replaceBill() async throws {
        let now = clock.now
        let expired = books.bills.suffix(200).filter { bill in
            bill.state == .open && (bill.expiresAt.map { $0 < now } ?? false)
        }
        var order = newOrder()
        if let bill = pick(Array(expired)) {
            order.code = bill.code
        } else {
            order.code = try await letExpire()
        }
        try await make(order)
    }

    /// Returns the service's id of a bill in the books.
    func id(_ number: String) -> String {
        guard let id = billIDs[number] else {
            preconditionFailure("every bill of the books was given an id")
        }
        return id
    }
}
