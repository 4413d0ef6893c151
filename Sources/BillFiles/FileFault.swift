// The reason why a whole file is unreadable. A fault of a single row is a RowFault, after
// which the next rows are still read.

import LoketCore

package struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line in the file, from 1; nil if the fault concerns the whole file.
    package let line: Int?
    /// The name of the faulty column (`BillColumn.name`); nil if not one column.
    package let column: String?
    /// The text in the file, truncated to 64 characters.
    package let value: String?
    /// The fault and its remedy.
    package let reason: String

    package init(line: Int? = nil, column: String? = nil, value: String? = nil, reason: String) {
        self.line = line
        self.column = column
        self.value = value
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}

/// The reason why one value is unreadable.
struct Misreading: Error {
    let reason: String
}

extension Misreading {
    init(_ fault: TextFault) {
        reason =
            switch fault {
            case .empty: "is empty"
            case .tooLong(let count, let max): "has \(count) characters; at most \(max) are allowed"
            case .lineBreak: "contains a line break: write the text in one line"
            case .control: "contains a control character: remove the character"
            case .direction:
                "contains an invisible character that changes the text direction: type it again"
            case .blank: "contains only spaces"
            case .noAddress:
                "is not an e-mail address: it needs one @ with text on both sides, and no spaces"
            }
    }
}

extension FileFault {
    static func nul(line: Int) -> FileFault {
        FileFault(
            line: line,
            reason: "contains a NUL byte: the file is UTF-16 or not text; save it as CSV UTF-8, or "
                + "set encoding=utf-16le")
    }
}

/// The reason for a header, or one value of a row, in another encoding.
let notUTF8 =
    "is not UTF-8: save the file as CSV UTF-8, or set encoding=windows-1252 if a Windows program "
    + "saved it as plain CSV"
