// A payment of the API in words: its amount, who paid, where and when, and its standing.

import LoketJSON

struct PaymentFacts {
    let payment: JSONValue
    let words: Words

    init(_ payment: JSONValue, _ words: Words) {
        (self.payment, self.words) = (payment, words)
    }

    var id: String { payment["id"]?.string ?? "" }
    var path: String { MoneyPage.place(payment: id) }
    var amount: String { rupiah(payment["amount"]?.integer) ?? words["money_no_amount"] }

    /// The number of the bill, or the number that was paid if it has no bill.
    var invoice: String {
        payment["bill_invoice_number"]?.string ?? payment["invoice_number"]?.string ?? "–"
    }

    /// The customer, or the number that was paid.
    var who: String { payment["customer"]?.string ?? invoice }

    var billPath: String? {
        payment["bill_id"]?.string.map { BillLine.place($0) }
    }

    var counter: String {
        [words.channel(payment["channel"]?.string), payment["store"]?.string]
            .compactMap(\.self).joined(separator: " ")
    }

    /// The time that the API orders payments by.
    var at: String? { payment["dated_at"]?.string ?? payment["received_at"]?.string }
    var moment: String { words.moment(at) ?? "" }

    /// The standing with the flags, as `cocok, terlambat`.
    var standing: String {
        ([words["standing_\(payment["standing"]?.string ?? "")"]] + flags)
            .joined(separator: ", ")
    }

    var flags: [String] {
        (payment["flags"]?.elements ?? []).compactMap(\.string).map { words["flag_\($0)"] }
    }

    var needsDecision: Bool { payment["needs_attention"]?.bool == true }

    var tone: String {
        needsDecision ? "warn" : payment["standing"]?.string == "settled" ? "good" : "quiet"
    }

    /// The standing before anybody decided.
    var firstStanding: String { words["standing_\(payment["classified_as"]?.string ?? "")"] }

    /// Of a page that has the standing below it.
    var heading: String { "\(amount) · \(who)" }

    /// What the payment is, whatever was decided.
    var title: String { "\(heading) · \(firstStanding)" }

    /// A line below a title.
    var lead: String {
        var parts = [moment, counter, invoice]
        if let code = payment["payment_code"]?.string {
            parts.append(words("money_code", ["code": grouped(code)]))
        }
        return (parts + (payment["standing"]?.string == "settled" ? [] : flags))
            .joined(separator: " · ")
    }

    /// A sentence with the note that somebody wrote.
    struct Line {
        let text: String
        let note: String?
    }

    /// The decisions, oldest first; one that was taken back has a second line.
    var decisions: [Line] {
        (payment["decisions"]?.elements ?? []).flatMap { decision in
            let made = Line(
                text: Self.sentence(decision, words), note: decision["note"]?.string)
            guard let reopened = decision["reopened"], !reopened.isNull else { return [made] }
            let text = words(
                "decided_back",
                [
                    "who": reopened["actor"]?.string ?? words["nobody"],
                    "when": words.moment(reopened["at"]?.string) ?? "",
                ])
            return [made, Line(text: text, note: reopened["note"]?.string)]
        }
    }

    /// A decision as a sentence: what, by whom and when.
    static func sentence(_ decision: JSONValue, _ words: Words) -> String {
        words(
            "decided_\(decision["action"]?.string ?? "")",
            [
                "who": decision["actor"]?.string ?? words["nobody"],
                "when": words.moment(decision["at"]?.string) ?? "",
            ])
    }
}
