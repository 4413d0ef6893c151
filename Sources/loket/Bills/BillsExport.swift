// `loket bills export`: writes bills page by page to a file that `loket bills import` can read.

import ArgumentParser
import BillFiles
import Foundation
import LoketCore
import LoketJSON

struct BillsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write bills as CSV or NDJSON.",
        discussion: """
            The columns are those of an import; metadata is in NDJSON only. A cell that a \
            spreadsheet would run as a formula begins with an apostrophe.

            Example: loket bills export --state open --output open.csv
            """)

    @OptionGroup var filter: BillFilterOptions
    @Option(help: "\(BillFileFormat.allCases.map(\.rawValue).joined(separator: " or ")).")
    var format = BillFileFormat.csv
    @Option(
        help: ArgumentHelp(
            "The file to write, which must not exist. Default: standard output.",
            valueName: "file"))
    var output: String?
    @Flag(help: "With --output: print JSON.")
    var json = false
    @OptionGroup var admin: AdminOptions

    func validate() throws {
        guard !json || output != nil else {
            throw ValidationError(
                "--json needs --output; for bills as JSON, give --format ndjson")
        }
    }

    func run() async throws {
        let client = try admin.client()
        // On a terminal, the printed bills already show the progress.
        let isShown = output == nil && isatty(STDOUT_FILENO) == 1
        let progress = isShown ? nil : Progress()
        defer { progress?.end() }
        guard let output else {
            let written = try await write(client, progress, Output.write)
            return try written.requireWhole()
        }
        let written = try await NewFile.make(output, by: "export") { file in
            try await write(client, progress) { try $0.withUnsafeBytes(file.write) }
        }
        progress?.end()
        if json {
            try Output.print { body in
                body.field("file", output)
                body.field("bills", Int64(written.bills))
                body.array("damaged_bills") { list in
                    for id in written.damaged { list.string(id) }
                }
            }
        } else {
            try Output.print("\(written.bills) bills written to \(output)")
        }
        try written.requireWhole()
    }

    /// The result of an export.
    private struct Written {
        var bills = 0
        /// The ids of bills that the service could not read.
        var damaged: [String] = []

        /// - Throws: `Failure` 1 if a bill was damaged. The readable bills are written even so.
        func requireWhole() throws {
            guard !damaged.isEmpty else { return }
            throw Failure(.no, damaged.map { BillText.damaged($0) }.joined(separator: "\n"))
        }
    }

    private func write(
        _ client: AdminClient, _ progress: Progress?, _ put: ([UInt8]) throws -> Void
    ) async throws -> Written {
        let step = Progress.Step(doing: "writing", unit: .rows, total: nil)
        let writer = BillFileWriter(format: format, now: .now)
        var written = Written()
        var isOpened = false
        try await filter.pages(of: client) { page in
            var bytes = isOpened ? [] : writer.opening
            isOpened = true
            for item in page["items"]?.elements ?? [] {
                writer.write(try Self.draft(item), to: &bytes)
                written.bills += 1
            }
            written.damaged += (page["damaged"]?.elements ?? []).compactMap(\.string)
            try put(bytes)
            progress?.show(step, done: Int64(written.bills))
        }
        return written
    }

    private static func draft(_ bill: JSONValue) throws -> BillDraft {
        guard let code = bill["payment_code"]?.string.flatMap({ PaymentCode($0) }),
            let number = bill["invoice_number"]?.string.flatMap({ InvoiceNumber($0) }),
            let amounts = amounts(of: bill), let name = bill["customer"]?["name"]?.string
        else { throw Failure(.no, "the service sent a bill that cannot be read") }
        let metadata = bill["metadata"].flatMap { $0.isObject ? $0.minified : nil }
        return BillDraft(
            paymentCode: code, invoiceNumber: number, amounts: amounts,
            reusable: bill["reusable"]?.bool == true, validFrom: time(bill["valid_from"]),
            expiresAt: time(bill["expires_at"]), dueAt: time(bill["due_at"]), customerName: name,
            customerEmail: bill["customer"]?["email"]?.string,
            info: bill["info"]?.string,
            metadata: metadata.map { String(decoding: $0, as: UTF8.self) })
    }

    private static func amounts(of bill: JSONValue) -> DatedAmounts? {
        if let dated = bill["amounts"], !dated.isNull { return try? DatedAmounts(dated) }
        return bill["amount"]?.integer.flatMap { Rupiah(whole: $0) }.map { DatedAmounts($0) }
    }

    private static func time(_ value: JSONValue?) -> Moment? {
        value?.string.flatMap { Moment(rfc3339: $0) }
    }
}

extension BillFileFormat: ExpressibleByArgument {}
