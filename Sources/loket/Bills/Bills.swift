// `loket bills` and its subcommands `cancel`, `reopen` and `forget`, which use the admin API of a
// running service. Each other subcommand is in a separate file.

import ArgumentParser
import Foundation
import LoketCore

struct Bills: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, import, list, show, edit, cancel and export bills of a running service.",
        subcommands: [
            BillsAdd.self, BillsImport.self, BillsList.self, BillsShow.self, BillsEdit.self,
            BillsCancel.self, BillsReopen.self, BillsForget.self, BillsExport.self,
            BillsQuote.self, BillsTimeline.self, BillsCancelMany.self,
        ])
}

struct BillsCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel an open bill.",
        discussion: """
            With the reason `\(Bill.paidElsewhere)`, inquiries are answered that the bill is paid.
            """)

    @Argument(help: "The bill's id.")
    var id: Int64
    @Option(help: "The reason, for the bill's history.")
    var reason: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills/\(id)/cancel") { body in
            if let reason { body.field("reason", reason) }
        }
        try output.show(bill, BillText.page)
    }
}

struct BillsReopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: "Reopen a cancelled bill.",
        discussion: """
            The bill has the same invoice number and payment code as before. It stays cancelled if \
            another bill has the code now, or if a payment for it waits for a decision.
            """)

    @Argument(help: "The bill's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills/\(id)/reopen") { _ in }
        try output.show(bill, BillText.page)
    }
}

struct BillsForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erase the customer's data from a closed bill.",
        discussion: """
            Permanently erases the name, e-mail address, info and metadata of a bill that is \
            paid, cancelled or replaced. The amounts owed and paid stay.
            """)

    @Argument(help: "The bill's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills/\(id)/forget") { _ in }
        try output.show(bill, BillText.page)
    }
}
