// The card of a payment that waits for a decision: the question and its buttons by the payment's
// standing. The API decides whether a button works.

import LoketJSON

struct PaymentCard {
    private let facts: PaymentFacts
    private let visit: Visit
    private let bill: JSONValue?
    private let suggestions: [JSONValue]

    private var words: Words { visit.words }
    private var payment: JSONValue { facts.payment }
    private var standing: String { payment["standing"]?.string ?? "" }

    /// Reads the bill of the payment, or the bills that it may be for.
    init(_ payment: JSONValue, _ visit: Visit) async throws {
        facts = PaymentFacts(payment, visit.words)
        self.visit = visit
        bill = try await Self.bill(
            payment["bill_id"]?.string, payment["bill_invoice_number"]?.string, visit)
        suggestions = try await Self.suggestions(payment, visit)
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

    func values(refused: RefusedForm? = nil) -> [String: Any] {
        var card: [String: Any] = [
            "title": title, "lead": facts.lead,
            "suggested": suggestions.map { bill in
                [
                    "text": Self.text(bill),
                    "path": BillLine.place(bill["id"]?.string),
                ]
            },
        ]
        var links = [["path": facts.path, "text": words["money_look"]]]
        if visit.mayWrite {
            if ["duplicate", "unmatched", "unreadable", "foreign"].contains(standing) {
                let name = standing == "duplicate" ? "money_use_other" : "money_choose_other"
                links.insert(["path": facts.path + "/bill", "text": words[name]], at: 0)
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

    /// A bill in one line.
    static func text(_ bill: JSONValue) -> String {
        [
            bill["invoice_number"]?.string, bill["customer"]?["name"]?.string,
            rupiah(bill["amount"]?.integer),
        ].compactMap(\.self).joined(separator: ", ")
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
            return suggestions.map { bill in
                let invoice = bill["invoice_number"]?.string ?? ""
                return button(
                    "bill", bill["id"]?.string ?? "",
                    suggestions.count == 1
                        ? words["money_yes"] : words("money_yes_this", ["invoice": invoice]),
                    isMain: suggestions.count == 1)
            } + [button("action", "dismiss", words["money_not_ours"])]
        case "unreadable": return [button("action", "dismiss", words["money_ignore"])]
        case "settled": return [button("action", "dismiss", words["money_fine"], isMain: true)]
        default: return []
        }
    }
}
