// `loket payments`: shows the payments of a running service, and records decisions on payments that
// settle no bill or that differ from their bill. Lists and sums are in their own files.

import ArgumentParser
import LoketCore
import LoketStore

struct Payments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, add up and export payments, decide about payments, undo a decision.",
        subcommands: [
            PaymentsList.self, PaymentsShow.self, PaymentsTotals.self, PaymentsExport.self,
            PaymentsResolve.self, PaymentsReopen.self,
        ])
}

struct PaymentsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one payment and the possible decisions.")

    @Argument(help: "The payment's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let payment = try await admin.client().get("/admin/v1/payments/\(id)")
        try output.show(payment, PaymentText.page)
    }
}

struct PaymentsResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decide about a payment.",
        discussion: """
            accept: the money is for the payment's own bill, or for the bill in --bill-id, even \
            if the amounts differ. refunded: the money was given back. dismiss: neither; the \
            payment leaves the list. A bill that is held by the payment opens again, unless the \
            payment is accepted for that bill. `loket payments reopen` undoes a decision.
            """)

    @Argument(help: "The payment's id.")
    var id: Int64
    @Option(
        help: "\(Resolution.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: { try word($0) })
    var action: Resolution
    @Option(help: "The id of the bill that the money is for; only with accept.")
    var billID: Int64?
    @Option(help: "The reason, for the payment's history.")
    var note: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        let payment = try await client.post("/admin/v1/payments/\(id)/resolve") { body in
            body.field("action", action.rawValue)
            if let billID { body.field("bill_id", "\(billID)") }
            if let note { body.field("note", note) }
        }
        try output.show(payment, PaymentText.line)
    }
}

struct PaymentsReopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: "Undo the decision about a payment.",
        discussion: """
            The payment needs a decision again, and its bills get the states that they had before \
            the decision. Exits 1 if a bill has changed since the decision, or if a later payment \
            or bill has the invoice number or the code.
            """)

    @Argument(help: "The payment's id.")
    var id: Int64
    @Option(help: "The reason, for the payment's history.")
    var note: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let payment = try await admin.client().post("/admin/v1/payments/\(id)/reopen") { body in
            if let note { body.field("note", note) }
        }
        try output.show(payment) { payment in
            let standing = payment["standing"]?.string ?? "-"
            let needs = payment["needs_attention"]?.bool == true ? ", needs a decision" : ""
            return "payment \(id) reopened: \(standing)\(needs)"
        }
    }
}
