// Why a file cannot be read at all. What is wrong with one row alone is a RowFault, and the rows
// after it are still read.

import LoketCore

package struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Line in the file, from 1; nil where the whole file is meant.
    package let line: Int?
    /// Name of the column in our words, where one is to blame.
    package let column: String?
    /// The text in the file, cut to 64 characters.
    package let value: String?
    /// What is wrong, and what to do.
    package let reason: String

    package init(line: Int? = nil, column: String? = nil, value: String? = nil, reason: String) {
        self.line = line
        self.column = column
        self.value = value
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}

/// Why one value cannot be read.
struct Misreading: Error {
    let reason: String
}

extension Misreading {
    init(_ fault: TextFault) {
        reason =
            switch fault {
            case .empty: "is empty"
            case .tooLong(let count, let max): "has \(count) characters; at most \(max) fit"
            case .lineBreak: "contains a line break: write it in one line"
            case .control: "contains a control character: remove it"
            case .direction:
                "contains an invisible mark that changes the direction of the text: type it again"
            case .blank: "contains only spaces"
            case .noAddress:
                "is not an e-mail address: one @ with something on either side, no spaces"
            }
    }
}

extension FileFault {
    static func nul(line: Int) -> FileFault {
        FileFault(
            line: line,
            reason: "contains a NUL byte: it is UTF-16 or not text; save it as CSV UTF-8")
    }
}

/// Of the header, or of one value in a row.
let notUTF8 = "is not UTF-8: save the file as CSV UTF-8"
