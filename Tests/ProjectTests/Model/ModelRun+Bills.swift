// The merchant's steps: bills are created, edited, cancelled, replaced, and expire.

import DokuSimulator
import LoketCore
import TestSupport

extension ModelRun {
    private static let minute: Int64 = 60_000

    func makeBill() async throws {
        var order = newOrder()
        let other = place(in: books.bills.count).map { books.bills[$0] }
        switch draw(12) {
        case 0: if let other, !other.isEdited, other.expiresAt == nil { order = other.order }
        case 1:
            if let other {
                order.number = other.number
                order.amount += 1
                order.expiresAt = nil
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
            amount: newAmount(), reusable: isReusable)
        if chance(1, of: 4) {
            order.expiresAt = ModelClient.now.adding(
                milliseconds: Int64(10 + draw(30)) * Self.minute + Int64(draw(1000)))
        }
        return order
    }

    func newAmount() -> Int64 { 10_000 + Int64(draw(2_000)) * 250 }

    func newCode() -> String {
        let digits = String(String(nextName() + 10_000_000).suffix(8))
        return chance(1, of: 2) ? Self.exclusive + digits : Self.direct + digits + "\(draw(10))"
    }

    @discardableResult
    func make(_ order: Auditor.BillOrder) async throws -> Auditor.Made {
        var fields = [
            #""payment_code":"\#(order.code)""#, #""invoice_number":"\#(order.number)""#,
            #""amount":\#(order.amount)"#, #""customer":{"name":"Anton Budiman"}"#,
        ]
        if order.reusable { fields.append(#""reusable":true"#) }
        if let expiry = order.expiresAt {
            fields.append(#""expires_at":"\#(expiry.utcMillisecondText)""#)
        }
        note("  \(order)")
        let holder = books.bill(onCode: order.code)?.number
        let begin = ModelClient.now
        let answer = try await client.admin(
            "POST", "bills", "{\(fields.joined(separator: ","))}")
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
        if made == .new || made == .existing { try compare(answer.body, toBill: order.number) }
        if let holder { try await compareBill(holder) }
        try await compareInquiry(order.code)
        return made
    }

    private static func made(_ answer: ModelClient.Answer) -> Auditor.Made? {
        switch (answer.status, answer.cause) {
        case (201, nil): .new
        case (200, nil): .existing
        case (409, "invoice_number_taken"): .numberTaken
        case (409, "invoice_number_ambiguous"): .numberAmbiguous
        case (409, "code_taken"): .codeTaken
        case (422, "invalid_value"): .expiryPast
        default: nil
        }
    }

    // MARK: Expiry

    /// Creates a bill that expires soon, inquires about it, and waits until it has expired.
    @discardableResult
    func letExpire() async throws -> String {
        var order = newOrder()
        let expiry = ModelClient.now.adding(milliseconds: Int64(30 + draw(60)))
        order.expiresAt = expiry
        try await make(order)
        try await eventually("the clock reaches \(expiry.utcMillisecondText)") {
            ModelClient.now > expiry.adding(milliseconds: 5)
        }
        try await compareInquiry(order.code)
        return order.code
    }

    func replaceBill() async throws {
        let now = ModelClient.now
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

    // MARK: Cancel

    func cancelBill() async throws {
        guard let bill = place(in: books.bills.count).map({ books.bills[$0] }) else { return }
        let reason = pick([nil, "paid_elsewhere", "customer moved"]) ?? nil
        let body = reason.map { #"{"reason":"\#($0)"}"# } ?? "{}"
        let answer = try await client.admin("POST", "bills/\(id(bill.number))/cancel", body)
        let outcome = books.cancel(bill.number, reason: reason)
        note("  \(bill.number), \(reason ?? "no reason"): \(outcome)")
        if outcome == .done { cancels += 1 }
        var comparison = ModelComparison("cancel \(bill.number)")
        comparison.expect("status", answer.status, outcome == .refused ? 409 : 200)
        comparison.expect("cause", answer.cause, outcome == .refused ? "bill_closed" : nil)
        try comparison.finish()
        try await compareBill(bill.number)
        try await compareInquiry(bill.code)
    }

    // MARK: Edit

    func editBill() async throws {
        let open = books.bills.suffix(60).filter { $0.state == .open }
        let any = place(in: books.bills.count).map { books.bills[$0] }
        guard let bill = chance(7, of: 8) ? pick(open) ?? any : any else { return }
        let path = "bills/\(id(bill.number))"
        let before = try await client.admin("GET", path)
        guard let tag = before.tag else { throw ModelDisagreement("\(path) has no ETag") }
        let (edit, body) = newEdit(of: bill)
        note("  \(bill.number): \(body)")
        var comparison = ModelComparison("edit \(bill.number)")
        // A closed bill with an outdated tag could be refused for either reason.
        if bill.state == .open, chance(1, of: 6) {
            let isMissing = chance(1, of: 2)
            let old = oldTags[bill.number] ?? #""another""#
            let headers = isMissing ? [] : [Header("If-Match", old)]
            let answer = try await client.admin("PATCH", path, body, headers: headers)
            comparison.expect("status", answer.status, isMissing ? 428 : 412)
            comparison.expect(
                "cause", answer.cause,
                isMissing ? "precondition_required" : "precondition_failed")
        } else {
            let type = pick(["application/json", "application/merge-patch+json"]) ?? ""
            let begin = ModelClient.now
            let answer = try await client.admin(
                "PATCH", path, body,
                headers: [Header("If-Match", tag), Header("Content-Type", type)])
            let isDone = books.edit(bill.number, edit, at: span(since: begin))
            comparison.expect("status", answer.status, isDone ? 200 : 409)
            comparison.expect("cause", answer.cause, isDone ? nil : "bill_closed")
            if isDone {
                comparison.expect("the tag stays \(tag)", answer.tag != tag)
                oldTags[bill.number] = tag
            }
        }
        try comparison.finish()
        try await compareBill(bill.number)
        try await compareInquiry(bill.code)
    }

    /// Always changes a value of the bill.
    private func newEdit(of bill: Auditor.Bill) -> (Auditor.Edit, String) {
        var edit = Auditor.Edit()
        var fields: [String] = []
        let setsExpiry = chance(1, of: 4)
        if !setsExpiry || chance(1, of: 2) {
            var amount = chance(1, of: 4) ? pick(bill.amountsEver) ?? 0 : newAmount()
            if amount == bill.amount { amount += 1 }
            edit.amount = amount
            fields.append(#""amount":\#(amount)"#)
        }
        if setsExpiry {
            if bill.expiresAt != nil, chance(1, of: 3) {
                edit.expiry = .none
                fields.append(#""expires_at":null"#)
            } else {
                let moment = ModelClient.now.adding(
                    milliseconds: Int64(41 + draw(30)) * Self.minute)
                edit.expiry = .at(moment)
                fields.append(#""expires_at":"\#(moment.utcMillisecondText)""#)
            }
        }
        return (edit, "{\(fields.joined(separator: ","))}")
    }

    /// Returns the service's id of a bill in the books.
    func id(_ number: String) -> String {
        guard let id = billIDs[number] else {
            preconditionFailure("every bill of the books was given an id")
        }
        return id
    }
}
