// The delimiter of the file of payments, and its cells for a spreadsheet that expects another one.
// Such a spreadsheet divides a cell at the delimiter that it expects, and would run what follows as
// a formula.

extension PaymentCSV {
    enum Delimiter: String, CaseIterable {
        case comma, semicolon

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            }
        }

        /// What may divide a cell in a spreadsheet that does not expect this delimiter.
        fileprivate var others: Set<Unicode.Scalar> {
            switch self {
            case .comma: [";", "\t", "\n", "\r"]
            case .semicolon: [",", ";", "\t", "\n", "\r"]
            }
        }
    }

    private static let runs: Set<Unicode.Scalar> = ["=", "+", "-", "@"]

    /// Returns the text with an apostrophe before each part, after the first, that a spreadsheet
    /// could run as a formula.
    static func guarded(_ text: String, in delimiter: Delimiter) -> String {
        let others = delimiter.others
        var rest = text.unicodeScalars[...]
        guard rest.contains(where: others.contains) else { return text }
        var shown = String.UnicodeScalarView()
        while let mark = rest.popFirst() {
            shown.append(mark)
            // A quote begins a cell, and is not part of it.
            let part = rest.drop { $0 == "\"" }
            if others.contains(mark), let next = part.first, runs.contains(next) {
                shown.append("'")
            }
        }
        return String(shown)
    }
}
