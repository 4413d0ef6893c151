// Our CSV reader compared with Python's on ordinary files, quoted in every way.

import BillFiles
import Foundation
import LoketCore
import TestSupport
import Testing

struct OracleTests {
    /// Names and info texts that a cell may contain without being refused.
    private static let texts = [
        "Anton", "Budi, S.Kom", "a;b", "A \"B\" C", "\"", "Zoë 北京", " spaced ", "O'Brien", "x",
        "semi;colon,comma\"quote",
    ]

    private static func file(_ random: inout SeededRandom, _ mark: String) -> String {
        let end = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
        var lines = [["payment_code", "invoice_number", "amount", "customer_name", "info"]]
        for row in 0..<Int.random(in: 0...8, using: &random) {
            lines.append([
                "8899650\(row)", "INV-\(row)", "\(row + 1)",
                texts.randomElement(using: &random) ?? "",
                texts.randomElement(using: &random) ?? "",
            ])
        }
        let written = lines.map { cells in
            cells.map { cell in
                let mustQuote = cell.contains { "\"\(mark)".contains($0) }
                return mustQuote || Int.random(in: 0..<3, using: &random) == 0
                    ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: mark)
        }
        let blank = Bool.random(using: &random) ? end : ""
        return written.joined(separator: end + blank) + (Bool.random(using: &random) ? end : "")
    }

    /// The rows of each file after its header, as texts.
    private static func python(_ files: [(mark: String, text: String)]) throws -> [[String]] {
        let lines = files.map { "\($0.mark) \(Data($0.text.utf8).base64EncodedString())\n" }
        let oracle = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("csv_oracle.py").path
        return try Program.run("python3", oracle, input: lines.joined().utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.split(separator: " ").dropFirst().map(String.init) }
    }

    private static func own(_ text: String) throws -> [String] {
        var reader = BillFileReader(format: .csv, amountFormat: .plain)
        var rows: [String] = []
        let keep = { (row: ImportRow) in
            guard case .bill(let bill, _) = row.reading else {
                rows.append(Reading.text(row))
                return
            }
            let cells = [
                bill.paymentCode.digits, bill.invoiceNumber.text, bill.amounts.text,
                bill.customerName, bill.info ?? "",
            ]
            rows.append(cells.map { "x" + hex($0) }.joined(separator: ","))
        }
        try reader.take(Array(text.utf8), row: keep)
        try reader.finish(row: keep)
        return rows
    }

    private static func hex(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(arguments: [11, 12] as [UInt64])
    func `Python agrees on ordinary files`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let files = (0..<500).map { _ in
            let mark = Bool.random(using: &random) ? "," : ";"
            return (mark: mark, text: Self.file(&random, mark))
        }
        let python = try Self.python(files)
        try #require(python.count == files.count)
        var rows = 0
        for (file, answer) in zip(files, python) {
            #expect(
                try Self.own(file.text) == answer, "seed \(seed): \(file.text.debugDescription)")
            rows += answer.count
        }
        // Otherwise the comparison would show nothing.
        #expect(rows > 1000)
    }
}
