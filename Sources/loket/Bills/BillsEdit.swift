// `loket bills edit`: changes the terms of an open bill, in the version that the command has read.

import ArgumentParser
import BillFiles
import LoketCore
import LoketJSON

struct BillsEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change the amount, dates, customer or texts of an open bill.",
        discussion: """
            What you do not give stays. An empty text clears an optional value, for example \
            --info ''. The code and the invoice number cannot be changed: cancel the bill and add \
            another.

            If the bill changes while the command runs, nothing is edited: the command prints \
            what changed and exits 1.

            Examples: loket bills edit 41 --expires 2026-12-31
              loket bills edit 41 --amount 175000 --name 'Anton Budiman'
            """)

    @Argument(help: "The bill's id.")
    var id: Int64
    @Option(help: "Whole rupiah; replaces amounts by date.", transform: wholeRupiah)
    var amount: Int64?
    @Option(
        help: ArgumentHelp(
            "Amounts by date, as for `loket bills add`; replaces all amounts.", valueName: "list"),
        transform: datedAmounts)
    var amounts: DatedAmounts?
    @Option(help: "Expiry time in RFC 3339, or a date: the end of that day in Jakarta.")
    var expires: String?
    @Option(
        help: ArgumentHelp(
            "Decline inquiries before this time: RFC 3339, or a date, which means the beginning of "
                + "that day in Jakarta.", valueName: "time"))
    var validFrom: String?
    @Option(
        help: ArgumentHelp(
            "The due date that the customer reads: RFC 3339 or a date.", valueName: "time"))
    var dueAt: String?
    @Option(help: "The customer's name.")
    var name: String?
    @Option(help: "The customer's e-mail address.")
    var email: String?
    @Option(help: "A line printed at the counter, 30 characters at most.")
    var info: String?
    @Option(
        help: ArgumentHelp(
            "A JSON object, merged into the bill's own: null clears a member.", valueName: "json"))
    var metadata: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard amount == nil || amounts == nil else {
            throw ValidationError("give either --amount or --amounts")
        }
        let texts = [expires, validFrom, dueAt, name, email, info, metadata]
        guard amount != nil || amounts != nil || texts.contains(where: { $0 != nil }) else {
            throw ValidationError("give what to change, such as --amount or --expires")
        }
        if let metadata, !metadata.isEmpty, !isJSONObject(metadata) {
            throw ValidationError("--metadata must be a JSON object, or empty to clear it")
        }
    }

    func run() async throws {
        let client = try admin.client()
        let path = "/admin/v1/bills/\(id)"
        let (seen, tag) = try await client.tagged(path)
        if let bill = try await client.patch(path, ifMatch: tag, write) {
            return try output.show(bill, BillText.page)
        }
        let now = try await client.get(path)
        throw Failure(
            .no,
            (["bill \(id) has changed since it was read, so nothing was edited:"]
                + BillDifference.lines(from: seen, to: now)
                + ["if the edit is still right, give the command again"])
                .joined(separator: "\n"))
    }

    private func write(_ body: inout JSONWriter) {
        if let amount { body.field("amount", amount) }
        amounts?.write(to: &body)
        Self.write("valid_from", validFrom, to: &body)
        Self.write("expires_at", expires, to: &body)
        Self.write("due_at", dueAt, to: &body)
        Self.write("info", info, to: &body)
        if let metadata {
            body.field("metadata", json: (metadata.isEmpty ? "null" : metadata).utf8)
        }
        guard name != nil || email != nil else { return }
        body.object("customer") {
            if let name { $0.field("name", name) }
            Self.write("email", email, to: &$0)
        }
    }

    /// Writes a text that is given; an empty one as null, which clears the value.
    private static func write(
        _ name: StaticString, _ text: String?, to body: inout JSONWriter
    ) {
        guard let text else { return }
        body.field(name, text.isEmpty ? nil : text)
    }
}

/// What a bill's fields were and are.
enum BillDifference {
    private static let fields: [(name: String, read: @Sendable (JSONValue) -> String)] = [
        ("state", { shown($0["state"]) }), ("amount", { amounts($0) }),
        ("valid from", { shownTime($0["valid_from"]) }),
        ("expires", { shownTime($0["expires_at"]) }), ("due", { shownTime($0["due_at"]) }),
        ("name", { shown($0["customer"]?["name"]) }),
        ("e-mail", { shown($0["customer"]?["email"]) }), ("info", { shown($0["info"]) }),
        ("metadata", { shown($0["metadata"]) }),
    ]

    /// Returns a line for each field that differs, such as `  amount      Rp150.000 → Rp175.000`.
    static func lines(from old: JSONValue, to new: JSONValue) -> [String] {
        fields.compactMap { name, read in
            let (was, now) = (read(old), read(new))
            guard was != now else { return nil }
            let space = String(repeating: " ", count: 12 - name.count)
            return "  \(name)\(space)\(was) → \(now)".visible
        }
    }

    private static func amounts(_ bill: JSONValue) -> String {
        let dated = (bill["amounts"]?.elements ?? []).map { step in
            let until = wibTime(step["until"]).map { " until \($0)" } ?? ""
            return shownAmount(step["amount"]) + until
        }
        guard dated.isEmpty else { return dated.joined(separator: ", ") }
        return shownAmount(bill["amount"])
    }
}
