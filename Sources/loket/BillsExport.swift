// `loket bills export`: bills as a file that an import takes back, streamed page by page.

import ArgumentParser
import BillFiles
import DokuWire
import Foundation
import LoketCore

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
            "Where to write; never over a file that is there. Default: standard output.",
            valueName: "file"))
    var output: String?
    @OptionGroup var admin: AdminOptions

    func run() async throws {
        let client = try admin.client()
        let target = try ExportTarget(output)
        // The bills themselves show a terminal how far it is.
        let isShown = output == nil && isatty(STDOUT_FILENO) == 1
        let progress = isShown ? nil : Progress()
        do {
            let count = try await write(client, to: target, progress)
            progress?.end()
            try target.finish()
            if let output { print("\(count) bills in \(output)") }
        } catch {
            progress?.end()
            // Half a file would look like a whole one.
            target.discard()
            throw error
        }
    }

    private func write(
        _ client: AdminClient, to target: ExportTarget, _ progress: Progress?
    ) async throws -> Int {
        let step = Progress.Step(doing: "writing", unit: .rows, total: nil)
        let writer = BillFileWriter(format: format)
        var count = 0
        var isOpened = false
        try await filter.pages(of: client) { page in
            var bytes = isOpened ? [] : writer.opening
            isOpened = true
            for item in page["items"]?.elements ?? [] {
                writer.write(try Self.draft(item), to: &bytes)
                count += 1
            }
            try target.write(bytes)
            progress?.show(step, done: Int64(count))
        }
        return count
    }

    private static func draft(_ bill: JSONValue) throws -> BillDraft {
        guard let code = bill["payment_code"]?.string.flatMap({ PaymentCode($0) }),
            let number = bill["invoice_number"]?.string.flatMap({ InvoiceNumber($0) }),
            let amount = bill["amount"]?.integer.flatMap({ Rupiah(whole: $0) }),
            let name = bill["customer"]?["name"]?.string
        else { throw Failure(.no, "the service sent a bill that cannot be read") }
        let metadata = bill["metadata"].flatMap { $0.isObject ? $0.minified : nil }
        return BillDraft(
            paymentCode: code, invoiceNumber: number, amount: amount,
            reusable: bill["reusable"]?.bool == true,
            expiresAt: bill["expires_at"]?.string.flatMap { Moment(rfc3339: $0) },
            customerName: name, customerEmail: bill["customer"]?["email"]?.string,
            info: bill["info"]?.string,
            metadata: metadata.map { String(decoding: $0, as: UTF8.self) })
    }
}

extension BillFileFormat: ExpressibleByArgument {}

/// Standard output, or a file that is new.
private struct ExportTarget {
    private let path: String?
    private let handle: FileHandle

    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        // Customers are in it: for its owner's eyes.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
            throw Failure(.no, "cannot write \(path): \(reason)")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw Failure(.no, "cannot write \(path ?? "to standard output"): \(error)")
        }
    }

    func finish() throws {
        guard let path else { return }
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Failure(.no, "cannot write \(path): \(error)")
        }
    }

    func discard() {
        guard let path else { return }
        try? handle.close()
        try? FileManager.default.removeItem(atPath: path)
    }
}
