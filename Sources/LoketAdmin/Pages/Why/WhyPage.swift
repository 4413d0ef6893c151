// Why: what a counter was answered, in three parts: what happened, what to tell the customer and
// what can be done. It is for one request, or for a code as it would be answered now. The search
// field leads here.

import Hummingbird
import LoketJSON

struct WhyPage {
    func add(to pages: PageRoutes) {
        pages.get("why", use: show)
    }

    static let path = "/ui/why"
    static func place(request id: String) -> String { path.with([("request", id)]) }
    /// The address for a `request_id` of the API; nil if the request had none.
    static func place(request id: JSONValue?) -> String? {
        id?.string.flatMap { $0.isEmpty ? nil : place(request: $0) }
    }
    static func place(code: String) -> String { path.with([("code", code)]) }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let parameters = try visit.request.parameters(["request", "code", "q"])
            .filter { !$0.value.isEmpty }
        if let id = parameters["request"] { return try await request(id, visit) }
        if let code = parameters["code"] { return try await self.code(code, visit) }
        guard let text = parameters.search else { return .seeOther(PagePlace.today) }
        return try await FindPage(text).answer(visit)
    }

    /// The answer to a request that came. A finding about a payment names a notification, which has
    /// a page of its own.
    private func request(_ id: String, _ visit: Visit) async throws -> Response {
        let found: JSONValue
        do {
            found = try await visit.api.get("/admin/v1/inquiries/" + id.escapedForQuery)
        } catch let problem as Problem where problem.cause == .notFound {
            let search = try? await visit.api.get("/admin/v1/search", [("q", id)])
            guard let sent = search?["notifications"]?.elements.first?.string else { throw problem }
            return .seeOther(NotificationPage.place(sent))
        }
        var (facts, values) = try await Self.explained(found, visit)
        Self.addNear(found["near"], to: &values, visit.words)
        values["technical"] = Self.technical(found)
        return await page(facts, values, visit)
    }

    /// Returns the facts of an explanation and the values of its box.
    static func explained(
        _ found: JSONValue, _ visit: Visit
    ) async throws -> (facts: WhyFacts, values: [String: Any]) {
        let (words, inquiry) = (visit.words, found["inquiry"])
        let rule = WhyRule(explanation: found)
        let facts = try await WhyFacts(rule, explanation: found, visit)
        var values = facts.values
        values["headline"] = words(
            rule.isRefusal ? "why_refused" : "why_accepted",
            [
                "channel": words.channel(inquiry?["channel"]?.string),
                "when": words.moment(inquiry?["received_at"]?.string).map { $0 + " WIB" }
                    ?? words["why_lately"],
                "why": words["short_\(rule.name)"],
            ])
        if let now = try await ruleNow(inquiry, rule, visit), now.name != rule.name {
            // What was to be said and done then is over.
            let present = try await WhyFacts(
                now, code: inquiry?["payment_code"]?.string, billID: inquiry?["bill_id"]?.string,
                account: inquiry?["account"]?.string, visit
            ).values
            for name in ["say", "do", "actions", "decide", "make", "tone"] {
                values[name] = present[name]
            }
            values["now"] = words("why_now", ["why": words["short_\(now.name)"]])
        }
        return (facts, values)
    }

    /// Returns the rule that the inquiry would meet now; nil if it was not answered by its bill, or
    /// if the bill no longer has the code.
    private static func ruleNow(
        _ inquiry: JSONValue?, _ rule: WhyRule, _ visit: Visit
    ) async throws -> WhyRule? {
        guard rule.isOfBill, let code = inquiry?["payment_code"]?.string else { return nil }
        let quote = try await visit.api.getIfAny("/admin/v1/quote", [("payment_code", code)])
        let item = quote?["items"]?.elements.first { item in
            item["account"]?.string == inquiry?["account"]?.string
                && inquiry?["bill_id"]?.string.map { $0 == item["bill_id"]?.string } ?? true
        }
        guard let item else { return nil }
        return try await WhyRule.now(item, visit)
    }

    /// What an inquiry for a code would be answered now.
    private func code(_ text: String, _ visit: Visit) async throws -> Response {
        let words = visit.words
        // A damaged bill has no quote.
        let quote = try await visit.api.getIfAny("/admin/v1/quote", [("payment_code", text)])
        let item = quote?["items"]?.elements.first
        let rule =
            if let item { try await WhyRule.now(item, visit) } else {
                WhyRule(name: quote == nil ? "bill_damaged" : "bill_unknown")
            }
        let facts = try await WhyFacts(
            rule, code: text.filter(\.isNumber), billID: item?["bill_id"]?.string,
            account: item?["account"]?.string, visit)
        let search = try await visit.api.get("/admin/v1/search", [("q", text)])
        var values = facts.values
        values["headline"] = words("why_now", ["why": words["short_\(rule.name)"]])
        Self.addNear(search["near"], to: &values, words)
        values["same_code"] = try await Self.placeOfAll(text, visit)
        let inquiries = search["inquiries"]?.elements ?? []
        if !inquiries.isEmpty {
            let bills = try await CounterList.bills(of: inquiries, visit)
            values["asked"] = [
                "counters": inquiries.map {
                    CounterList.all.row($0, bills[$0["bill_id"]?.string ?? ""], visit)
                }
            ]
        }
        return await page(facts, values, visit)
    }

    private func page(
        _ facts: WhyFacts, _ values: [String: Any], _ visit: Visit
    ) async -> Response {
        let title = facts.title.map { "\(visit.words["why_title"]) · \($0)" }
        return await PageView.page(
            "why", title: title ?? visit.words["why_title"], values, visit)
    }

    // MARK: Parts

    /// Adds the bills with similar codes, and the advice to compare them.
    private static func addNear(
        _ near: JSONValue?, to values: inout [String: Any], _ words: Words
    ) {
        values["near"] = self.near(near, words)
        if values["near"] != nil, values["now"] == nil, values["do"] == nil {
            values["do"] = words["near_compare"]
        }
    }

    /// The address of the list of all bills with a code; nil if there is one bill at most.
    private static func placeOfAll(_ code: String, _ visit: Visit) async throws -> String? {
        let found = try await visit.api.get(
            "/admin/v1/bills", [("payment_code", code), ("limit", "2")])
        let count =
            (found["items"]?.elements.count ?? 0) + (found["damaged"]?.elements.count ?? 0)
        return count > 1 ? BillsPage.path.with([("q", code)]) : nil
    }

    /// The bills whose codes differ by one slip; nil if there are none.
    static func near(_ near: JSONValue?, _ words: Words) -> [String: Any]? {
        let items = near?["items"]?.elements ?? []
        guard !items.isEmpty else { return nil }
        return [
            "items": items.map { item -> [String: Any] in
                let code = item["payment_code"]?.string ?? ""
                var row: [String: Any] = [
                    "code": grouped(code), "path": place(code: code),
                    "invoice": item["invoice_number"]?.string ?? "",
                    "amount": rupiah(item["amount"]?.integer) ?? "",
                    "difference": words["near_\(item["difference"]?.string ?? "")"],
                ]
                row["customer"] = item["customer"]?.string
                return row
            }
        ]
    }

    /// What a technician and DOKU need, in the words of the API.
    private static func technical(_ found: JSONValue) -> String {
        var lines = ["Request-Id: \(found["request_id"]?.string ?? "")"]
        lines += [found["answer"]?["meaning"]?.string].compactMap(\.self)
        lines += [found["would_have_passed"]?.string].compactMap(\.self)
        if let signature = found["signature"], !signature.isNull {
            lines += [signature["received"]?.string.map { "Signature: \($0)" }].compactMap(\.self)
            for finding in signature["findings"]?.elements ?? [] {
                lines.append(
                    ["mistake", "detail", "fix"].compactMap { name in
                        finding.members.first { $0.name == name }?.value.string
                    }.joined(separator: ": "))
            }
        }
        return lines.joined(separator: "\n")
    }
}
