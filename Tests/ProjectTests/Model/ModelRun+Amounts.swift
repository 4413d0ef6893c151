// Amounts by date: lists as an ERP sends them, sometimes faulty, and what the quote route answers.

import LoketCore
import LoketJSON
import TestSupport

extension ModelRun {
    private static let minute: Int64 = 60_000
    private static let day: Int64 = 86_400_000

    func newAmount() -> Int64 { 10_000 + Int64(draw(2_000)) * 250 }

    /// One amount, or a list whose ends lie around now.
    func newAmounts() -> [Auditor.Step] {
        let count = pick([1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 12]) ?? 1
        var end = clock.now.adding(milliseconds: random(in: -Self.day...Self.day))
        let last = Auditor.Step(newAmount())
        let steps = (1..<count).map { _ in
            end = end.adding(milliseconds: newGap())
            if chance(1, of: 3), Self.endOfDay(end) > end { end = Self.endOfDay(end) }
            return Auditor.Step(newAmount(), until: end)
        }
        return chance(1, of: 40) ? spoiled(steps, last) : steps + [last]
    }

    private func newGap() -> Int64 {
        pick([
            1, 1_000, random(in: 1...20 * Self.minute), random(in: 1...Self.day),
            random(in: 1...10 * Self.day),
        ]) ?? 1
    }

    /// Returns a list that is refused.
    private func spoiled(_ steps: [Auditor.Step], _ last: Auditor.Step) -> [Auditor.Step] {
        let end = steps.last?.until ?? clock.now
        let first = Auditor.Step(newAmount(), until: end)
        switch draw(4) {
        case 0: return steps + [first]
        case 1: return [first, first, last]
        case 2:
            let sooner = end.adding(milliseconds: -1)
            return [first, Auditor.Step(newAmount(), until: sooner), last]
        default:
            return (1...12).map {
                Auditor.Step(newAmount(), until: end.adding(milliseconds: Int64($0)))
            } + [last]
        }
    }

    /// Writes the fields `amount` or `amounts`.
    func fields(of steps: [Auditor.Step]) -> [String] {
        let one = steps.count == 1 && steps[0].until == nil
        if one, chance(9, of: 10) { return [#""amount":\#(steps[0].amount)"#] }
        let list = steps.map { step in
            let end = step.until.map { #""until":"\#(text(of: $0))","# } ?? ""
            return #"{\#(end)"amount":\#(step.amount)}"#
        }
        let fields = [#""amounts":[\#(list.joined(separator: ","))]"#]
        // What GET returned can be sent back.
        guard chance(1, of: 4), let amount = pick(steps)?.amount else { return fields }
        return fields + [#""amount":\#(amount)"#]
    }

    func field(_ name: String, _ moment: Moment?, isBeginning: Bool = false) -> String {
        guard let moment else { return "\"\(name)\":null" }
        return "\"\(name)\":\"\(text(of: moment, isBeginning: isBeginning))\""
    }

    // MARK: Comparing

    /// - Parameter begin: A time before the request whose answer is compared.
    func compareTimes(
        _ given: JSONValue, to bill: Auditor.Bill, since begin: Moment,
        _ comparison: inout ModelComparison
    ) {
        let amounts = bill.changes(in: span(since: begin)).map { bill.amount(at: $0) }
        let amount = given["amount"]?.integer ?? 0
        comparison.expect("amount \(amount) is none of \(amounts)", amounts.contains(amount))
        let steps = given["amounts"]?.elements.map { step in
            Auditor.Step(step["amount"]?.integer ?? 0, until: Self.moment(step["until"]))
        }
        comparison.expect("amounts", steps ?? [], bill.isDated ? bill.amounts : [])
        comparison.expect("valid_from", Self.moment(given["valid_from"]), bill.validFrom)
        comparison.expect("expires_at", Self.moment(given["expires_at"]), bill.expiresAt)
        comparison.expect("due_at", Self.moment(given["due_at"]), bill.dueAt)
    }

    private static func moment(_ value: JSONValue?) -> Moment? {
        value?.string.flatMap { Moment(rfc3339: $0) }
    }

    /// Compares what the quote route says about a time with the answer to an inquiry at that time.
    func compareQuote(_ code: String) async throws {
        let bill = books.bill(onCode: code)
        let now = clock.now
        let ahead = Auditor.Span(now, now.adding(milliseconds: 10 * Self.day))
        var at = now.adding(milliseconds: random(in: -Self.day...10 * Self.day))
        if let change = pick(bill?.changes(in: ahead) ?? []), chance(2, of: 3) {
            at = change.adding(milliseconds: pick([-1, 0, 1]) ?? 0)
        }
        let given = try await client.get(
            "quote?payment_code=\(code)&at=\(at.utcMillisecondText)")["items"]?.elements.first
        let expected = books.answers(toInquiryFor: code, at: Auditor.Span(at)).first
        let steps = expected?.amount == nil ? [] : bill?.amounts ?? []
        let step = steps.firstIndex { $0.until.map { at < $0 } ?? true }
        let next = step.flatMap { $0 + 1 < steps.count ? steps[$0 + 1].amount : nil }
        var comparison = ModelComparison("the quote of \(code) on \(at.utcMillisecondText)")
        comparison.expect("bill_id", given?["bill_id"]?.string, bill.map { id($0.number) })
        comparison.expect("amount", given?["amount"]?.integer, expected?.amount)
        comparison.expect(
            "amount_until", Self.moment(given?["amount_until"]), step.flatMap { steps[$0].until })
        comparison.expect("next_amount", given?["next_amount"]?.integer, next)
        try comparison.finish()
    }
}
