// `loket payments`: a decision on a payment that was a mistake is taken back.

import ArgumentParser
import DokuWire

struct Payments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back a decision on a payment.",
        subcommands: [PaymentsReopen.self])
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
