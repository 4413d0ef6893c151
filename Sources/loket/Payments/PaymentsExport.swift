// `loket payments export`: writes payments as CSV for accounting, as the service streams them.

import ArgumentParser
import AsyncHTTPClient
import LoketCore
import LoketRuntime
import LoketSystem

struct PaymentsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write payments as CSV for accounting.",
        discussion: """
            One line for each payment: date and time in Jakarta, customer, invoice number, payment \
            code, amount, channel, store, transaction id, status, decision, note, metadata, \
            payment id, invoice number as paid, account. A cell that a spreadsheet would run as a \
            formula begins with an apostrophe, and so does a part of a cell after another \
            delimiter. Where a spreadsheet's list separator is the semicolon, as in Indonesia, \
            export with --delimiter semicolon. A payment whose row is damaged has a line with \
            its payment id alone, and the exit code is then 1.

            Example: loket payments export --from 2026-11-01 --to 2026-12-01 --output november.csv
            """)

    @OptionGroup var filter: PaymentFilterOptions
    @Option(
        help: ArgumentHelp(
            "The file to write, which must not exist. Default: standard output.",
            valueName: "file"))
    var output: String?
    @Option(
        help: ArgumentHelp("comma, the default, or semicolon.", valueName: "delimiter"))
    var delimiter: String?
    @Flag(help: "With --output: print JSON.")
    var json = false
    @OptionGroup var admin: AdminOptions

    func validate() throws {
        guard !json || output != nil else {
            throw ValidationError(
                "--json needs --output; for payments as JSON, use `payments list`")
        }
    }

    func run() async throws {
        let response = try await admin.client().file(
            "/admin/v1/payments", filter.query + [("delimiter", delimiter)], type: "text/csv")
        guard let output else {
            let copied = try await Self.copy(response) { try Output.write(Array($0)) }
            return try copied.damaged.requireNone()
        }
        let progress = Progress()
        defer { progress.end() }
        let copied = try await NewFile.make(output, by: "export") { file in
            try await Self.copy(response, progress) { try file.write($0) }
        }
        progress.end()
        if json {
            try Output.print { body in
                body.field("file", output)
                body.field("bytes", copied.bytes)
                body.array("damaged_payments") { list in
                    for id in copied.damaged.ids { list.string("\(id)") }
                }
            }
        } else {
            try Output.print("\(copied.bytes) bytes written to \(output)")
        }
        try copied.damaged.requireNone()
    }

    private struct Copied {
        var bytes: Int64 = 0
        var damaged = DamagedPayments()
    }

    /// - Throws: `Failure` 3 if the service ends the file too early.
    private static func copy(
        _ response: HTTPClientResponse, _ progress: Progress? = nil,
        _ put: (UnsafeRawBufferPointer) throws -> Void
    ) async throws -> Copied {
        let step = Progress.Step(doing: "receiving", unit: .bytes, total: nil)
        var copied = Copied()
        var body = response.body.makeAsyncIterator()
        while true {
            let next: ByteChunk
            do {
                next = try await body.next()
            } catch {
                throw Failure(
                    .unreachable,
                    "the payments ended after \(copied.bytes) bytes: "
                        + (connectionFailure(error) ?? "\(error)"))
            }
            guard let buffer = next else { return copied }
            try buffer.withUnsafeReadableBytes(put)
            copied.damaged.read(buffer.readableBytesView)
            copied.bytes += Int64(buffer.readableBytes)
            progress?.show(step, done: copied.bytes)
        }
    }

    private typealias ByteChunk = HTTPClientResponse.Body.Element?
}
