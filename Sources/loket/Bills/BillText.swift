// Text for a bill in the terminal: one line in a list, or a detailed view. Times are in Jakarta
// time.

import LoketCore
import LoketJSON

enum BillText {
    static func line(_ bill: JSONValue) -> String {
        let expires = wibTime(bill["expires_at"]).map { "until \($0)" }
        let due = wibTime(bill["due_at"]).map { "due \($0)" }
        let parts = [
            "#" + shown(bill["id"]), shown(bill["payment_code"]), shown(bill["invoice_number"]),
            shownAmount(bill["amount"]), state(bill), expires, due,
            shown(bill["customer"]?["name"]),
        ]
        return parts.compactMap(\.self).joined(separator: "  ")
    }

    static func table() -> Table {
        Table([
            "ID", "CODE", "INVOICE", .right("AMOUNT"), "STATE", "EXPIRES (WIB)", "DUE (WIB)",
            "CUSTOMER",
        ])
    }

    static func row(_ bill: JSONValue) -> [Table.Cell] {
        [
            .id(bill["id"]), Table.Cell(bill["payment_code"]),
            Table.Cell(bill["invoice_number"]), .amount(bill["amount"]),
            Table.Cell(state(bill), colour(bill)), .time(bill["expires_at"]),
            .time(bill["due_at"]), Table.Cell(bill["customer"]?["name"]),
        ]
    }

    private static func colour(_ bill: JSONValue) -> Colour? {
        switch bill["state"]?.string {
        case "paid": .green
        case "held": .red
        case "open" where bill["expired"]?.bool == true: .yellow
        default: nil
        }
    }

    static func page(_ bill: JSONValue) -> String {
        var lines = [line(bill)]
        lines.append("  account   \(shown(bill["account"]))")
        if let bin = bill["bin"]?.string {
            lines.append("  BIN       \(bin), unique code \(shown(bill["unique_code"]))")
        }
        lines += amounts(bill)
        if let time = wibTime(bill["valid_from"]) { lines.append("  valid     from \(time)") }
        lines.append("  e-mail    \(shown(bill["customer"]?["email"]))")
        lines.append("  info      \(shown(bill["info"]))")
        if let metadata = bill["metadata"], !metadata.isNull {
            lines.append("  metadata  \(String(decoding: metadata.minified, as: UTF8.self))")
        }
        let holding = bill["held_by"]?.elements ?? []
        for payment in holding {
            let id = shown(payment["id"])
            lines.append(
                "  held by   payment \(id): \(paid(payment)) of "
                    + "\(shownAmount(bill["amount"])), \(shown(payment["standing"])); decide: "
                    + "`loket payments show \(id)`")
        }
        for change in bill["history"]?.elements ?? [] {
            let by = change["actor"]?.string.map { " by \($0)" } ?? ""
            let why = change["detail"]?.string.map { ": \($0.inWIB)" } ?? ""
            let payment =
                change["payment_id"]?.string.map { id in
                    let holder = holding.first { $0["id"]?.string == id }
                    let what = holder.map { ": \(paid($0)), \(shown($0["standing"]))" } ?? ""
                    return ", payment \(id)\(what)"
                } ?? ""
            lines.append(
                "  \(shown(change["change"]))\(by) \(wibTime(change["at"]) ?? "")\(why)\(payment)")
        }
        return lines.map(\.visible).joined(separator: "\n")
    }

    /// Returns a line for each dated amount.
    private static func amounts(_ bill: JSONValue) -> [String] {
        (bill["amounts"]?.elements ?? []).enumerated().map { index, step in
            let end = wibTime(step["until"]).map { "until \($0)" } ?? "after that"
            let head = index == 0 ? "amounts   " : "          "
            return "  \(head)\(shownAmount(step["amount"])) \(end)"
        }
    }

    /// Returns a line for each bill on a page that the service could not read.
    static func damaged(_ page: JSONValue) -> [String] {
        (page["damaged"]?.elements ?? []).compactMap(\.string).map { damaged($0) }
    }

    static func damaged(_ id: String) -> String {
        "bill \(id) is damaged: " + damagedBillRemedy(id)
    }

    private static func paid(_ payment: JSONValue) -> String {
        payment["amount"]?.isNull == false ? shownAmount(payment["amount"]) : "an unknown amount"
    }

    private static func state(_ bill: JSONValue) -> String {
        let state = shown(bill["state"])
        let reusable = bill["reusable"]?.bool == true ? " reusable" : ""
        let expired = state == "open" && bill["expired"]?.bool == true ? " expired" : ""
        return state + reusable + expired
    }
}
