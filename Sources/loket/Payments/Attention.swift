// `loket attention`: lists and resolves reports by DOKU which may mean that money was received or
// returned, although no payment needs a decision.

import ArgumentParser
import LoketCore
import LoketJSON

struct Attention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and resolve reports of DOKU that need a review.",
        subcommands: [AttentionList.self, AttentionResolve.self])
}

struct AttentionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List entries that are not resolved, newest first.")

    @Flag(help: "Include resolved entries.")
    var all = false
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(
            "/admin/v1/attention", part.query + [("resolved", all ? nil : "false")])
        try output.show(
            page: page, orElse: "no report needs a review", columns: AttentionText.columns,
            AttentionText.row)
    }
}

struct AttentionResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Mark an entry as resolved, which removes it from the list.",
        discussion: "No bill and no payment changes: change them first, if necessary.")

    @Argument(help: "The entry's id.")
    var id: Int64
    @Option(help: "What was done about the report.")
    var note: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let entry = try await admin.client().post("/admin/v1/attention/\(id)/resolve") { body in
            if let note { body.field("note", note) }
        }
        try output.show(entry, AttentionText.line)
    }
}

private enum AttentionText {
    static let columns: [Table.Column] = [
        "ID", "SINCE (WIB)", "KIND", "STATUS", .right("AMOUNT"), "INVOICE", "CODE",
        "NOTIFICATION", "PAYMENT", "RESOLVED",
    ]

    static func row(_ entry: JSONValue) -> [Table.Cell] {
        let resolution = entry["resolution"]
        let note = resolution?["note"]?.string.map { ": \($0)" } ?? ""
        return [
            .id(entry["id"]), .time(entry["since"]), Table.Cell(entry["kind"]),
            Table.Cell(entry["status"]), .amount(entry["amount"]),
            Table.Cell(entry["invoice_number"]), Table.Cell(entry["payment_code"]),
            Table.Cell(entry["notification_id"]), Table.Cell(entry["payment_id"]),
            Table.Cell(resolution?["actor"]?.string.map { "by \($0)\(note)" }),
        ]
    }

    static func line(_ entry: JSONValue) -> String {
        let resolution = entry["resolution"]
        let note = resolution?["note"]?.string.map { ": \($0)" } ?? ""
        let parts: [String?] = [
            "#" + shown(entry["id"]), wibTime(entry["since"]),
            shown(entry["kind"]),
            entry["status"]?.string.map { "status \($0)" }, entry["invoice_number"]?.string,
            entry["payment_code"]?.string,
            entry["amount"]?.integer.map { Rupiah.text(whole: $0) },
            "notification \(shown(entry["notification_id"]))",
            entry["payment_id"]?.string.map { "`loket payments show \($0)`" },
            resolution?["actor"]?.string.map { "resolved by \($0)\(note)" },
        ]
        return parts.compactMap(\.self).joined(separator: "  ").visible
    }
}
