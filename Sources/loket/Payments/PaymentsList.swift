// `loket payments list`: prints one page of payments, or all pages.

import ArgumentParser
import LoketCore
import LoketJSON

struct PaymentsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List payments, newest first.",
        discussion: """
            The time of a payment is the one that DOKU gives; if it is unreadable, the time when \
            the payment was received. With --today, --from or --to the list is ordered by it, \
            otherwise by when the payments were recorded.

            --customer and --channel have no index: a page searches \(Limits.paymentScanRowsMax) \
            payments at most, and may be empty although more pages follow.

            Example: loket payments list --today
            """)

    @OptionGroup var filter: PaymentFilterOptions
    @OptionGroup var part: PageOptions
    @Flag(help: "List all pages; with --json one line for each page.")
    var all = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    private static let path = "/admin/v1/payments"

    func run() async throws {
        let client = try admin.client()
        guard all else {
            let page = try await client.get(Self.path, filter.query + part.query)
            return try output.show(
                page: page, orElse: filter.nothing, columns: PaymentText.columns, PaymentText.row)
        }
        var cursor = part.cursor
        var hasFound = false
        repeat {
            let page = try await client.get(
                Self.path,
                filter.query + [("limit", "\(Limits.pageItemsMax)"), ("cursor", cursor)])
            try show(page, continues: &hasFound)
            cursor = page["next_cursor"]?.string
        } while cursor != nil
        if !hasFound, !output.json { try Table(PaymentText.columns).print([filter.nothing]) }
    }

    private func show(_ page: JSONValue, continues: inout Bool) throws {
        guard !output.json else { return try output.show(page) { _ in "" } }
        var table = Table(PaymentText.columns)
        for payment in page["items"]?.elements ?? [] { table.add(PaymentText.row(payment)) }
        try table.print(continues: continues)
        continues = continues || !table.isEmpty
    }
}
