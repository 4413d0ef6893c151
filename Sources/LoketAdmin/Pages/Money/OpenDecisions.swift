// What waits for a decision, oldest first: payments, notifications to look at, and notifications
// that did not verify. Each is a card with a question, a note and its buttons.

import LoketJSON

enum OpenDecisions {
    private static let limit = 20
    private static let listMax = 1_000

    /// For the template.
    ///
    /// - Parameters:
    ///   - cursor: of the payments; nil for the first page, which has everything else too.
    ///   - waiting: how many there are in all; nil if the key may not know.
    static func values(
        _ visit: Visit, after cursor: String?, waiting: Int64?
    ) async throws -> [String: Any] {
        let page = try await visit.api.get(
            "/admin/v1/payments",
            [
                ("needs_attention", "true"), ("sort", "oldest"), ("limit", "\(limit)"),
                ("cursor", cursor),
            ])
        var cards: [(at: String, values: [String: Any])] = []
        for payment in page["items"]?.elements ?? [] {
            let card = try await PaymentCard(payment, visit).values()
            cards.append((payment["received_at"]?.string ?? "", card))
        }
        var values: [String: Any] = [:]
        if cursor == nil {
            for entry in try await attention(visit).prefix(limit) {
                cards.append((entry["since"]?.string ?? "", attentionCard(entry, visit)))
            }
            values["quarantine"] = try await quarantine(visit)
        }
        values["cards"] = cards.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element.values)
        let count = waiting ?? Int64(cards.count)
        values["open_title"] = visit.words(
            "money_open", ["count": visit.words.count(count)])
        values["nothing_open"] = cards.isEmpty && values["quarantine"] == nil
        values["more"] = page["next_cursor"]?.string.map {
            MoneyPage.path.with([("decide", $0)])
        }
        return values
    }

    // MARK: Notifications to look at

    /// The entries that are not resolved, oldest first.
    static func attention(_ visit: Visit) async throws -> [JSONValue] {
        let page = try await visit.api.get(
            "/admin/v1/attention", [("resolved", "false"), ("limit", "\(listMax)")])
        return (page["items"]?.elements ?? []).reversed()
    }

    static func attentionCard(
        _ entry: JSONValue, _ visit: Visit, refused: RefusedForm? = nil
    ) -> [String: Any] {
        let words = visit.words
        let id = entry["id"]?.string ?? ""
        let notification = NotificationPage.place(entry["notification_id"]?.string ?? "")
        var look = [["path": notification, "text": words["money_look"]]]
        if let payment = entry["payment_id"]?.string {
            look.append([
                "path": MoneyPage.place(payment: payment), "text": words["money_payment_link"],
            ])
        }
        var card: [String: Any] = [
            "title": words(
                "attention_\(entry["kind"]?.string ?? "")",
                [
                    "status": entry["status"]?.string ?? "–",
                    "invoice": entry["invoice_number"]?.string ?? "–",
                    "amount": rupiah(entry["amount"]?.integer) ?? words["money_no_amount"],
                ]),
            "lead": words.moment(entry["since"]?.string) ?? "", "look": look,
        ]
        if visit.mayWrite {
            var form = NoteForm.values(
                "\(MoneyPage.path)/attention/\(id)", name: "attention-\(id)",
                back: visit.place, words, refused: refused)
            form["buttons"] = [
                [
                    "name": "seen", "value": "1", "text": words["money_seen"], "main": true,
                ] as [String: Any]
            ]
            card["form"] = form
        }
        return card
    }

    // MARK: The quarantine

    private static func quarantine(_ visit: Visit) async throws -> [String: Any]? {
        let page = try await visit.api.get(
            "/admin/v1/quarantine", [("limit", "\(listMax)")])
        let items = page["items"]?.elements ?? []
        guard !items.isEmpty else { return nil }
        let words = visit.words
        return [
            "heading": words(
                "finding_quarantine", ["quarantine": words.count(Int64(items.count))]),
            "retry": visit.mayWrite, "action": "\(MoneyPage.path)/quarantine",
            "back": visit.place,
            "items": items.prefix(limit).map { item -> [String: Any] in
                var row: [String: Any] = [
                    "time": words.moment(item["received_at"]?.string) ?? "",
                    "cause": item["mistake"]?.string ?? item["cause"]?.string ?? "",
                ]
                row["why"] = item["request_id"]?.string.map { WhyPage.place(request: $0) }
                return row
            },
        ]
    }
}
