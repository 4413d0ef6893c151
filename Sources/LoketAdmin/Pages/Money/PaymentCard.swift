// The card of a payment that waits for a decision: the question and its buttons by the payment's
// standing. The API decides whether a button works.

import LoketJSON

struct PaymentCard {
    private let facts: PaymentFacts
    private let visit: Visit
    private let bill: JSONValue?
    private let suggestions: [ChosenBill]

    private var words: Words { visit.words }
    private var payment: JSONValue { facts.payment }
    private var standing: String { payment["standing"]?.string ?? "" }

    /// Reads the bill of the payment, or the bills that it may be for.
    init(_ payment: JSONValue, _ visit: Visit) async throws {
        facts = PaymentFacts(payment, visit.words)
        self.visit = visit
        bill = try await Self.bill(
            payment["bill_id"]?.string, payment["bill_invoice_number"]?.string, visit)
        let facts = facts
        suggestions = ChosenBill.sorted(
            try await Self.suggestions(payment, visit).map { ChosenBill($0, for: facts) })
    }

    /// A bill from the list of its number, because one bill alone comes with its whole history.
    private static func bill(
        _ id: String?, _ invoice: String?, _ visit: Visit
    ) async throws -> JSONValue? {
        guard let id, let invoice else { return nil }
        let found = try await visit.api.get("/admin/v1/bills", [("invoice_number", invoice)])
        return found["items"]?.elements.first { $0["id"]?.string == id }
    }

    /// The bills that an unmatched payment may be for.
    static func suggestions(_ payment: JSONValue, _ visit: Visit) async throws -> [JSONValue] {
        guard payment["standing"]?.string == "unmatched", let id = payment["id"]?.string else {
            return []
        }
        // A payment in a list comes without them.
        let suggested =
            if let known = payment["suggested_bills"] {
                known
            } else {
                try await visit.api.get("/admin/v1/payments/\(id)")["suggested_bills"]
            }
        var bills: [JSONValue] = []
        for suggested in suggested?.elements ?? [] {
            let (id, invoice) = (suggested["id"]?.string, suggested["invoice_number"]?.string)
            if let bill = try await bill(id, invoice, visit) { bills.append(bill) }
        }
        return bills
    }

    // MARK: For the template

    /// - Parameter isAlone: whether the card is on the page of its payment.
    func values(refused: RefusedForm? = nil, isAlone: Bool = false) -> [String: Any] {
        var card: [String: Any] = [
            "title": title, "lead": lead, "suggested": suggestions.map(\.values),
            "look": isAlone ? [] : [["path": facts.path, "text": words["money_look"]]],
        ]
        var links: [[String: String]] = []
        if visit.mayWrite {
            if ["duplicate", "unmatched", "unreadable", "foreign"].contains(standing) {
                let name = standing == "duplicate" ? "money_use_other" : "money_choose_other"
                links.append(["path": facts.path + "/bill", "text": words[name]])
            }
            let buttons = buttons
            if !buttons.isEmpty {
                var form = NoteForm.values(
                    facts.path + "/decide", name: facts.id, back: visit.place, words,
                    refused: refused)
                form["buttons"] = buttons
                form["meaning"] = words.ifAny(
                    "decide_meaning_\(standing)", ["amount": facts.amount])
                card["form"] = form
            }
        }
        card["links"] = links
        return card
    }

    /// The line below the title. The title of `amount_mismatch` has both amounts already.
    private var lead: String {
        guard let bill, ["duplicate", "after_cancel"].contains(standing) else { return facts.lead }
        let chosen = ChosenBill(bill, for: facts)
        return chosen.isSame ? facts.lead : "\(facts.lead) · \(chosen.difference)"
    }

    private var title: String {
        let owed = rupiah(bill?["amount"]?.integer)
        let key = standing == "amount_mismatch" && owed == nil ? "\(standing)_unknown" : standing
        return words(
            "decide_\(key)",
            [
                "amount": facts.amount, "who": facts.who, "owed": owed ?? "",
                "invoice": facts.invoice, "flags": facts.flags.joined(separator: ", "),
            ])
    }

    private var buttons: [[String: Any]] {
        func button(_ name: String, _ value: String, _ text: String, isMain: Bool = false)
            -> [String: Any]
        {
            ["name": name, "value": value, "text": text, "main": isMain]
        }
        let refunded = button("action", "refunded", words["money_refunded"])
        switch standing {
        case "amount_mismatch":
            return [button("action", "accept", words["money_accept"], isMain: true), refunded]
        case "after_cancel":
            return [button("action", "accept", words["money_accept_paid"]), refunded]
        case "duplicate": return [refunded]
        case "unmatched":
            let offered = suggestions.filter { !$0.isTaken }
            return offered.map { chosen in
                let invoice = chosen.bill["invoice_number"]?.string ?? ""
                return button(
                    "bill", chosen.id,
                    offered.count == 1
                        ? words["money_yes"] : words("money_yes_this", ["invoice": invoice]),
                    isMain: offered.count == 1)
            } + [button("action", "dismiss", words["money_not_ours"])]
        case "unreadable": return [button("action", "dismiss", words["money_ignore"])]
        case "settled": return [button("action", "dismiss", words["money_fine"], isMain: true)]
        default: return []
        }
    }
}
