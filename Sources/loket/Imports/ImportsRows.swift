// `loket imports rows`: writes the refused rows of an import as a file, with the reasons.

import ArgumentParser
import Foundation
import LoketCore

struct ImportsRows: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rows",
        abstract: "Write the refused rows of an import as CSV, with the reasons.",
        discussion: """
            The columns are those of the file, and `loket_reason`. Rows that could not be read are \
            as in the file; � stands for what could not be read. Rows that were refused because \
            of existing bills or of other rows have the values that were read, and nothing in \
            columns that are not read. A cell that a spreadsheet would run as a formula begins \
            with an apostrophe, and so does a part of a cell after another delimiter. At most \
            \(Limits.importBadRowsMax) rows of each kind are kept, of the first kind at most \
            \(Limits.importBadRowsBytesMax >> 20) MiB, for imports.keep_days.

            The file is CSV in UTF-8, whatever the imported file was. Correct the rows and send \
            them with --rows-of; the column loket_reason can stay.

            Examples: loket imports rows 41 --output bad.csv
              loket bills import bad.csv --rows-of 41
            """)

    @Argument(help: "The import's id.")
    var id: Int64
    @Option(
        help: ArgumentHelp(
            "The file to write, which must not exist. Default: standard output.",
            valueName: "file"))
    var output: String?
    @OptionGroup var admin: AdminOptions

    private static let bytesMax = 256 * 1024 * 1024

    func run() async throws {
        let response = try await admin.client().file(
            "/admin/v1/imports/\(id)/rows", [("outcome", "refused")], type: "text/csv")
        let bytes: [UInt8]
        do {
            bytes = Array(try await response.body.collect(upTo: Self.bytesMax).readableBytesView)
        } catch {
            throw Failure(.unreachable, "the rows were not received completely: \(error)")
        }
        if let output {
            try await NewFile.make(output, by: "export") { file in
                try bytes.withUnsafeBytes { try file.write($0) }
            }
            try Output.print("\(bytes.count) bytes written to \(output)")
        } else {
            try Output.write(bytes)
        }
        func count(_ name: String) -> Int64 {
            response.headers.first(name: name).flatMap { Int64($0) } ?? 0
        }
        let (rows, refused) = (count("Loket-Rows"), count("Loket-Refused"))
        guard rows > 0 || refused > 0 else { return }
        Output.note(
            "\(ProgressText.grouped(rows)) of \(ProgressText.grouped(refused)) refused rows; send "
                + "them again, corrected: `loket bills import \(output ?? "FILE") --rows-of \(id)`\n"
        )
    }
}
