// `loket bills list`: prints one page of bills, or all pages.

import ArgumentParser
import Foundation
import LoketCore
import LoketJSON

struct BillsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List bills, newest first.",
        discussion: """
            --customer, and --expires-from or --expires-to with another --sort than expires_at, \
            have no index: a page searches \(Limits.searchRowsMax) bills at most, and may be \
            empty although more pages follow.
            """)

    @OptionGroup var filter: BillFilterOptions
    @OptionGroup var part: PageOptions
    @Flag(help: "List all pages; with --json one line for each page.")
    var all = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        guard all else {
            let page = try await client.get("/admin/v1/bills", filter.query + part.query)
            guard !output.json else { return try output.show(page) { _ in "" } }
            try show(page, notes: nextPage(page), orElse: "no bills")
            return
        }
        var hasFound = false
        try await filter.pages(of: client, from: part.cursor) { page in
            guard !output.json else { return try output.show(page) { _ in "" } }
            if try show(page, continues: hasFound) { hasFound = true }
        }
        if !hasFound, !output.json { try BillText.table().print(["no bills"]) }
    }

    /// - Parameters:
    ///   - continues: Whether the rows follow those of an earlier page, below its header.
    ///   - nothing: The text for an empty page without notes.
    /// - Returns: Whether anything was printed.
    @discardableResult
    private func show(
        _ page: JSONValue, notes: [String] = [], orElse nothing: String? = nil,
        continues: Bool = false
    ) throws -> Bool {
        var table = BillText.table()
        for bill in page["items"]?.elements ?? [] { table.add(BillText.row(bill)) }
        var notes = BillText.damaged(page) + notes
        if table.isEmpty, notes.isEmpty { notes = [nothing].compactMap(\.self) }
        try table.print(notes, continues: continues)
        return !table.isEmpty || !notes.isEmpty
    }
}

struct BillFilterOptions: ParsableArguments {
    @Option(help: "Only bills with this payment code.")
    var code: String?
    @Option(help: "Only the bill with this invoice number.")
    var invoice: String?
    @Option(help: "Only bills whose invoice number begins with this text.")
    var prefix: String?
    @Option(help: "Only bills whose customer's name or e-mail address contains this text.")
    var customer: String?
    @Option(help: "open, held, paid, cancelled or replaced; or expired: open and past expiry.")
    var state: String?
    @Option(help: "Only bills of this Client-Id.")
    var account: String?
    @Option(
        help: ArgumentHelp(
            "Only bills that expire at this time or later: RFC 3339 or a date.", valueName: "time"))
    var expiresFrom: String?
    @Option(
        help: ArgumentHelp(
            "Only bills that expire before this time: RFC 3339 or a date.", valueName: "time"))
    var expiresTo: String?
    @Option(
        help: """
            newest, oldest, expires_at (only open and held bills) or invoice_number. The default \
            is newest, except with --prefix or --state expired.
            """)
    var sort: String?

    func validate() throws {
        try checkRange(
            from: expiresFrom, to: expiresTo, names: ("--expires-from", "--expires-to"))
    }

    var query: Query {
        [
            ("payment_code", code), ("invoice_number", invoice), ("invoice_prefix", prefix),
            ("customer", customer), ("state", state), ("account", account),
            ("expires_from", expiresFrom), ("expires_to", expiresTo), ("sort", sort),
        ]
    }

    /// Passes each page to `body`, up to the end of the list. A page may be empty.
    func pages(
        of client: AdminClient, from cursor: String? = nil,
        _ body: (JSONValue) throws -> Void
    ) async throws {
        var cursor = cursor
        repeat {
            let page = try await client.get(
                "/admin/v1/bills",
                query + [("limit", "\(Limits.pageItemsMax)"), ("cursor", cursor)])
            try body(page)
            cursor = page["next_cursor"]?.string
        } while cursor != nil
    }
}
