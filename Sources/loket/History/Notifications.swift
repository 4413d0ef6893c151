// `loket notifications`: what DOKU reported, as the ledger has it.

import ArgumentParser
import LoketCore
import LoketJSON

struct Notifications: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and show what DOKU sent about payments, byte for byte.",
        subcommands: [NotificationsList.self, NotificationsShow.self])
}

struct NotificationsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List notifications and results of Check Status, newest first.")

    @Option(
        help: """
            Only notifications with this standing: \
            \(Standing.allCases.map(\.rawValue).joined(separator: ", ")).
            """, transform: { try word($0) })
    var standing: Standing?
    @Option(help: "Only notifications of this Client-Id.")
    var account: String?
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(
            "/admin/v1/notifications",
            part.query + [("standing", standing?.rawValue), ("account", account)])
        try output.show(
            page: page, orElse: "no notifications",
            columns: [
                "ID", "RECEIVED (WIB)", "SOURCE", .right("AMOUNT"), "INVOICE", "CODE", "STATUS",
                "STANDING", "PAYMENT",
            ]
        ) { row in
            [
                .id(row["id"]), .time(row["received_at"]), Table.Cell(row["source"]),
                .amount(row["amount"]), Table.Cell(row["invoice_number"]),
                Table.Cell(row["payment_code"]), Table.Cell(row["status"]),
                Table.Cell(row["standing"]), Table.Cell(row["payment_id"]),
            ]
        }
    }
}

struct NotificationsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one notification with its body.",
        discussion: """
            A body that is not UTF-8 is shown in base64; --json has both forms. Exits 1 if there \
            is no such notification.
            """)

    @Argument(help: "The notification's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let found = try await admin.client().get("/admin/v1/notifications/\(id)")
        try output.show(found, Self.page)
    }

    private static func page(_ row: JSONValue) -> String {
        let source =
            row["source"]?.string == "check_status" ? "DOKU's Check Status" : "a notification"
        let payment = row["payment_id"]?.string.map {
            "  payment   \($0), \(shown(row["standing"])): `loket payments show \($0)`"
        }
        let lines: [String?] = [
            "#\(shown(row["id"]))  \(shownTime(row["received_at"]))  \(source)",
            "  account   \(shown(row["account"]))",
            row["target"]?.string.map { "  path      \($0)" },
            row["request_id"]?.string.map { "  request   \($0)" },
            row["timestamp"]?.string.map { "  timestamp \($0)" },
            "  signed    \(row["signed"]?.bool == true ? "yes, verified" : "no")",
            "  status    \(shown(row["status"]))", payment,
            "  repeats   \(row["repeats"]?.integer ?? 0)", "  hash      \(shown(row["hash"]))",
        ]
        let body = row["body"]?.string.map { Self.lines($0) }
        return lines.compactMap(\.self).map(\.visible).joined(separator: "\n") + "\n\n"
            + (body ?? "base64: \(shown(row["body_base64"]))")
    }

    /// Returns the text with its line feeds, and any other control character escaped.
    private static func lines(_ body: String) -> String {
        body.split(separator: "\n", omittingEmptySubsequences: false).map(\.visible)
            .joined(separator: "\n")
    }
}
