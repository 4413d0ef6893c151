// The cells of a scanned row as texts, for the header and for people.

extension CSVScanner {
    /// The row's cells joined by the delimiter.
    var joined: [UInt8] { Array(cells.joined(separator: [delimiter])) }

    var texts: [String] { cells.map { String(decoding: $0, as: UTF8.self) } }

    /// The cells of a refused row. A misplaced quote cannot be written in a file that is well
    /// formed, so its cell is marked.
    var keptTexts: [String] {
        var texts = texts
        for flaw in flaws where flaw.cell < texts.count { texts[flaw.cell] += RefusedRows.unknown }
        return texts
    }

    var cells: [ArraySlice<UInt8>] {
        var start = 0
        return ends.map { end in
            defer { start = end }
            return contents[start..<end]
        }
    }
}
