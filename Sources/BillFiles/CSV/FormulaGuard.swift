// The apostrophe that keeps a spreadsheet from running a cell, and the reader from taking a text for
// what a spreadsheet made of another: put before such a text when bills are written as CSV, and
// taken off when such a file is read. A text that begins with an apostrophe of its own gets a second
// one, so that each text has one spelling.

import LoketCore

enum FormulaGuard {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    private static let mark = UInt8(ascii: "'")
    private static let runs = Array("=+-@\t\r".utf8)

    /// Whether the text is written after an apostrophe.
    static func isNeeded(for text: String) -> Bool {
        var text = text
        return text.withUTF8 { isNeeded(for: $0) }
    }

    /// The text in the cell of a CSV, where it is after the apostrophe; nil where it is not. One
    /// before a digit is a spreadsheet's own mark of a text: that is damage, not this.
    static func text(in cell: Bytes) -> Bytes? {
        guard cell.first == mark else { return nil }
        let text = Bytes(rebasing: cell[1...])
        return isNeeded(for: text) ? text : nil
    }

    private static func isNeeded(for text: Bytes) -> Bool {
        let marks = text.prefix { $0 == mark }.count
        let rest = Bytes(rebasing: text[marks...])
        guard let next = rest.first else { return false }
        return runs.contains(next) || marks > 0 && isASCIIDigit(next)
            || SpreadsheetDamage.certain(rest) != nil || SpreadsheetDamage.lostNumber(rest) != nil
    }
}
