// The file of the rows that an import refused: the columns of the imported file, and the reasons in
// one more. It is read again with `rows_of`, and a row that nobody edited is refused again.

import LoketCore

package enum RefusedRows {
    /// The column of the reasons. A file that has it is read with `rows_of` only.
    package static let reasonColumn = "loket_reason"
    /// The column of JSON objects.
    static let objectColumn = "row"

    /// Stands for what cannot be given back: a missing cell, bytes that are no characters, or a
    /// misplaced quote.
    static let unknown = "\u{FFFD}"

    private static let delimiter = UInt8(ascii: ",")

    /// Returns the file's first line.
    package static func opening(_ header: FileHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        append(header.names + [reasonColumn], to: &bytes)
        return bytes
    }

    /// Appends a row. In a row with too many or too few cells the reason stays in its own column.
    package static func append(
        _ cells: [String], reason: String, _ header: FileHeader, to bytes: inout [UInt8]
    ) {
        var cells = cells
        let width = header.names.count
        while cells.count < width { cells.append(unknown) }
        cells.insert(reason, at: width)
        append(cells, to: &bytes)
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        CSVLine.append(
            cells.map { PartGuard.guarded($0, in: delimiter) }, delimiter: delimiter, to: &bytes,
            isGuarded: FormulaGuard.isRun)
    }

    // MARK: Reading

    /// Returns the reason to refuse a cell of the file; nil if it is whole.
    static func fault(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        guard cell.contains(0xEF),
            String(decoding: cell, as: UTF8.self).unicodeScalars.contains("\u{FFFD}")
        else { return nil }
        return "has \(unknown), which stands for what could not be read: write the whole value"
    }

    /// Returns a cell as the imported file had it, without the apostrophes of `append`.
    static func original(_ cell: some Sequence<UInt8>) -> [UInt8] {
        PartGuard.unguarded(cell, in: delimiter).withUnsafeBufferPointer {
            Array(FormulaGuard.unguarded($0))
        }
    }

    static func text(_ cell: String) -> String {
        String(decoding: original(cell.utf8), as: UTF8.self)
    }
}

extension FileOptions {
    /// Returns the options for the file of rows that an import with these options refused: it is
    /// CSV in UTF-8 with the header in the first line, whatever the imported file was.
    package func forRows(of id: Int64) -> FileOptions {
        var options = self
        options.rowsOf = id
        options.encoding = .utf8
        options.delimiter = nil
        options.skipLines = 0
        return options
    }

    /// How the bytes of the file are divided; `format` says what a row contains.
    var layout: ImportFormat { rowsOf == nil ? format : .csv }
}
