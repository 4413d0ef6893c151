// `loket bills list`: a page of bills, or all of them.

import ArgumentParser
import LoketCore
import LoketJSON

struct BillsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List bills, newest first.",
        discussion: """
            --customer, and a range of expiries in another order than expires_at, have no index: \
            a page looks at \(Limits.searchRowsMax) bills at most, and may be empty although \
            there is more.
            """)

    @OptionGroup var filter: BillFilterOptions
    @OptionGroup var part: PageOptions
    @Flag(help: "Every page to the end; with --json a line for each.")
    var all = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        guard all else {
            let page = try await client.get("/admin/v1/bills", filter.query + part.query)
            try output.show(page: page, orElse: "no bills", beside: BillText.damaged, BillText.line)
            return
        }
        var count = 0
        try await filter.pages(of: client, from: part.cursor) { page in
            let lines = Self.lines(page)
            count += lines.count
            if output.json || !lines.isEmpty {
                try output.show(page) { _ in lines.joined(separator: "\n") }
            }
        }
        if count == 0, !output.json { try Output.print("no bills") }
    }

    private static func lines(_ page: JSONValue) -> [String] {
        (page["items"]?.elements ?? []).map(BillText.line) + BillText.damaged(page)
    }
}
