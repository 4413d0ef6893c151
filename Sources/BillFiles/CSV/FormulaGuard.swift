// The apostrophe before a text that keeps a spreadsheet from executing the cell, and the reader
// from mistaking the text for spreadsheet damage. It is added when bills are written as CSV and
// removed when such a file is read. A text that itself begins with an apostrophe gets a second
// apostrophe, so that each text has a unique spelling.

import LoketCore

enum FormulaGuard {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    private static let mark = UInt8(ascii: "'")
    private static let runs = Array("=+-@\t\r".utf8)

    /// Returns whether the text must be written with an apostrophe before it.
    static func isNeeded(for text: String) -> Bool {
        var text = text
        return text.withUTF8 { isNeeded(for: $0) }
    }

    /// Returns the text after a guarding apostrophe in a CSV cell; nil if there is none. An
    /// apostrophe before a digit is a spreadsheet's text mark, which is damage, not a guard.
    static func text(in cell: Bytes) -> Bytes? {
        guard cell.first == mark else { return nil }
        let text = Bytes(rebasing: cell[1...])
        return isNeeded(for: text) ? text : nil
    }

    /// Returns the text as a cell of a file that the reader of an import reads.
    static func guarded(_ text: String) -> String { isNeeded(for: text) ? "'" + text : text }

    // MARK: Refused cells

    /// Returns whether a spreadsheet would run the cell, apart from apostrophes before it. In the
    /// file of refused rows only such cells have one apostrophe more, so that every other cell,
    /// damaged or not, is as the imported file has it.
    static func isRun(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isRun($0) }
    }

    /// Returns the cell for which a cell of the file of refused rows stands.
    static func unguarded(_ cell: Bytes) -> Bytes {
        guard cell.first == mark else { return cell }
        let text = Bytes(rebasing: cell[1...])
        return isRun(text) ? text : cell
    }

    private static func isRun(_ text: Bytes) -> Bool {
        text.first { $0 != mark }.map(runs.contains) ?? false
    }

    private static func isNeeded(for text: Bytes) -> Bool {
        let marks = text.prefix { $0 == mark }.count
        let rest = Bytes(rebasing: text[marks...])
        guard let next = rest.first else { return false }
        return runs.contains(next) || marks > 0 && isASCIIDigit(next)
            || SpreadsheetDamage.certain(rest) != nil || SpreadsheetDamage.lostNumber(rest) != nil
    }
}
