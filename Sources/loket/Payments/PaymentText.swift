// Text for a payment in the terminal: one line in a list, or a detailed view with the possible
// decisions. Times are in Jakarta time.

import LoketCore
import LoketJSON

enum PaymentText {
    static let columns: [Table.Column] = [
        "ID", "PAID (WIB)", .right("AMOUNT"), "CHANNEL", "CUSTOMER", "INVOICE", "CODE", "STATUS",
        "BILL", "DECISION",
    ]

    static func row(_ payment: JSONValue) -> [Table.Cell] {
        let needsDecision = payment["needs_attention"]?.bool == true
        let own = payment["dated_at"].flatMap { $0.isNull ? nil : $0 }
        return [
            .id(payment["id"]), .time(own ?? payment["received_at"]), .amount(payment["amount"]),
            Table.Cell(payment["channel"]), Table.Cell(payment["customer"]),
            Table.Cell(payment["invoice_number"]), Table.Cell(payment["payment_code"]),
            Table.Cell(status(payment), needsDecision ? .red : nil), Table.Cell(payment["bill_id"]),
            Table.Cell(decision(payment)),
        ]
    }

    /// Returns a text such as `#7 settled, store B071, transaction 1246`.
    static func details(_ payment: JSONValue) -> String {
        let parts = [
            "#\(shown(payment["id"])) \(status(payment))", place(payment), decision(payment),
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// Returns a text such as `store B071, transaction 1246`; nil if neither is known.
    private static func place(_ payment: JSONValue) -> String? {
        let parts = [
            payment["store"]?.string.map { "store \($0)" },
            payment["transaction_id"]?.string.map { "transaction \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func status(_ payment: JSONValue) -> String {
        let flags = (payment["flags"]?.elements ?? []).compactMap(\.string)
        return ([shown(payment["standing"])] + flags).joined(separator: ", ")
    }

    static func line(_ payment: JSONValue) -> String {
        let parts: [String?] = [
            "#" + shown(payment["id"]), wibTime(payment["received_at"]),
            payment["amount"]?.integer.map { Rupiah.text(whole: $0) } ?? "an unknown amount",
            payment["invoice_number"]?.string, payment["payment_code"]?.string,
            status(payment),
            payment["bill_id"]?.string.map { "bill \($0)" }, decision(payment),
        ]
        return parts.compactMap(\.self).joined(separator: "  ").visible
    }

    static func page(_ payment: JSONValue) -> String {
        var lines = [
            line(payment), "  account  \(shown(payment["account"]))",
            "  paid     \(wibTime(payment["dated_at"]) ?? "at an unreadable time"), according to "
                + (payment["source"]?.string == "check_status"
                    ? "DOKU's Check Status" : "DOKU's notification"),
        ]
        if let name = payment["customer"]?.string { lines.append("  customer \(name)") }
        let counter = [payment["channel"]?.string, place(payment)].compactMap(\.self)
        if !counter.isEmpty { lines.append("  counter  \(counter.joined(separator: ", "))") }
        let suggested = payment["suggested_bills"]?.elements ?? []
        lines += suggested.map { bill in
            "  possible bill \(shown(bill["id"])), \(shown(bill["invoice_number"])), "
                + "\(Rupiah.text(whole: bill["amount"]?.integer ?? 0)), \(shown(bill["state"]))"
        }
        lines += (payment["decisions"]?.elements ?? []).map { decision in
            let back = wibTime(decision["reopened"]?["at"]).map { ", reopened \($0)" } ?? ""
            return "  decided  \(words(decision))\(back)"
        }
        if payment["needs_attention"]?.bool == true { lines += choices(payment) }
        return lines.map(\.visible).joined(separator: "\n")
    }

    private static func choices(_ payment: JSONValue) -> [String] {
        let resolve = "loket payments resolve \(shown(payment["id"])) --action"
        let needsBill = payment["bill_id"]?.isNull != false
        return [
            "  decide   `\(resolve) accept\(needsBill ? " --bill-id ID" : "")`: the money is for "
                + (needsBill ? "the bill with this id" : "the bill, even if the amounts differ"),
            "           `\(resolve) refunded`: the money was given back",
            "           `\(resolve) dismiss`: neither; the payment leaves the list",
        ]
    }

    private static func decision(_ payment: JSONValue) -> String? {
        if payment["needs_attention"]?.bool == true { return "needs a decision" }
        guard let resolution = payment["resolution"], resolution.isObject else { return nil }
        return words(resolution)
    }

    /// Returns a text such as `refunded by ops 2026-11-29 14:00 WIB: given back at the counter`.
    private static func words(_ resolution: JSONValue) -> String {
        let bill = resolution["bill_id"]?.string.map { " for bill \($0)" } ?? ""
        let note = resolution["note"]?.string.map { ": \($0)" } ?? ""
        return "\(shown(resolution["action"]))\(bill) by \(shown(resolution["actor"])) "
            + (wibTime(resolution["at"]) ?? "") + note
    }
}
