// One bill: its terms, why a counter refuses it, what can be done, and its history.

import Hummingbird
import LoketJSON

struct BillPage {
    func add(to pages: PageRoutes) {
        pages.get("bills/:id", use: show)
    }

    /// Returns the bill that the address names.
    static func bill(_ visit: Visit) async throws -> JSONValue {
        try await visit.api.get("/admin/v1/bills/" + visit.addressedID.escapedForQuery)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let cursor = try visit.request.parameters(["cursor"])["cursor"]
        let bill = try await Self.bill(visit)
        var values = BillLine.values(bill, visit.words)
        let title = [bill["customer"]?["name"]?.string, bill["invoice_number"]?.string]
            .compactMap(\.self).joined(separator: " · ")
        values["title"] = title
        // The API decides; a button that it would refuse is not offered.
        let state = bill["state"]?.string ?? ""
        values["may_edit"] = state == "open"
        values["may_cancel"] = ["open", "held"].contains(state)
        values["may_forget"] = !["open", "held"].contains(state)
        values["may_print"] = SlipPage.isFor(bill)
        if let advice = try await advice(bill, visit) {
            values["advice"] = advice
        } else {
            let facts = try await WhyFacts(
                WhyRule(name: "payable"), code: bill["payment_code"]?.string,
                billID: bill["id"]?.string, visit)
            values["actions"] = facts.values["actions"]
        }
        values["facts"] = try await BillFacts(bill, visit).values
        if let id = bill["import_id"]?.string {
            values["import"] = [
                "path": ImportPage.place(id), "text": visit.words("bills_see_import", ["id": id]),
            ]
        }
        let history = try await BillHistory(bill["id"]?.string ?? "", cursor: cursor, visit)
        values["history"] = history.rows
        let place = BillLine.place(bill["id"]?.string)
        if cursor != nil { values["newest"] = place }
        values["older"] = history.next.map { place.with([("cursor", $0)]) }
        return await PageView.page("bill", title: title, values, visit)
    }

    /// Returns why an inquiry would be declined now, or why the last one was refused if nothing
    /// declines one now.
    private func advice(_ bill: JSONValue, _ visit: Visit) async throws -> [String: Any]? {
        let (id, code) = (bill["id"]?.string, bill["payment_code"]?.string)
        // Another bill may have the code by now, or may be damaged.
        let quote = try await visit.api.getIfAny("/admin/v1/quote", [("payment_code", code)])
        let item = quote?["items"]?.elements.first { $0["bill_id"]?.string == id }
        var now: String?
        if let item { now = try await WhyRule.now(item, visit).name }
        let inquiries = try await visit.api.get(
            "/admin/v1/inquiries", [("bill_id", id), ("limit", "1")])
        let last = inquiries["items"]?.elements.first
        let isRefused = last.map { $0["guard"]?.string != "payable" } ?? false
        var values: [String: Any]
        if isRefused, [nil, "payable", last?["guard"]?.string].contains(now),
            let requestID = last?["request_id"]?.string,
            let found = try await visit.api.getIfAny(
                "/admin/v1/inquiries/" + requestID.escapedForQuery)
        {
            values = try await WhyPage.explained(found, visit).values
        } else if let now, now != "payable" {
            let facts = try await WhyFacts(
                WhyRule(name: now), code: code, billID: id, account: bill["account"]?.string, visit)
            values = facts.values
            values["headline"] = visit.words("why_now", ["why": visit.words["short_\(now)"]])
        } else {
            return nil
        }
        // Nothing is wrong with a paid bill.
        if bill["state"]?.string == "paid" { values["tone"] = "good" }
        return values
    }
}
