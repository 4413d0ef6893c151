// One notification as DOKU sent it: its fields and its body.

import Hummingbird
import LoketJSON

struct NotificationPage {
    func add(to pages: PageRoutes) {
        pages.get("money/notifications/:id", use: show)
    }

    static func place(_ id: String) -> String {
        "\(MoneyPage.path)/notifications/\(id.escapedForQuery)"
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        _ = try visit.request.parameters([])
        let words = visit.words
        let sent = try await visit.api.get(
            "/admin/v1/notifications/\(visit.addressedID.escapedForQuery)")
        let payment = sent["payment_id"]?.string
        var rows = FactRows(words)
        rows.add("fact_received", words.moment(sent["received_at"]?.string))
        rows.add("fact_status", sent["status"]?.string)
        rows.add("fact_first", sent["standing"]?.string.map { words["standing_\($0)"] })
        rows.add(
            "fact_payment", payment, path: payment.map { MoneyPage.place(payment: $0) })
        rows.add("fact_invoice", sent["invoice_number"]?.string)
        rows.add("fact_code", sent["payment_code"]?.string.map(grouped))
        rows.add("col_amount", rupiah(sent["amount"]?.integer))
        rows.add("fact_source", words["source_\(sent["source"]?.string ?? "")"])
        rows.add(
            "fact_signed",
            sent["signed"]?.bool.map { words[$0 ? "word_yes" : "word_no"] })
        rows.add("fact_repeats", sent["repeats"]?.integer.map(words.count))
        rows.add("fact_account", visit.account(sent["account"]?.string))
        rows.add(name: "Request-Id", sent["request_id"]?.string)
        rows.add(name: "Request-Timestamp", sent["timestamp"]?.string)
        rows.add("fact_target", sent["target"]?.string)
        rows.add("fact_hash", sent["hash"]?.string)
        let title = words("money_notification", ["number": visit.addressedID])
        var values: [String: Any] = ["title": title, "facts": rows.list]
        values["body"] = sent["body"]?.string ?? sent["body_base64"]?.string
        return await PageView.page("notification", title: title, values, visit)
    }
}
