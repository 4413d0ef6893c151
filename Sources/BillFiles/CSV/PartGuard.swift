// The parts of a cell. A spreadsheet that expects another delimiter than the file's divides a cell
// at that delimiter, and would run what follows as a formula. Such a part gets an apostrophe before
// it; the beginning of the cell has a guard of its own.

package enum PartGuard {
    private static let mark = UInt8(ascii: "'")
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    /// A tab and a carriage return begin a part themselves.
    private static let runs = Array("=+-@".utf8)

    /// Returns the text with an apostrophe before each part, after the first, that a spreadsheet
    /// could run.
    ///
    /// - Parameter delimiter: the file's, a comma or a semicolon.
    package static func guarded(_ text: String, in delimiter: UInt8) -> String {
        let dividers = dividers(delimiter)
        guard text.utf8.contains(where: dividers.contains) else { return text }
        var shown: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            shown.append(byte)
            if dividers.contains(byte), isRun(rest) { shown.append(mark) }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Returns the text that `guarded` was given. A part that begins with an apostrophe of its own
    /// gets a second one if the rest could run, so each text has one spelling.
    static func unguarded(_ cell: some Sequence<UInt8>, in delimiter: UInt8) -> [UInt8] {
        let dividers = dividers(delimiter)
        var text: [UInt8] = []
        var rest = Array(cell)[...]
        while let byte = rest.popFirst() {
            text.append(byte)
            if dividers.contains(byte), rest.first == mark, isRun(rest.dropFirst()) {
                rest.removeFirst()
            }
        }
        return text
    }

    /// What may divide a cell in a spreadsheet that does not expect this delimiter.
    private static func dividers(_ delimiter: UInt8) -> [UInt8] {
        Array(";\t\n\r".utf8) + (delimiter == comma ? [] : [comma])
    }

    /// A quote begins a cell, and is not part of it.
    private static func isRun(_ part: ArraySlice<UInt8>) -> Bool {
        part.first { $0 != mark && $0 != quote }.map(runs.contains) ?? false
    }
}
