// The options of one file: how its author wrote the columns, values and bytes. They are declared by
// the sender; nothing is guessed from the file's contents.

import LoketCore

package struct FileOptions: Sendable, Equatable {
    package var format = ImportFormat.csv
    package var amountFormat = AmountFormat.plain
    package var dateFormat = DateFormat.iso
    /// Nil: the more frequent of comma and semicolon in the header.
    package var delimiter: CSVDelimiter?
    package var encoding = FileEncoding.utf8
    /// The number of lines before the header that are not read, 0 to `skipLinesMax`.
    package var skipLines = 0
    /// The columns of the file that have names of their own.
    package var map: [MappedColumn] = []
    /// The names of the file's columns that are not read. An empty name: columns without a name.
    package var ignore: [String] = []
    /// A row whose first cell with a content is one of these texts is not a bill, such as a total.
    package var skipRows: [String] = []
    /// Whether a code may contain spaces, dots and dashes, or a spreadsheet's mark of a text.
    package var cleansCodes = false
    /// Whether spaces at the ends of a value, and line breaks inside, are removed.
    package var cleansSpaces = false

    /// The import whose file of refused rows this is; nil for a file of another origin.
    package var rowsOf: Int64?

    package static let skipLinesMax = 100

    package init() {}

    /// The options that concern single values.
    var forms: ValueForms {
        ValueForms(
            amounts: amountFormat, dates: dateFormat, cleansCodes: cleansCodes,
            cleansSpaces: cleansSpaces)
    }
}

/// A column of the file and the bill's column that it contains.
package struct MappedColumn: Sendable, Equatable {
    /// The name in the file, with `ColumnName.normal`.
    package let name: String
    let column: CSVColumn

    /// The name of the bill's column.
    package var target: String { column.name }
}

/// How single values are written.
struct ValueForms: Sendable {
    var amounts = AmountFormat.plain
    var dates = DateFormat.iso
    var cleansCodes = false
    var cleansSpaces = false
}

/// The formats of a file to import.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// RFC 4180 with a header line.
    case csv
    /// One JSON object per line.
    case ndjson
    /// One JSON array of objects.
    case json
}

package enum CSVDelimiter: String, CaseIterable, Sendable {
    case comma, semicolon, tab, bar

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        case .bar: UInt8(ascii: "|")
        }
    }

    init?(_ byte: UInt8) {
        guard let delimiter = Self.allCases.first(where: { $0.byte == byte }) else { return nil }
        self = delimiter
    }

    /// The name in a sentence.
    var words: String { self == .bar ? "vertical bar" : rawValue }
}

/// How the file's characters are stored as bytes.
package enum FileEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
    /// With a byte order mark, which says which of the next two it is.
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
}

/// The names of columns as they are compared: white space at the ends is dropped, and each other
/// run of white space, such as a line break in a header cell, counts as one space.
enum ColumnName {
    static func normal(_ name: String) -> String {
        name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

// MARK: Columns of the file

extension FileOptions {
    /// Whether the option `ignore` has a column of the file.
    func ignores(_ name: String) -> Bool {
        !ignore.isEmpty && ignore.contains(ColumnName.normal(name))
    }

    /// The bill's column that the option `map` gives for a column of the file.
    func mapped(_ name: String) -> CSVColumn? {
        guard !map.isEmpty else { return nil }
        let name = ColumnName.normal(name)
        return map.first { $0.name == name }?.column
    }
}
