// `loket payments`: lists the payments of a running service, and records decisions on payments that
// settle no bill or that differ from their bill.

import ArgumentParser
import LoketCore
import LoketStore

struct Payments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and show payments, decide about them, take a decision back.",
        subcommands: [
            PaymentsList.self, PaymentsShow.self, PaymentsResolve.self, PaymentsReopen.self,
        ])
}

struct PaymentsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List payments, newest first.")

    @Flag(help: "Only those that need a decision.")
    var needsAttention = false
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(
            "/admin/v1/payments",
            part.query + [("needs_attention", needsAttention ? "true" : nil)])
        try output.show(
            page: page, orElse: needsAttention ? "no payment needs a decision" : "no payments",
            PaymentText.line)
    }
}

struct PaymentsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one payment and what can be decided.")

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
            accept: the money is for the bill that the payment found, or for --bill-id, as it is. \
            refunded: it was given back. dismiss: neither, and it is taken off the list. A bill \
            that was held for it opens again unless the payment is accepted for it. `loket \
            payments reopen` takes a decision back.
            """)

    @Argument(help: "The payment's id.")
    var id: Int64
    @Option(
        help: "\(Resolution.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: { try word($0) })
    var action: Resolution
    @Option(help: "The bill that the money is for; with accept only.")
    var billID: Int64?
    @Option(help: "Why, for the payment's history.")
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
        abstract: "Take back the decision on a payment.",
        discussion: """
            The payment needs a decision again, and its bills are as they were before: held where \
            they were held. Exits 1 if a bill has changed since, or a later payment or bill has \
            the invoice number or the code.
            """)

    @Argument(help: "The payment's id.")
    var id: Int64
    @Option(help: "Why, for the payment's history.")
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
