// The values in the sentences of a rule, and the buttons below them: read from the API, as the
// bill, its payments and the pauses are now.

import LoketCore
import LoketJSON

struct WhyFacts {
    private let rule: WhyRule
    private let visit: Visit
    private let account: String?
    private var bill: JSONValue?
    private var tag: String?
    private var pauses: JSONValue?
    private var payment: JSONValue?
    private var texts: [String: String] = [:]

    private var words: Words { visit.words }

    /// Reads what the sentences about an answered request need.
    init(_ rule: WhyRule, explanation: JSONValue, _ visit: Visit) async throws {
        let inquiry = explanation["inquiry"]
        try await self.init(
            rule, code: inquiry?["payment_code"]?.string, billID: inquiry?["bill_id"]?.string,
            account: inquiry?["account"]?.string, before: inquiry?["received_at"]?.string,
            visit)
        let then = explanation["bill"]?["then"]
        texts["channel"] = words.channel(inquiry?["channel"]?.string)
        texts["other_channel"] =
            words[inquiry?["channel"]?.string == "indomaret" ? "shops_alfa" : "shops_indomaret"]
        texts["amount"] = rupiah(inquiry?["amount"]?.integer) ?? texts["amount"]
        texts["until"] = words.moment(then?["expires_at"]?.string) ?? texts["until"]
        texts["from"] = words.moment(then?["valid_from"]?.string) ?? texts["from"]
        texts["span"] = inquiry?["skew_ms"]?.integer.map { words.span(milliseconds: $0) }
    }

    /// - Parameters:
    ///   - account: the account of the request; nil if it is not known.
    ///   - before: the time of the request; nil for now.
    init(
        _ rule: WhyRule, code: String?, billID: String?, account: String? = nil,
        before: String? = nil, _ visit: Visit
    ) async throws {
        self.rule = rule
        self.account = account
        self.visit = visit
        if let billID {
            do {
                let answer = try await visit.api.send(.get, "/admin/v1/bills/\(billID)")
                (bill, tag) = (answer.json, answer.tag)
            } catch let problem as Problem where problem.cause != .keyMissing {
                // A damaged or forgotten bill: the sentences do without it.
            }
        }
        if rule.name == "paused" { pauses = try await visit.api.get("/admin/v1/pauses") }
        if rule.name == "bill_paid", let billID {
            let timeline = try await visit.api.getIfAny(
                "/admin/v1/bills/\(billID)/timeline", [("limit", "50")])
            let payments = (timeline?["items"]?.elements ?? []).compactMap { $0["payment"] }
                .filter { !$0.isNull }
            payment = payments.last { $0["standing"]?.string == "settled" } ?? payments.first
        }
        texts["code"] = grouped(code ?? "")
        texts["digits"] = "\(code?.count ?? 0)"
        texts["amount"] = rupiah(bill?["amount"]?.integer)
        texts["until"] = words.moment(bill?["expires_at"]?.string)
        texts["from"] = words.moment(bill?["valid_from"]?.string)
        addPayment()
        addCancellation()
        addPause(before)
    }

    // MARK: Values

    private mutating func addPayment() {
        if let payment {
            let time = payment["dated_at"]?.string ?? payment["received_at"]?.string
            texts["when"] = words.moment(time)
            texts["where"] = [
                words.channel(payment["channel"]?.string), payment["store"]?.string,
            ].compactMap(\.self).joined(separator: " ")
        }
        guard let held = bill?["held_by"]?.elements.first?["amount"]?.integer,
            let owed = bill?["amount"]?.integer
        else { return }
        texts["came"] = rupiah(held)
        texts["amount"] = rupiah(owed)
        texts["difference"] = words(
            held < owed ? "held_short" : held > owed ? "held_over" : "held_other",
            ["amount": Rupiah.text(whole: abs(held - owed))])
    }

    private mutating func addCancellation() {
        guard rule.name == "bill_cancelled",
            let last = bill?["history"]?.elements.last(where: {
                $0["change"]?.string == "cancelled"
            })
        else { return }
        texts["who"] = last["actor"]?.string ?? words["nobody"]
        texts["when"] = words.moment(last["at"]?.string)
        let reason = bill?["cancel_reason"]?.string ?? last["detail"]?.string
        texts["reason"] = reason.map { ": " + BillFacts.reason($0, words) }
    }

    /// The pause in force at the time of the request, which is the last one that began before it;
    /// or the one in force now.
    private mutating func addPause(_ before: String?) {
        guard rule.name == "paused" else { return }
        let begun = (pauses?["history"]?.elements ?? []).filter { change in
            change["change"]?.string == "paused" && concerns(change)
                && change["at"]?.string ?? "" <= before ?? ""
        }
        let last = begun.max { ($0["at"]?.string ?? "") < ($1["at"]?.string ?? "") }
        let present = pauses?["pauses"]?.elements.first(where: concerns)
        guard let pause = before == nil ? present : last else { return }
        texts["who"] = pause["actor"]?.string ?? words["nobody"]
        texts["when"] = words.moment((pause["paused_at"] ?? pause["at"])?.string)
        texts["reason"] = pause["reason"]?.string.map { ": \($0)" }
    }

    /// Whether a pause is of the request's account or of all.
    private func concerns(_ pause: JSONValue) -> Bool {
        pause["account"]?.string.map { $0 == account } ?? true
    }

    // MARK: For the template

    /// What the page is about; nil if no bill is known.
    var title: String? {
        guard let bill else { return texts["code"].flatMap { $0.isEmpty ? nil : $0 } }
        return [bill["customer"]?["name"]?.string, bill["invoice_number"]?.string]
            .compactMap(\.self).joined(separator: " · ")
    }

    var values: [String: Any] {
        var values: [String: Any] = [
            "what": sentence("what"), "say": sentence("say"),
            "tone": rule.tone,
        ]
        values["title"] = title ?? words["why_title"]
        if let bill {
            values["bill"] = BillLine.values(bill, words)
        }
        if rule.name == "bill_held", let held = bill?["held_by"]?.elements.first {
            values["decide"] = held["id"]?.string.map { MoneyPage.place(payment: $0) }
        }
        if visit.mayWrite {
            values["actions"] = actions
            if rule.name == "bill_unknown", let code = texts["code"], !code.isEmpty {
                values["make"] = NewBillPage.place(code: code.filter { $0 != " " })
            }
        }
        if mayBeDone { values["do"] = words.ifAny("do_\(rule.name)", texts) }
        return values
    }

    /// Whether what a rule advises has its button, or needs none.
    private var mayBeDone: Bool {
        switch rule.name {
        case "bill_expired": visit.mayWrite && bill?.billState == "expired"
        case "bill_cancelled": visit.mayWrite && bill?.billState == "cancelled"
        case "bill_held": bill?["held_by"]?.elements.isEmpty == false
        default: true
        }
    }

    /// A rule has a second sentence for the case that the values of the first are unknown.
    private func sentence(_ part: String) -> String {
        let key = "\(part)_\(rule.name)"
        let needed = words[key].matches(of: /\{([a-z_]+)\}/).map { String($0.output.1) }
        let isWhole = needed.allSatisfy { $0 == "reason" || texts[$0] != nil }
        if !isWhole, let other = words.ifAny(key + "_unknown", texts) { return other }
        return words(key, texts)
    }

    /// The buttons, as the bill and the pauses are now; the API decides whether they work.
    private var actions: [[String: Any]] {
        var actions: [[String: Any]] = []
        func add(
            _ path: String, _ key: String, _ fields: [(String, String)], takesDate: Bool = false
        ) {
            let list = fields.map { ["name": $0.0, "value": $0.1] }
            actions.append(
                ["path": path, "text": words[key], "fields": list, "takes_date": takesDate])
        }
        if let bill, let id = bill["id"]?.string {
            let state = bill["state"]?.string
            if state == "open", bill["expired"]?.bool == true {
                add(
                    "/ui/bills/\(id)/extend", "extend_button", [("tag", tag ?? "")],
                    takesDate: true)
            }
            if state == "cancelled" { add("/ui/bills/\(id)/reopen", "reopen_button", []) }
        }
        if let pause = pauses?["pauses"]?.elements.first(where: concerns) {
            add("/ui/resume", "resume_button", [("account", pause["account"]?.string ?? "")])
        }
        return actions
    }
}
