// The history of a bill, newest first: inquiries, payments, and changes with their old and new
// values and who made them.

import LoketJSON

struct BillHistory {
    let rows: [[String: Any]]
    /// The cursor of the older entries.
    let next: String?

    private static let limit = 30

    init(_ id: String, cursor: String?, _ visit: Visit) async throws {
        let found = try await visit.api.get(
            "/admin/v1/bills/\(id)/timeline", [("limit", "\(Self.limit)"), ("cursor", cursor)])
        var rows: [[String: Any]] = []
        for entry in found["items"]?.elements ?? [] {
            rows.append(try await Self.row(entry, visit))
        }
        self.rows = rows
        next = found["next_cursor"]?.string
    }

    private static func row(_ entry: JSONValue, _ visit: Visit) async throws -> [String: Any] {
        let words = visit.words
        var row: [String: Any] = ["lines": [String]()]
        if let change = entry["change"], !change.isNull {
            row = self.change(change, words)
        } else if let inquiry = entry["inquiry"], !inquiry.isNull {
            row = self.inquiry(inquiry, words)
        } else if let payment = entry["payment"] {
            row = self.payment(payment, try await decisions(on: payment, visit), words)
        }
        row["when"] = words.moment(entry["at"]?.string).map { $0 + " WIB" }
        return row
    }

    private static func inquiry(_ inquiry: JSONValue, _ words: Words) -> [String: Any] {
        let answeredBy = inquiry["guard"]?.string ?? ""
        let isPayable = answeredBy == "payable"
        var row: [String: Any] = [
            "title": words(
                isPayable ? "bills_asked" : "bills_refused",
                ["channel": words.channel(inquiry["channel"]?.string)]),
            "tag": isPayable
                ? rupiah(inquiry["amount"]?.integer) ?? "" : words["short_\(answeredBy)"],
            "tone": isPayable ? "quiet" : "bad", "lines": [String](),
        ]
        row["why"] = WhyPage.place(request: inquiry["request_id"])
        return row
    }

    /// The decisions on a payment, also those that were taken back: the timeline has the last one.
    private static func decisions(
        on payment: JSONValue, _ visit: Visit
    ) async throws -> [PaymentFacts.Line] {
        let isDecided = payment["resolution"]?.isNull == false
        guard isDecided || payment["needs_attention"]?.bool == true,
            let id = payment["id"]?.string
        else { return [] }
        let whole = try await visit.api.get("/admin/v1/payments/\(id)")
        return PaymentFacts(whole, visit.words).decisions
    }

    private static func payment(
        _ payment: JSONValue, _ decisions: [PaymentFacts.Line], _ words: Words
    ) -> [String: Any] {
        let standing = payment["standing"]?.string ?? ""
        let place = [words.channel(payment["channel"]?.string), payment["store"]?.string]
            .compactMap(\.self).joined(separator: " ")
        var lines = [
            payment["transaction_id"]?.string.map {
                words("bills_transaction", ["id": $0])
            }
        ]
        lines += decisions.map { decision in
            decision.text + (decision.note.map { ": \($0)" } ?? "")
        }
        let tone =
            switch standing {
            case "settled": "good"
            case "foreign", "not_success": "quiet"
            default: "warn"
            }
        var row: [String: Any] = [
            "title": words(
                "bills_money",
                [
                    "amount": rupiah(payment["amount"]?.integer) ?? words["bills_some_money"],
                    "where": place,
                ]),
            "tag": words["standing_\(standing)"], "tone": tone,
            "lines": lines.compactMap(\.self),
        ]
        row["payment"] = link(payment["id"], words)
        return row
    }

    private static func change(_ change: JSONValue, _ words: Words) -> [String: Any] {
        let kind = change["change"]?.string ?? ""
        let who = change["actor"]?.string.map { " " + words("bills_by", ["who": $0]) } ?? ""
        let lines =
            change["detail"]?.string.map { detail in
                // Of a cancellation, the detail is what somebody wrote.
                kind == "cancelled"
                    ? [BillFacts.reason(detail, words)] : BillEditText.lines(detail, words)
            } ?? []
        // A change that a person made by deciding about a payment.
        let decided =
            change["payment_id"]?.string != nil && change["actor"]?.string != nil
            ? words.ifAny("bills_decided_\(kind)") : nil
        var row: [String: Any] = [
            "title": (decided ?? words.ifAny("bills_change_\(kind)") ?? kind) + who,
            "lines": lines,
        ]
        row["payment"] = link(change["payment_id"], words)
        return row
    }

    /// The link to a payment; nil if there is none.
    private static func link(_ id: JSONValue?, _ words: Words) -> [String: String]? {
        (id?.string).map {
            ["path": MoneyPage.place(payment: $0), "text": words("bills_payment", ["id": $0])]
        }
    }
}
