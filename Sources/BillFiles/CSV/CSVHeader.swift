// The first line of a CSV file: the delimiter and the order of the columns.

import LoketCore

/// The first line as it is received: the column names, or Excel's `sep=;` before them.
struct CSVFirstLine {
    /// The raw bytes of the line, including its end.
    private(set) var bytes: [UInt8] = []
    private var isQuoted = false

    /// Reads bytes up to the end of the line.
    ///
    /// - Returns: true if the line is complete.
    mutating func take(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        while position < more.count {
            let byte = more[position]
            position += 1
            bytes.append(byte)
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == 0x0A || byte == 0x0D { return true }
            guard bytes.count <= Limits.importRowBytesMax else {
                throw FileFault(
                    line: 1,
                    reason: "the first line is longer than \(Limits.importRowBytesMax / 1024) KiB"
                        + (isQuoted ? " or opens a quote that is never closed" : "")
                        + ": write the column names in the first line")
            }
        }
        return false
    }

    /// Whether the line contains only white space.
    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } }

    /// Returns the delimiter of a `sep=` line; nil for another line.
    func declared() throws(FileFault) -> UInt8? {
        let line = bytes.filter { $0 != 0x0A && $0 != 0x0D && $0 != UInt8(ascii: "\"") }
        guard line.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8.map { $0 | 0x20 })
        else { return nil }
        guard line.count == 5, let mark = line.last, Self.delimiters.contains(mark) else {
            throw FileFault(
                line: 1, value: shownValue(line),
                reason: "is not supported: separate the columns by commas or semicolons")
        }
        return mark
    }

    /// Returns the delimiter of the header line: the more frequent of comma and semicolon.
    func delimiter(line: Int) throws(FileFault) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let commas = counts[UInt8(ascii: ",")] ?? 0
        let semicolons = counts[UInt8(ascii: ";")] ?? 0
        for (mark, name) in [(UInt8(ascii: "\t"), "tab"), (UInt8(ascii: "|"), "vertical bar")]
        where (counts[mark] ?? 0) > max(commas, semicolons) {
            throw FileFault(
                line: line, value: shownValue(bytes.filter { $0 != 0x0A && $0 != 0x0D }),
                reason: "the columns are separated by a \(name): use a comma or a semicolon")
        }
        return semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    private static let delimiters = Array(",;".utf8)
}

/// A column of a CSV file.
enum CSVColumn: Hashable, Sendable {
    case field(BillColumn)
    case step(StepColumn)

    var name: String {
        switch self {
        case .field(let column): column.name
        case .step(let column): column.name
        }
    }

    /// Whether the column has dated amounts, so that a row may leave `amount` empty.
    var hasSteps: Bool {
        switch self {
        case .field(let column): column == .amounts
        case .step: true
        }
    }

    init?(named name: String) {
        if let column = BillColumn(named: name) {
            self = .field(column)
        } else if let column = StepColumn(plain: BillColumn.plain(name)) {
            self = .step(column)
        } else {
            return nil
        }
    }
}

enum CSVHeader {
    /// - Throws: one fault whose reason lists everything wrong with the header.
    static func columns(_ cells: [String], line: Int) throws(FileFault) -> [CSVColumn] {
        var columns: [CSVColumn] = []
        var unknown: [String] = []
        var wrongs: [String] = []
        for cell in cells {
            guard let column = CSVColumn(named: cell) else {
                unknown.append(cell)
                let name = shownValue(Array(cell.utf8))
                wrongs.append(
                    cell.isEmpty
                        ? "has a column without a name"
                        : "has the unknown column \"\(name)\"" + hint(cell))
                continue
            }
            if columns.contains(column) {
                wrongs.append(
                    "has \(column.name) twice, as \"\(shown(cells, of: column))\" and as "
                        + "\"\(shownValue(Array(cell.utf8)))\"")
            }
            columns.append(column)
        }
        guard !columns.isEmpty else {
            throw FileFault(
                line: line, value: shownValue(Array(cells.joined(separator: " ").utf8)),
                reason: "the file has no header: the first line must name at least the columns "
                    + names(BillColumn.required))
        }
        let hasSteps = columns.contains { $0.hasSteps }
        let missing = BillColumn.required.filter {
            !columns.contains(.field($0)) && !($0 == .amount && hasSteps)
        }
        if !missing.isEmpty { wrongs.append("lacks \(names(missing))") }
        guard wrongs.isEmpty else {
            throw FileFault(
                line: line, column: missing.first?.name,
                value: unknown.first.map { shownValue(Array($0.utf8)) },
                reason: "the header " + wrongs.joined(separator: ", ") + "; the valid columns are "
                    + names(BillColumn.allCases))
        }
        return columns
    }

    /// What may be meant by an unknown name, in parentheses; empty if no column is close.
    private static func hint(_ name: String) -> String {
        if StepColumn.isNumbered(plain: BillColumn.plain(name)) {
            return " (amounts are numbered 1 to \(Limits.amountStepsMax))"
        }
        return BillColumn.nearest(to: name).map { " (did you mean \($0)?)" } ?? ""
    }

    private static func shown(_ cells: [String], of column: CSVColumn) -> String {
        shownValue(Array((cells.first { CSVColumn(named: $0) == column } ?? "").utf8))
    }

    private static func names(_ columns: [BillColumn]) -> String {
        columns.map(\.name).joined(separator: ", ")
    }
}
