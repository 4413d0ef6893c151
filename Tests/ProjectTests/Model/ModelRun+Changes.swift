// The merchant's further steps: bills are edited, cancelled and reopened.

import DokuSimulator
import LoketCore
import TestSupport

extension ModelRun {
    // MARK: Cancel and reopen

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

    func reopenBill() async throws {
        let cancelled = books.bills.suffix(200).filter { $0.state == .cancelled }
        let any = place(in: books.bills.count).map { books.bills[$0] }
        guard let bill = chance(9, of: 10) ? pick(cancelled) ?? any : any else { return }
        let holder = books.bill(onCode: bill.code)
        let begin = clock.now
        let answer = try await client.admin("POST", "bills/\(id(bill.number))/reopen", "{}")
        let seen = Self.reopened(answer)
        let outcome = books.reopen(bill.number, at: span(since: begin), seen: seen)
        note("  \(bill.number): \(outcome)")
        if outcome == .done { changes += 1 }
        guard seen == outcome || seen == .done && outcome == .already else {
            throw ModelDisagreement(
                "reopen \(bill.number): \(answer.status) \(answer.cause ?? ""), "
                    + "the books say \(outcome)")
        }
        if answer.status == 200 { try compare(answer.body, toBill: bill.number, since: begin) }
        if let holder, holder.number != bill.number { try await compareReplaced(holder) }
        try await compareBill(bill.number)
        try await compareInquiry(bill.code)
    }

    private static func reopened(_ answer: ModelClient.Answer) -> Auditor.Reopened? {
        switch (answer.status, answer.cause) {
        case (200, nil): .done
        case (409, "bill_closed"): .refused
        case (409, "payment_undecided"): .undecided
        case (409, "code_taken"): .codeTaken
        default: nil
        }
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
        // A closed bill with an outdated tag could be refused for either reason.
        if bill.state == .open, chance(1, of: 6) {
            let isMissing = chance(1, of: 2)
            let old = oldTags[bill.number] ?? #""another""#
            let headers = isMissing ? [] : [Header("If-Match", old)]
            let answer = try await client.admin("PATCH", path, body, headers: headers)
            var comparison = ModelComparison("edit \(bill.number)")
            comparison.expect("status", answer.status, isMissing ? 428 : 412)
            comparison.expect(
                "cause", answer.cause,
                isMissing ? "precondition_required" : "precondition_failed")
            try comparison.finish()
        } else {
            try await send(edit, body, to: bill, tag: tag)
        }
        try await compareBill(bill.number)
        try await compareInquiry(bill.code)
    }

    private func send(
        _ edit: Auditor.Edit, _ body: String, to bill: Auditor.Bill, tag: String
    ) async throws {
        let type = pick(["application/json", "application/merge-patch+json"]) ?? ""
        let begin = clock.now
        let answer = try await client.admin(
            "PATCH", "bills/\(id(bill.number))", body,
            headers: [Header("If-Match", tag), Header("Content-Type", type)])
        let outcome = books.edit(bill.number, edit, at: span(since: begin))
        note("  \(outcome)")
        var comparison = ModelComparison("edit \(bill.number)")
        switch outcome {
        case .done:
            comparison.expect("status", answer.status, 200)
            let isSame = books.bill(bill.number).map { $0.terms == bill.terms } ?? false
            comparison.expect(
                "the tag \(tag), then \(answer.tag ?? "none")",
                (answer.tag == tag) == isSame)
            if !isSame {
                oldTags[bill.number] = tag
                changes += 1
                lastEdit = clock.now
            }
        case .closed:
            comparison.expect("status", answer.status, 409)
            comparison.expect("cause", answer.cause, "bill_closed")
        case .invalid(let fault):
            comparison.expect("status", answer.status, 422)
            comparison.expect("cause", answer.cause, "invalid_value")
            // Times that contradict each other are named at one that the edit sets.
            let isNamed = fault == .validFrom || Self.fault(answer) == fault
            comparison.expect("\(fault.rawValue) is not named", isNamed)
        }
        try comparison.finish()
    }

    private func newEdit(of bill: Auditor.Bill) -> (Auditor.Edit, String) {
        var edit = Auditor.Edit()
        var fields: [String] = []
        let part = draw(8)
        if part < 5 {
            var amounts = newAmounts()
            // An earlier amount, or a list of which one amount or end has changed.
            if chance(1, of: 4), let amount = pick(bill.amountsEver) {
                amounts = [Auditor.Step(amount)]
            } else if bill.isDated, chance(1, of: 3) {
                amounts = bill.amounts
                let place = draw(amounts.count)
                amounts[place] = Auditor.Step(newAmount(), until: amounts[place].until)
            }
            edit.amounts = amounts
            fields += self.fields(of: amounts)
        }
        if part == 4 || part == 5 {
            let moment = bill.expiresAt != nil && chance(1, of: 3) ? nil : newTime()
            edit.expiry = moment.map { .at($0) } ?? .none
            fields.append(field("expires_at", moment))
        }
        if part == 6 || part == 5 && chance(1, of: 2) {
            let moment = chance(1, of: 3) ? nil : newBeginning()
            edit.validFrom = moment.map { .at($0) } ?? .none
            fields.append(field("valid_from", moment, isBeginning: true))
        }
        if part == 7 {
            let moment = chance(1, of: 3) ? nil : newTime()
            edit.dueAt = moment.map { .at($0) } ?? .none
            fields.append(field("due_at", moment))
        }
        return (edit, "{\(fields.joined(separator: ","))}")
    }
}
