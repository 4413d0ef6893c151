// `loket bills import`: sends a file of bills and waits for the result.

import ArgumentParser
import BillFiles
import Foundation
import LoketCore

struct BillsImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add and change bills from a file, CSV or NDJSON.",
        discussion: """
            The first line of CSV names the columns, in English or Indonesian, in any order: \
            \(BillColumn.allCases.map(\.name).joined(separator: ", ")). The separator is comma or \
            semicolon, the encoding UTF-8. Amounts by date are in `amounts`, such as \
            2026-12-10=150000;175000, or in amount_1, until_1, amount_2, until_2 and so on; \
            `amount` can then be empty. If a row is wrong, no row is applied, and every wrong \
            row is listed. Importing the same file again changes nothing. Exits 1 if the file is \
            refused.

            Examples: loket bills import bills.csv --dry-run
              loket bills import bills.csv --amount-format indonesian
              export-bills | loket bills import - --format ndjson
            """)

    @Argument(help: "The file, or - for standard input.")
    var file: String
    @Flag(help: "Check the file and compare it with the bills, but change no bill.")
    var dryRun = false
    @Option(
        help: ArgumentHelp(
            "How amounts are written: plain (150000), indonesian (150.000,00) or english "
                + "(150,000.00).", valueName: "form"),
        transform: { try word($0) })
    var amountFormat = AmountFormat.plain
    @Option(
        help: "csv or ndjson, if the file's name does not end in .csv or .ndjson.",
        transform: { try word($0) })
    var format: BillFileFormat?
    @Option(help: "The Client-Id, if two accounts have the BIN.")
    var account: String?
    @Flag(help: "Do not wait for the result after the file is sent.")
    var noWait = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        let format = try format ?? Self.format(of: file)
        let upload = try FileUpload(file)
        let progress = Progress()
        defer { progress.end() }
        Interruption.say(progress) { upload.interrupt() }
        defer { Interruption.end() }
        let sending = Progress.Step(doing: "sending", unit: .bytes, total: upload.size)
        var item = try await client.upload(
            upload, to: "/admin/v1/imports",
            [
                ("dry_run", "\(dryRun)"), ("amount_format", amountFormat.rawValue),
                ("account", account),
            ],
            type: format == .csv ? "text/csv" : "application/x-ndjson",
            sent: { progress.add($0, to: sending) })
        Interruption.end()
        if upload.isInterrupted, item["state"]?.string == "running", let id = item["id"]?.string {
            Interruption.end(saying: ImportWatch.goesOn(item, id))
        }
        if !noWait { item = try await ImportWatch(client: client).end(of: item, progress) }
        progress.end()
        try output.show(item) { ImportText.page($0) }
        if item["state"]?.string == "running", let id = item["id"]?.string {
            Output.note("the file is sent; show the result: `loket imports show \(id)`\n")
        }
        try ImportWatch.judge(item)
    }

    private static func format(of file: String) throws -> BillFileFormat {
        switch (file as NSString).pathExtension.lowercased() {
        case "csv": return .csv
        case "ndjson", "jsonl": return .ndjson
        case "xlsx", "xls", "ods":
            throw Failure(
                .usage, "\(file) is a workbook: save it as CSV UTF-8, and import the CSV file")
        default:
            throw Failure(
                .usage, "\(file) has an unknown format: give --format csv or --format ndjson")
        }
    }
}

/// Returns the enumeration case for a word.
func word<Word: RawRepresentable & CaseIterable>(_ text: String) throws -> Word
where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("`\(text)` must be one of \(words)")
    }
    return word
}
