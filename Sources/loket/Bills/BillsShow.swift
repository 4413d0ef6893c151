// `loket bills show`: prints one bill with its history, found by any of its identifiers.

import ArgumentParser
import LoketCore
import LoketJSON

struct BillsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one bill with its history.",
        discussion: """
            Give the bill's id, its payment code (spaces, dots and dashes are ignored), its \
            invoice number, or the Request-Id of an inquiry for the bill or of a notification \
            that paid it. If no bill has the code, lists bills whose codes differ by one typing \
            error. Exits 1 if there is no such bill.
            """)

    @Argument(help: ArgumentHelp("Id, code, invoice number or Request-Id.", valueName: "bill"))
    var name: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        guard !name.isEmpty else { throw Failure(.usage, "give an id, code or invoice number") }
        let client = try admin.client()
        if Int64(name) != nil, let bill = try await client.find("/admin/v1/bills/\(name)") {
            return try output.show(bill, BillText.page)
        }
        let found = try await client.get("/admin/v1/search", [("q", name)])
        let bills = found["bills"]?.elements ?? []
        let damaged = BillText.damaged(found)
        if bills.isEmpty, damaged.isEmpty, let id = try await met(found, client) {
            return try output.show(await client.get("/admin/v1/bills/\(id)"), BillText.page)
        }
        guard damaged.isEmpty else {
            if !bills.isEmpty { try output.show(found) { several($0) } }
            throw Failure(.no, damaged.joined(separator: "\n"))
        }
        guard !bills.isEmpty else {
            let near = SearchText.near(found).joined(separator: "\n")
            if !near.isEmpty { try output.show(found) { _ in near } }
            throw Failure(.no, "there is no bill \(name.visible)")
        }
        guard bills.count == 1, let id = bills[0]["id"]?.string else {
            return try output.show(found) { several($0) }
        }
        try output.show(await client.get("/admin/v1/bills/\(id)"), BillText.page)
    }

    private func several(_ found: JSONValue) -> String {
        (SearchText.bills(found) + ["show one bill: `loket bills show ID`"])
            .joined(separator: "\n")
    }

    /// Returns the bill's id for the Request-Id of an inquiry, or of the notification of a payment.
    private func met(_ found: JSONValue, _ client: AdminClient) async throws -> String? {
        let asked = (found["inquiries"]?.elements ?? []).compactMap { $0["bill_id"]?.string }
        if let id = asked.first { return id }
        for id in (found["notifications"]?.elements ?? []).compactMap(\.string) {
            let notification = try await client.get("/admin/v1/notifications/\(id)")
            guard let payment = notification["payment_id"]?.string else { continue }
            let bill = try await client.get("/admin/v1/payments/\(payment)")["bill_id"]?.string
            guard let bill else {
                throw Failure(
                    .no,
                    "payment \(payment), from notification \(id), has no bill; see `loket "
                        + "payments show \(payment)`")
            }
            return bill
        }
        return nil
    }
}
