// `loket bills import`: sends a file of bills and waits for the result.

import ArgumentParser
import BillFiles
import Foundation
import LoketCore

struct BillsImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add and change bills from a file: CSV, NDJSON or a JSON array.",
        discussion: """
            The first line of CSV names the columns, in English or Indonesian, in any order: \
            \(BillColumn.allCases.map(\.name).joined(separator: ", ")). The separator is comma or \
            semicolon, the encoding UTF-8. Amounts by date are in `amounts`, such as \
            2026-12-10=150000;175000, or in amount_1, until_1, amount_2, until_2 and so on; \
            `amount` can then be empty. If a row is wrong, no row is applied, and every wrong \
            row is listed. Importing the same file again changes nothing. Exits 1 if the file is \
            refused.

            A file that is written in another way is declared by options. The import keeps them, \
            and --like takes them again. Refused rows that `loket imports rows 41` wrote are sent \
            again, corrected, with --rows-of 41, whatever the imported file was.

            Examples: loket bills import bills.csv --dry-run
              loket bills import bills.csv --amount-format indonesian
              loket bills import piutang.csv --map 'No. Faktur=invoice_number' \
            --map 'No. VA=payment_code' --map 'Terhutang=amount' --ignore 'Tgl Faktur' \
            --amount-format indonesian --date-format dmy
              loket bills import piutang-januari.csv --like 41
              export-bills | loket bills import - --format ndjson
            """)

    @Argument(help: "The file, or - for standard input.")
    var file: String
    @Flag(help: "Check the file and compare it with the bills, but change no bill.")
    var dryRun = false
    @OptionGroup var options: FileOptionArguments
    @Option(
        help: ArgumentHelp(
            "Read the file with the options of this import; options beside it are added or "
                + "replace those of the import.", valueName: "id"))
    var like: Int64?
    @Option(
        help: ArgumentHelp(
            "The file has the refused rows of this import, as `loket imports rows` wrote them.",
            valueName: "id"))
    var rowsOf: Int64?
    @Option(
        help: "csv, ndjson or json (an array), if the file's name does not say it.",
        transform: { try word($0) })
    var format: ImportFormat?
    @Option(help: "A line that is kept with the import, such as where the file is from.")
    var note: String?
    @Flag(help: "Import the file although it lowers many amounts, or by much.")
    var yes = false
    @Option(help: "The Client-Id, if two accounts have the BIN.")
    var account: String?
    @Flag(help: "Do not wait for the result after the file is sent.")
    var noWait = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        let type = try type()
        let upload = try FileUpload(file)
        let progress = Progress()
        defer { progress.end() }
        Interruption.say(progress) { upload.interrupt() }
        defer { Interruption.end() }
        let sending = Progress.Step(doing: "sending", unit: .bytes, total: upload.size)
        var item = try await client.upload(
            upload, to: "/admin/v1/imports",
            [
                ("dry_run", "\(dryRun)"), ("account", account), ("like", like.map(String.init)),
                ("rows_of", rowsOf.map(String.init)), ("file_name", fileName), ("note", note),
                ("accept_warnings", "\(yes)"),
            ] + options.query,
            type: type,
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

    /// The name that the import keeps; nil for standard input and for a blank name.
    private var fileName: String? {
        guard file != "-" else { return nil }
        let name = (file as NSString).lastPathComponent.visible.unicodeScalars
        return try? PrintableText.line(
            String(name.prefix(Limits.fileNameMax)), max: Limits.fileNameMax)
    }

    /// The media type of the file.
    private func type() throws -> String {
        switch try format ?? Self.format(of: file) {
        case .csv: return "text/csv"
        case .ndjson: return "application/x-ndjson"
        case .json: return "application/json"
        case nil:
            // The service takes the format of the other import.
            if like != nil || rowsOf != nil { return "application/octet-stream" }
            throw Failure(
                .usage,
                "\(file) has an unknown format: give --format csv, --format ndjson or --format json"
            )
        }
    }

    /// Returns nil if the name does not say it.
    private static func format(of file: String) throws -> ImportFormat? {
        switch (file as NSString).pathExtension.lowercased() {
        case "csv", "tsv", "tab", "txt": return .csv
        case "ndjson", "jsonl": return .ndjson
        case "json": return .json
        case "xlsx", "xls", "ods":
            throw Failure(
                .usage, "\(file) is a workbook: save it as CSV UTF-8, and import the CSV file")
        default: return nil
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
