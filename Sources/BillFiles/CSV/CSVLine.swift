// Writes lines of CSV (RFC 4180): delimiters, CR LF, and quotes where a cell needs them. A
// spreadsheet that opens the file runs no cell as a formula, because such a cell begins with an
// apostrophe.

package enum CSVLine {
    private static let quote = UInt8(ascii: "\"")
    private static let marks = Array(",;\"\r\n".utf8)

    /// - Parameter delimiter: a comma or a semicolon.
    package static func append(
        _ cells: [String], delimiter: UInt8 = UInt8(ascii: ","), to bytes: inout [UInt8]
    ) {
        append(cells, delimiter: delimiter, to: &bytes, isGuarded: FormulaGuard.isNeeded)
    }

    /// - Parameter isGuarded: whether a cell is written with an apostrophe before it.
    static func append(
        _ cells: [String], delimiter: UInt8 = UInt8(ascii: ","), to bytes: inout [UInt8],
        isGuarded: (String) -> Bool
    ) {
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(delimiter) }
            append(cell, isGuarded: isGuarded(cell), to: &bytes)
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    private static func append(_ text: String, isGuarded: Bool, to bytes: inout [UInt8]) {
        let needsQuotes =
            text.utf8.contains { marks.contains($0) } || text.utf8.first == 0x20
            || text.utf8.last == 0x20
        guard isGuarded || needsQuotes else { return bytes.append(contentsOf: text.utf8) }
        if needsQuotes { bytes.append(quote) }
        if isGuarded { bytes.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(quote) }
    }
}
