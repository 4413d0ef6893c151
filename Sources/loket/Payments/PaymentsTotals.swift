// `loket payments totals`: the sums of payments by day and counter.

import ArgumentParser
import LoketCore
import LoketJSON

struct PaymentsTotals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totals",
        abstract: "Add up payments by day and counter.",
        discussion: """
            AMOUNT is the money that settled bills. UNDECIDED is the money that settled no bill \
            and waits for a decision. Days are those of Jakarta. Without --today and --from, the \
            payments of this month are added up; a range has at most \
            \(Limits.totalsDaysMax) days.

            Example: loket payments totals --from 2026-11-01 --to 2026-12-01
            """)

    @OptionGroup var range: PaymentRange
    @Option(help: "Only payments of this Client-Id.")
    var account: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let totals = try await admin.client().get(
            "/admin/v1/payments/totals", range.queryOrMonth + [("account", account)])
        guard !output.json else { return try output.show(totals) { _ in "" } }
        var table = Table([
            "DATE", "CHANNEL", .right("PAYMENTS"), .right("AMOUNT"), .right("UNDECIDED"),
            .right("UNDECIDED AMOUNT"),
        ])
        for day in totals["days"]?.elements ?? [] {
            table.add([
                Table.Cell(day["date"]), Table.Cell(day["channel"]), Table.Cell(day["count"]),
                .amount(day["amount"]), Table.Cell(day["undecided"]?["count"]),
                .amount(day["undecided"]?["amount"]),
            ])
        }
        try table.print([Self.summary(totals)])
    }

    private static func summary(_ totals: JSONValue) -> String {
        func sum(_ value: JSONValue?) -> String {
            let count = value?["count"]?.integer ?? 0
            return "\(shownAmount(value?["amount"])) in \(count) payment\(count == 1 ? "" : "s")"
        }
        let settled = totals["standings"]?.elements.first { $0["standing"]?.string == "settled" }
        return "settled \(sum(settled)); received \(sum(totals["received"]))"
    }
}
