// The apostrophe that keeps a spreadsheet from running a cell: put before a text that begins like a
// formula when bills are written as CSV, and taken off when such a file is read. Whoever begins a
// text with an apostrophe of his own gets a second one, so that each text has one spelling.

import LoketCore

enum FormulaGuard {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    private static let mark = UInt8(ascii: "'")
    private static let runs = Array("=+-@\t\r".utf8)

    /// Whether the text is written behind an apostrophe.
    static func isNeeded(for text: String) -> Bool {
        let (marks, next) = opening(text.utf8)
        return next.map { runs.contains($0) || marks > 0 && isASCIIDigit($0) } ?? false
    }

    /// The text in the cell of a CSV, where it stands behind the apostrophe; nil where it does
    /// not. One before a digit is a spreadsheet's own mark of a text: that is damage, not this.
    static func text(in cell: Bytes) -> Bytes? {
        let (marks, next) = opening(cell)
        guard let next, marks > 0, runs.contains(next) || marks > 1 && isASCIIDigit(next) else {
            return nil
        }
        return Bytes(rebasing: cell[1...])
    }

    private static func opening(_ bytes: some Collection<UInt8>) -> (marks: Int, next: UInt8?) {
        let rest = bytes.drop { $0 == mark }
        return (bytes.count - rest.count, rest.first)
    }
}
