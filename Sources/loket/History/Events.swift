// `loket events`: the feed of every change, oldest first.

import ArgumentParser
import LoketCore
import LoketJSON
import LoketStore

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List every change in order, and follow the changes to come.",
        discussion: """
            Without --after, begins with the first event; with --follow, with the next. The \
            command for the events after this page is printed below it.

            With --follow the command prints each event as it comes, until Ctrl-C, and goes on \
            where it was after a restart of the service. With --json, each event is then one line.

            Exits 1 if the cursor is that of a database that was restored since: begin again with \
            --after 0.

            Example: loket events --follow --types payment.settled,payment.flagged
            """)

    @Option(
        help: ArgumentHelp(
            """
            Events after this one: an event's id, 0 for the first event, or `end`: only events \
            from now on.
            """,
            valueName: "id"))
    var after: String?
    @Option(
        help: ArgumentHelp(
            """
            Only events of these types, with commas between them: \
            \(Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """, valueName: "list"))
    var types: String?
    @Flag(name: .shortAndLong, help: "Print the events to come, as they come.")
    var follow = false
    @Option(help: "Events in one page, 1 to \(Limits.pageItemsMax).")
    var limit = Limits.pageItemsDefault
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    private static let path = "/admin/v1/events"

    func run() async throws {
        let client = try admin.client()
        let filter: Query = [("types", types), ("limit", "\(limit)")]
        guard follow else { return try await list(client, filter) }
        var hasHeader = false
        let following = Following(client: client, path: Self.path, filter: filter)
        // `end` is another place after each event, so it is asked for once.
        var start = after ?? "end"
        if start == "end" { start = try await following.end() }
        try await following.pages(after: start) { page in
            guard !output.json else { return try Self.printEach(page) }
            let table = EventText.table(page)
            if Screen.isThere, !hasHeader { try Output.print(table.header) }
            hasHeader = true
            try Output.print(table.lines.joined(separator: "\n"))
        }
    }

    private func list(_ client: AdminClient, _ filter: Query) async throws {
        let page = try await client.get(Self.path, filter + [("after", after)])
        guard !output.json else { return try output.show(page) { _ in "" } }
        let table = EventText.table(page)
        var notes: [String] = []
        if page["has_more"]?.bool == true, let cursor = page["next_cursor"]?.string {
            let types = types.map { " --types \(shellWord($0))" } ?? ""
            notes = ["next page: `loket events\(types) --after \(cursor)`"]
        } else if table.isEmpty {
            notes = [after == nil && types == nil ? "no events" : "no such events"]
        }
        try table.print(notes)
    }

    static func printEach(_ page: JSONValue) throws {
        for item in page["items"]?.elements ?? [] {
            try Output.print(String(decoding: item.minified, as: UTF8.self))
        }
    }
}

private enum EventText {
    static func table(_ page: JSONValue) -> Table {
        var table = Table([
            .left("ID", width: 18), .left("TIME (WIB)", width: 19), .left("TYPE", width: 17),
            .right("AMOUNT", width: 13), .left("INVOICE", width: 16), "ABOUT",
        ])
        for event in page["items"]?.elements ?? [] { table.add(row(event)) }
        return table
    }

    private static func row(_ event: JSONValue) -> [Table.Cell] {
        let (bill, payment) = (event["bill"], event["payment"])
        let isPaid = payment?.isObject == true
        return [
            Table.Cell(event["id"]), .time(event["at"]),
            Table.Cell(event["type"]?.string, colour(event["type"]?.string ?? "")),
            .amount((isPaid ? payment : bill)?["amount"]),
            Table.Cell((isPaid ? payment : bill)?["invoice_number"]), Table.Cell(about(event)),
        ]
    }

    private static func colour(_ type: String) -> Colour? {
        switch Event.Kind(rawValue: type) {
        case .paymentSettled, .findingEnded: .green
        case .paymentFlagged, .attentionRaised, .billHeld: .yellow
        case .findingBegan: .red
        default: nil
        }
    }

    /// Returns a text such as `payment 7 settled, bill 41 paid`.
    private static func about(_ event: JSONValue) -> String {
        func object(_ name: StaticString) -> JSONValue? {
            event[name].flatMap { $0.isObject ? $0 : nil }
        }
        let parts = [
            object("payment").map { payment in
                let flags = (payment["flags"]?.elements ?? []).compactMap(\.string)
                return (["payment \(shown(payment["id"])) \(shown(payment["standing"]))"] + flags)
                    .joined(separator: ", ")
            },
            object("bill").map { "bill \(shown($0["id"])) \(shown($0["state"]))" },
            object("import").map { item in
                "import \(shown(item["id"])): \(shown(item["bills_created"])) created, "
                    + "\(shown(item["bills_changed"])) changed"
            },
            object("attention").map { "attention \(shown($0["id"])), \(shown($0["kind"]))" },
            object("finding").map { "\(shown($0["name"])): \(shown($0["sentence"]))" },
        ]
        let text = parts.compactMap(\.self).joined(separator: ", ")
        return text.isEmpty ? "-" : text
    }
}
