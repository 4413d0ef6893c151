// A file, how it is sent, and the complete expected report: one line of sums, one for each note,
// and one for each bill that exists afterwards.

import LoketRuntime
import Testing

struct ImportCase: Sendable, CustomTestStringConvertible {
    let name: String
    let query: String
    let type: String
    let body: [UInt8]
    let report: String

    var testDescription: String { name }

    init(
        _ name: String, query: String = "", type: String = "text/csv", bytes: [UInt8],
        report: String
    ) {
        self.name = name
        self.query = query
        self.type = type
        body = bytes
        self.report = report
    }

    init(
        _ name: String, query: String = "", type: String = "text/csv", text: String,
        report: String
    ) {
        self.init(name, query: query, type: type, bytes: Array(text.utf8), report: report)
    }

    /// The four columns that every file needs.
    static let head = "payment_code,invoice_number,amount,customer_name\n"

    /// A valid row for these columns.
    static func row(_ number: Int) -> String {
        "8896510000000\(number),INV-\(number),150000,Anton Budiman\n"
    }
}

/// Sends the file of a case to an empty service, and compares the complete report.
func expectReport(
    _ file: ImportCase, more: String = "", _ change: (inout Settings) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    try await withService(more: more, change) { service in
        let report = try await service.importFile(file.body, file.query, type: file.type)
        let text = ([report.text] + (try await service.billLines())).joined(separator: "\n")
        #expect(text == file.report, "\(file.name)\n\(text)", sourceLocation: sourceLocation)
        #expect(report.json["bytes"]?.integer == Int64(file.body.count))
        #expect(report.json["phase"]?.isNull == true)
        #expect(report.json["notes"]?["next_cursor"]?.isNull == true)
        #expect(report.json["finished_at"]?.string != nil)
        let events = try await service.events()
        #expect(events == (report.summary.contains("created") ? ["import.applied"] : []))
    }
}
