// `loket inquiries`: a list of the journal, such as the bills that were quoted and not paid.

import ArgumentParser
import LoketCore
import LoketJSON

struct Inquiries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List inquiries, newest first.",
        discussion: """
            --unpaid lists the bills that were quoted and not paid since, each with its newest \
            quote. `loket tail` shows inquiries as they come, and `loket why` explains one.

            Examples: loket inquiries --unpaid --from 2026-11-29
              loket inquiries --bill-id 41 --guard bill_expired
            """)

    @Flag(help: "Only bills that were quoted and not paid since, each with its newest quote.")
    var unpaid = false
    @OptionGroup var filter: InquiryFilterOptions
    @Option(name: .customLong("bill-id"), help: "Only inquiries that this bill answered.")
    var bill: Int64?
    @Option(
        help: ArgumentHelp(
            "Only inquiries with this guard, such as payable or bill_expired.", valueName: "guard"),
        transform: { try word($0) })
    var `guard`: Guard?
    @Option(help: "Only inquiries with this Request-Id of DOKU.")
    var requestID: String?
    @Option(
        help: ArgumentHelp(
            "Only inquiries at this time or later: a date in Jakarta, or RFC 3339.",
            valueName: "time"))
    var from: String?
    @Option(
        help: ArgumentHelp(
            "Only inquiries before this time. A date is itself not included.", valueName: "time"))
    var to: String?
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    static let path = "/admin/v1/inquiries"

    func validate() throws {
        try checkRange(from: from, to: to, names: ("--from", "--to"))
    }

    func run() async throws {
        let client = try admin.client()
        let wanted: Query =
            filter.query + [
                ("unpaid", unpaid ? "true" : nil), ("bill_id", bill.map { "\($0)" }),
                ("guard", `guard`?.rawValue), ("request_id", requestID), ("from", from), ("to", to),
                ("limit", "\(part.limit)"),
            ]
        var page = try await client.get(Self.path, wanted + [("cursor", part.cursor)])
        // A page reads a bounded number of inquiries, and may have none that match.
        while page["items"]?.elements.isEmpty == true, let cursor = page["next_cursor"]?.string {
            page = try await client.get(Self.path, wanted + [("cursor", cursor)])
        }
        try output.show(
            page: page, orElse: unpaid ? "no quote is unpaid" : "no inquiries",
            columns: InquiryText.columns, InquiryText.row)
    }
}

/// The filters that a list and a feed of inquiries share.
struct InquiryFilterOptions: ParsableArguments {
    @Flag(help: "Only inquiries that a guard declined.")
    var refused = false
    @Option(help: "Only inquiries from this channel: alfa or indomaret.")
    var channel: String?
    @Option(help: "Only inquiries for this payment code.")
    var code: String?
    @Option(help: "Only inquiries of this Client-Id.")
    var account: String?

    var query: Query {
        [
            ("refused", refused ? "true" : nil), ("channel", channel), ("code", code),
            ("account", account),
        ]
    }
}
