// `loket bills timeline`: the history of a bill with its inquiries and payments.

import ArgumentParser
import LoketCore
import LoketJSON

struct BillsTimeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show the history of a bill with its inquiries and payments, newest first.")

    @Argument(help: "The bill's id.")
    var id: Int64
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get("/admin/v1/bills/\(id)/timeline", part.query)
        try output.show(
            page: page, orElse: "nothing has happened to the bill",
            columns: ["TIME (WIB)", "WHAT", .right("AMOUNT"), "CHANNEL", "DETAILS"], Self.row)
    }

    private static func row(_ entry: JSONValue) -> [Table.Cell] {
        let time = Table.Cell.time(entry["at"])
        if let inquiry = entry["inquiry"], inquiry.isObject {
            return [
                time, "inquiry", .amount(inquiry["amount"]), Table.Cell(inquiry["channel"]),
                Table.Cell("\(shown(inquiry["status"])), guard \(shown(inquiry["guard"]))"),
            ]
        }
        if let payment = entry["payment"], payment.isObject {
            return [
                time, "payment", .amount(payment["amount"]), Table.Cell(payment["channel"]),
                Table.Cell(PaymentText.details(payment)),
            ]
        }
        let change = entry["change"]
        let parts = [
            change?["actor"]?.string.map { "by \($0)" }, change?["detail"]?.string?.inWIB,
            change?["payment_id"]?.string.map { "payment \($0)" },
        ].compactMap(\.self)
        return [
            time, Table.Cell(change?["change"]), "", "", Table.Cell(parts.joined(separator: ", ")),
        ]
    }
}
