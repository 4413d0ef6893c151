// `loket tail`: the journal of inquiries as it comes.

import ArgumentParser
import LoketCore
import LoketJSON

struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the newest inquiries, and each one that comes.",
        discussion: """
            Prints the latest inquiries, oldest first, and then each new one until Ctrl-C; goes on \
            where it was after a restart of the service. With --json, each inquiry is one line. \
            Colour is used on a terminal only, and never if NO_COLOR is set.

            Examples: loket tail --refused
              loket tail --lines 100 --no-follow --code 88965112345678
            """)

    @OptionGroup var filter: InquiryFilterOptions
    @Option(help: "The number of earlier inquiries to show first, up to \(Limits.pageItemsMax).")
    var lines = 10
    @Flag(inversion: .prefixedNo, help: "Wait for inquiries to come.")
    var follow = true
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (0...Limits.pageItemsMax).contains(lines) else {
            throw ValidationError("--lines must be a number from 0 to \(Limits.pageItemsMax)")
        }
    }

    func run() async throws {
        let client = try admin.client()
        let following = Following(client: client, path: Inquiries.path, filter: filter.query)
        // The end of the journal, after which nothing is missed, whatever the filter.
        let end = try await following.end(retries: false)
        if lines > 0 { try show(try await earlier(than: end, client), isFirst: true) }
        guard follow else { return }
        var isFirst = lines == 0
        try await following.pages(after: end) {
            try show($0["items"]?.elements ?? [], isFirst: isFirst)
            isFirst = false
        }
    }

    /// Returns the latest inquiries up to a cursor of the feed, oldest first.
    private func earlier(than end: String, _ client: AdminClient) async throws -> [JSONValue] {
        let last = end.split(separator: "-").last.flatMap { Int64($0) } ?? .max
        var found: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = try await client.get(
                Inquiries.path, filter.query + [("limit", "\(lines)"), ("cursor", cursor)])
            found += (page["items"]?.elements ?? []).filter { item in
                item["id"]?.string.flatMap { Int64($0) }.map { $0 <= last } ?? true
            }
            cursor = page["next_cursor"]?.string
        } while found.count < lines && cursor != nil
        return found.prefix(lines).reversed()
    }

    private func show(_ items: [JSONValue], isFirst: Bool) throws {
        guard !output.json else {
            for item in items {
                try Output.print(String(decoding: item.minified, as: UTF8.self))
            }
            return
        }
        var table = Table(InquiryText.columns)
        for item in items { table.add(InquiryText.row(item)) }
        if isFirst, Screen.isThere { try Output.print(table.header) }
        if !table.isEmpty { try Output.print(table.lines.joined(separator: "\n")) }
    }
}

/// An inquiry as a row. The widths are those of usual values, because rows come one by one.
enum InquiryText {
    static let columns: [Table.Column] = [
        .left("RECEIVED (WIB)", width: 19), .left("CODE", width: 16), .left("CHANNEL", width: 9),
        .left("GUARD", width: 15), .right("AMOUNT", width: 13), .left("INVOICE", width: 16),
        "REQUEST-ID",
    ]

    static func row(_ inquiry: JSONValue) -> [Table.Cell] {
        let isPayable = inquiry["guard"]?.string == Guard.payable.rawValue
        return [
            .time(inquiry["received_at"]), Table.Cell(inquiry["payment_code"]),
            Table.Cell(inquiry["channel"]),
            Table.Cell(shown(inquiry["guard"]), isPayable ? .green : .red),
            .amount(inquiry["amount"]), Table.Cell(inquiry["invoice_number"]),
            Table.Cell(inquiry["request_id"]),
        ]
    }
}
