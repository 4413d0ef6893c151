// `loket bills show`: one bill with its history, by whatever names it.

import ArgumentParser
import DokuWire
import LoketCore

struct BillsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one bill with its history.",
        discussion: """
            Give the bill's id, its payment code (spaces, dots and dashes in it do not count), its \
            invoice number, or the Request-Id of an inquiry that met it. Where no bill has the \
            code, the bills whose codes are one slip away are listed. Exits 1 if there is no such bill.
            """)

    @Argument(help: ArgumentHelp("Id, code, invoice number or Request-Id.", valueName: "bill"))
    var name: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        guard !name.isEmpty else { throw Failure(.usage, "give an id, a code or a number") }
        let client = try admin.client()
        if Int64(name) != nil, let bill = try await client.find("/admin/v1/bills/\(name)") {
            return try output.show(bill, BillText.page)
        }
        let found = try await client.get("/admin/v1/search?q=\(AdminClient.escaped(name))")
        let bills = found["bills"]?.elements ?? []
        let met = (found["inquiries"]?.elements ?? []).compactMap { $0["bill_id"]?.string }
        if bills.isEmpty, let id = met.first {
            return try output.show(await client.get("/admin/v1/bills/\(id)"), BillText.page)
        }
        guard !bills.isEmpty else {
            let near = SearchText.near(found).joined(separator: "\n")
            if !near.isEmpty { try output.show(found) { _ in near } }
            throw Failure(.no, "there is no bill \(name.visible)")
        }
        guard bills.count == 1, let id = bills[0]["id"]?.string else {
            return try output.show(found) { found in
                (SearchText.bills(found) + ["show one of them: loket bills show ID"])
                    .joined(separator: "\n")
            }
        }
        try output.show(await client.get("/admin/v1/bills/\(id)"), BillText.page)
    }
}
