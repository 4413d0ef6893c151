// Files that are no CSV at all, whatever their names and media types say.

import Testing

struct ForeignFileTests {
    private static let others: [ImportCase] = [
        ImportCase(
            "JSON",
            text: "{\"payment_code\":\"88965100000001\"}\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 refused: is JSON, not CSV: send one object a line with format=ndjson
                """),
        ImportCase(
            "a JSON array sent as CSV",
            text: """
                 [
                {}]
                """,
            report: """
                refused: 0 rows, 1 refused
                1 refused: is a JSON array: send one object a line (NDJSON), without brackets \
                around them and commas between them
                """),
        ImportCase(
            "HTML",
            text: "<html><table><tr><td>payment_code",
            report: """
                refused: 0 rows, 1 refused
                1 refused: is HTML or XML, whatever its name says: save it as CSV UTF-8
                """),
        ImportCase(
            "an Excel workbook",
            bytes: Array("PK\u{3}\u{4}\u{14}\0\u{6}\0workbook".utf8),
            report: """
                refused: 0 rows, 1 refused
                refused: is an Excel workbook (.xlsx) or another zip archive: save it as CSV UTF-8
                """),
        ImportCase(
            "an old Excel workbook",
            bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0],
            report: """
                refused: 0 rows, 1 refused
                refused: is an old Excel workbook (.xls): save it as CSV UTF-8
                """),
        ImportCase(
            "gzip",
            bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],
            report: """
                refused: 0 rows, 1 refused
                refused: is compressed (gzip): unpack it first
                """),
        ImportCase(
            "a PDF",
            text: "%PDF-1.7\u{A}",
            report: """
                refused: 0 rows, 1 refused
                refused: is a PDF: send the CSV file that it was made from
                """),
        ImportCase(
            "one byte",
            bytes: [0x1F],
            report: """
                refused: 0 rows, 1 refused
                1 <\\u{1F}> refused: there is no header: the first line must name the columns, at \
                least payment_code, invoice_number, amount, customer_name
                """),
    ]

    @Test(arguments: others)
    func `a file of another kind is called by its name`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
