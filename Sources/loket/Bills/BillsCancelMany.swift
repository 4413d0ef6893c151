// `loket bills cancel-many`: cancels the open bills of a file of invoice numbers, or of a filter.

import ArgumentParser
import Foundation
import LoketCore
import LoketJSON
import LoketSystem

struct BillsCancelMany: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-many",
        abstract: "Cancel many open bills, by a file of invoice numbers or by a filter.",
        discussion: """
            Only open bills are cancelled. A held bill waits for a decision about a payment, and a \
            bill that is paid or replaced is left as it is. Each number that is not cancelled is \
            listed. With --dry-run, nothing is changed. Exits 1 if a bill was not cancelled and \
            was not cancelled before. If a fault stops the command half way, it says how many \
            bills are left: run it again.

            With a filter, the number of bills and the sum that they owe are printed first, and \
            the command asks before it cancels them. Without a terminal, give --yes.

            Examples: loket bills cancel-many --expires-to 2026-07-01 --dry-run
              loket bills cancel-many --file left.txt --reason 'left the school'
            """)

    @Option(
        help: ArgumentHelp("A file with one invoice number on each line.", valueName: "file"))
    var file: String?
    @OptionGroup var filter: BillFilterOptions
    @Option(help: "The reason, for each bill's history.")
    var reason: String?
    @Flag(help: "Show what would be cancelled, and change nothing.")
    var dryRun = false
    @Flag(help: "Cancel the bills that match a filter without a question.")
    var yes = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    static let path = "/admin/v1/bills/cancel"
    private static let fileBytesMax = 64 << 20

    func validate() throws {
        let given = filter.query.filter { !["account", "sort"].contains($0.name) }
            .compactMap(\.value)
        guard (file == nil) != given.isEmpty else {
            throw ValidationError(
                file == nil
                    ? "give --file with invoice numbers, or a filter such as --prefix"
                    : "give --file or a filter, not both; --account can be given with each")
        }
        guard filter.sort == nil else {
            throw ValidationError("--sort is for lists: leave it out")
        }
        guard filter.state == nil || ["open", "expired"].contains(filter.state) else {
            throw ValidationError("only open bills are cancelled: --state must be open or expired")
        }
    }

    func run() async throws {
        let client = try admin.client()
        guard let file else { return try await cancelMatching(client) }
        let numbers = try Self.numbers(in: file)
        var result = CancelResult()
        var rest = numbers[...]
        while !rest.isEmpty, result.fault == nil {
            let part = rest.prefix(Limits.billsPerRequestMax)
            do {
                result.add(
                    try await client.post(Self.path) { body in
                        body.array("invoice_numbers") { list in part.forEach { list.string($0) } }
                        if let account = filter.account { body.field("account", account) }
                        if let reason { body.field("reason", reason) }
                        body.field("dry_run", dryRun)
                    })
                rest = rest.dropFirst(part.count)
            } catch let failure as Failure where rest.startIndex > 0 {
                result.fault = failure
            }
        }
        rest.forEach { result.addUnanswered($0) }
        try result.show(isDryRun: dryRun, output)
    }

    static func bills(_ count: Int64) -> String {
        "\(count) bill\(count == 1 ? "" : "s")"
    }

    /// - Throws: `Failure` 2 with the line that is no invoice number.
    private static func numbers(in file: String) throws -> [String] {
        guard let bytes = try? BoundedFile.read(file, bytesMax: fileBytesMax, takesPipe: true)
        else {
            throw Failure(.usage, "cannot read \(file)")
        }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: /\r\n|\n/, omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { place, line in
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else { return nil }
            guard InvoiceNumber(text) != nil else {
                throw Failure(
                    .usage,
                    "\(file), line \(place + 1): `\(text.visible)` is not an invoice number: give "
                        + "1 to \(Limits.invoiceNumberMax) visible ASCII characters on each line")
            }
            return text
        }
    }
}

/// What became of the numbers of all requests.
private struct CancelResult {
    /// Why no further request was sent; nil if all were.
    var fault: Failure?
    private var counts: [String: Int] = [:]
    private var table = Table(["INVOICE", "OUTCOME", "BILL", "STATE"])
    private var pages: [JSONValue] = []

    mutating func add(_ page: JSONValue) {
        pages.append(page)
        if let reason = page["stopped_by"]?.string { fault = Failure(.no, reason.visible) }
        for item in page["items"]?.elements ?? [] {
            let outcome = shown(item["outcome"])
            counts[outcome, default: 0] += 1
            guard outcome != "cancelled" else { continue }
            table.add([
                Table.Cell(item["invoice_number"]), Table.Cell(outcome, .yellow),
                Table.Cell(item["bill_id"]), Table.Cell(item["state"]),
            ])
        }
    }

    /// Adds a number whose request was not sent, or has no answer.
    mutating func addUnanswered(_ number: String) {
        let outcome = "unanswered"
        counts[outcome, default: 0] += 1
        table.add([Table.Cell(number), Table.Cell(outcome, .yellow), "-", "-"])
    }

    /// - Throws: `Failure` with the fault's code, or 1 if a bill was not cancelled and was not
    ///   cancelled before.
    func show(isDryRun: Bool, _ output: OutputOption) throws {
        let bills = BillsCancelMany.bills(Int64(counts["cancelled"] ?? 0))
        if output.json {
            for page in pages { try output.show(page) { _ in "" } }
        } else {
            try table.print([isDryRun ? "would cancel \(bills)" : "\(bills) cancelled"])
        }
        let others = ["refused", "damaged", "unknown", "left", "unanswered"].compactMap { name in
            counts[name].map { "\($0) \(name)" }
        }.joined(separator: ", ")
        if let fault {
            throw Failure(
                fault.code,
                "the command stopped half way (\(others)), because of a fault: "
                    + "\(fault.message); run the command again")
        }
        guard others.isEmpty else {
            throw Failure(.no, "not every number is that of an open bill: \(others)")
        }
    }
}
