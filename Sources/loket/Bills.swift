// `loket bills`: add, list, show and cancel over the admin API.

import ArgumentParser
import DokuWire
import Foundation
import LoketCore

struct Bills: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, import, list, show and cancel bills of a running service.",
        subcommands: [
            BillsAdd.self, BillsImport.self, BillsList.self, BillsShow.self, BillsCancel.self,
        ])
}

/// How the result is printed.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the service's JSON as it is.")
    var json = false

    func show(_ value: JSONValue, _ readable: (JSONValue) -> String) {
        print(json ? String(decoding: value.minified, as: UTF8.self) : readable(value))
    }
}

struct BillsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add one bill.",
        discussion: """
            The same bill again is the bill that is there: the invoice number is the key.

            Example: loket bills add --code 88965112345678 --invoice INV-1 --amount 150000 \
            --name 'Anton Budiman' --expires 2026-12-31
            """)

    @Option(help: "The payment code, BIN included.")
    var code: String
    @Option(help: "The invoice number, unique for ever.")
    var invoice: String
    @Option(help: "Whole rupiah.")
    var amount: Int64
    @Option(help: "The customer's name.")
    var name: String
    @Option(help: "The customer's e-mail address.")
    var email: String?
    @Option(help: "A line printed at the counter, 30 characters at most.")
    var info: String?
    @Option(help: "RFC 3339, or a date, which ends that day in Jakarta.")
    var expires: String?
    @Option(help: "The Client-Id, where two accounts have the BIN.")
    var account: String?
    @Flag(help: "The bill may be paid again and again.")
    var reusable = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills") { body in
            body.field("payment_code", code)
            body.field("invoice_number", invoice)
            body.field("amount", amount)
            body.field("reusable", reusable)
            body.field("expires_at", expires)
            body.field("account", account)
            body.field("info", info)
            body.object("customer") {
                $0.field("name", name)
                $0.field("email", email)
            }
        }
        output.show(bill, BillText.line)
    }
}

struct BillsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List bills, newest first.")

    @Option(help: "Only bills with this payment code.")
    var code: String?
    @Option(help: "Only the bill with this invoice number.")
    var invoice: String?
    @Option(help: "Bills in one page, 1 to \(Limits.pageItemsMax).")
    var limit = Limits.pageItemsDefault
    @Option(help: "Where the last page ended.")
    var cursor: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        var query = "limit=\(limit)"
        if let code { query += "&payment_code=\(try escaped(code))" }
        if let invoice { query += "&invoice_number=\(try escaped(invoice))" }
        if let cursor { query += "&cursor=\(try escaped(cursor))" }
        let page = try await admin.client().get("/admin/v1/bills?\(query)")
        output.show(page) { page in
            let lines = (page["items"]?.elements ?? []).map(BillText.line)
            let more = page["next_cursor"]?.string.map { ["more: --cursor \($0)"] } ?? []
            return lines.isEmpty ? "no bills" : (lines + more).joined(separator: "\n")
        }
    }

    private func escaped(_ text: String) throws -> String {
        guard let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        else { throw Failure(.usage, "`\(text)` cannot be sent") }
        return escaped
    }
}

struct BillsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one bill with its history.")

    @Argument(help: "The bill's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        output.show(try await admin.client().get("/admin/v1/bills/\(id)"), BillText.page)
    }
}

struct BillsCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel an open bill.",
        discussion: """
            With the reason `\(Bill.paidElsewhere)` the counter is told that the bill is paid.
            """)

    @Argument(help: "The bill's id.")
    var id: Int64
    @Option(help: "Why, for the bill's history.")
    var reason: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills/\(id)/cancel") { body in
            if let reason { body.field("reason", reason) }
        }
        output.show(bill, BillText.page)
    }
}
