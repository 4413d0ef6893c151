// Lists. On a terminal, a list has a header and aligned columns. In a pipe or a file, it has one
// line for each row with a tab between two cells and no header, for `cut`, `awk` and spreadsheets.

import LoketCore
import LoketJSON

/// A list of rows with named columns.
///
///     var table = Table(["ID", "CODE", .right("AMOUNT")])
///     table.add(["#1", "88965112345678", "Rp150.000"])
///     table.text      // printed with Output.print
struct Table {
    struct Column: ExpressibleByStringLiteral {
        let name: String
        var isRight = false
        /// The least width on a terminal, for rows that are not known yet.
        var width = 0

        init(stringLiteral name: String) { self.name = name }

        private init(name: String, isRight: Bool, width: Int) {
            (self.name, self.isRight, self.width) = (name, isRight, width)
        }

        /// A column whose cells end at the same place, for amounts and counts.
        static func right(_ name: String, width: Int = 0) -> Column {
            Column(name: name, isRight: true, width: width)
        }

        static func left(_ name: String, width: Int) -> Column {
            Column(name: name, isRight: false, width: width)
        }
    }

    struct Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let colour: Colour?
        /// The text on a terminal, if it is another one.
        fileprivate var short: String?

        init(stringLiteral text: String) { self.init(text) }

        /// - Parameter text: Control characters are shown escaped. Nil is shown as `-`.
        init(_ text: String?, _ colour: Colour? = nil) {
            self.text = text.map(\.visible) ?? "-"
            self.colour = colour
            short = nil
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []
    private let isTerminal: Bool
    private let hasColour: Bool

    private static let gap = "  "

    /// - Parameters:
    ///   - isTerminal: By default, whether standard output is a terminal.
    ///   - hasColour: Whether coloured cells are printed in colour.
    init(
        _ columns: [Column], isTerminal: Bool = Screen.isThere,
        hasColour: Bool = Screen.hasColour
    ) {
        self.columns = columns
        self.isTerminal = isTerminal
        self.hasColour = hasColour
    }

    var isEmpty: Bool { rows.isEmpty }

    /// - Parameter cells: A cell for each column.
    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has \(columns.count) cells")
        rows.append(cells)
    }

    /// The lines, without a line feed at the end. Empty if there are no rows.
    var text: String {
        guard !rows.isEmpty else { return "" }
        return ((isTerminal ? [header] : []) + lines).joined(separator: "\n")
    }

    /// The rows alone, each as a line, for a list that continues.
    var lines: [String] {
        guard isTerminal else {
            return rows.map { $0.map(\.text).joined(separator: "\t") }
        }
        let widths = widths
        return rows.map { aligned($0, widths) }
    }

    /// The line above the rows of a terminal.
    var header: String { aligned(columns.map { Cell($0.name) }, widths) }

    private func aligned(_ row: [Cell], _ widths: [Int]) -> String {
        let cells = row.enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(0, widths[index] - cell.onScreen.columns))
            let colour = hasColour ? cell.colour : nil
            let text = colour?.applied(to: cell.onScreen) ?? cell.onScreen
            if columns[index].isRight { return space + text }
            // A line does not end with spaces.
            return index == columns.count - 1 ? text : text + space
        }
        return cells.joined(separator: Self.gap)
    }

    private var widths: [Int] {
        columns.indices.map { index in
            let cells = rows.map { $0[index].onScreen.columns }
            return max(columns[index].width, columns[index].name.count, cells.max() ?? 0)
        }
    }
}

extension Table.Cell {
    /// The text on a terminal.
    fileprivate var onScreen: String { short ?? text }
}

extension String {
    /// The number of a terminal's columns that the text takes: two for a wide character of East
    /// Asia or an emoji, none for an accent that is combined with a letter.
    fileprivate var columns: Int {
        reduce(0) { $0 + ($1.unicodeScalars.first.map(\.isWide) == true ? 2 : 1) }
    }
}

extension Unicode.Scalar {
    /// Whether the East Asian Width (UAX #11) is wide, for the blocks in which nearly all such
    /// characters are.
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

// MARK: Cells of an answer

extension Table.Cell {
    /// A string, a number or a flag of an answer; `-` if absent or null.
    init(_ value: JSONValue?) { self.init(shown(value)) }

    /// An id as it is written in lists, such as `#41`.
    static func id(_ value: JSONValue?) -> Table.Cell { "#\(shown(value))" }

    /// An amount such as `Rp1.250.000`; `-` if absent or null.
    static func amount(_ value: JSONValue?) -> Table.Cell {
        Table.Cell(shownAmount(value))
    }

    /// A time in Jakarta; `-` if absent or null. On a terminal it is without the offset, which
    /// the header of the column has: `PAID (WIB)`.
    static func time(_ value: JSONValue?) -> Table.Cell {
        var cell = Table.Cell(wibTime(value))
        guard cell.text.hasSuffix("+07:00") else { return cell }
        cell.short = String(cell.text.dropLast("+07:00".count)).replacing("T", with: " ")
        return cell
    }
}

extension OutputOption {
    /// Prints a page of a list as a table. What else there is to say of the page, such as how to
    /// see the next one, comes after the table on a terminal, and otherwise on standard error, so
    /// that a pipe gets rows only.
    ///
    /// - Parameters:
    ///   - nothing: The text for an empty page.
    ///   - beside: Returns additional lines that describe no item.
    ///   - row: Returns the cells of an item.
    func show(
        page: JSONValue, orElse nothing: String, columns: [Table.Column],
        beside: (JSONValue) -> [String] = { _ in [] }, _ row: (JSONValue) -> [Table.Cell]
    ) throws {
        guard !json else { return try show(page) { _ in "" } }
        var table = Table(columns)
        for item in page["items"]?.elements ?? [] { table.add(row(item)) }
        var notes = beside(page) + nextPage(page)
        // A page without items may have a next page.
        if table.isEmpty, notes.isEmpty { notes = [nothing] }
        try table.print(notes)
    }
}

/// Returns a line that says how to see the next page of a list; none at its end.
func nextPage(_ page: JSONValue) -> [String] {
    page["next_cursor"]?.string.map { ["next page: --cursor \($0)"] } ?? []
}

extension Table {
    /// Prints the rows, if any, and the notes: on a terminal after the rows, otherwise on standard
    /// error.
    ///
    /// - Parameter continues: Whether the rows come below a header that is already there.
    func print(_ notes: [String] = [], continues: Bool = false) throws {
        if !isEmpty { try Output.print(continues ? lines.joined(separator: "\n") : text) }
        let notes = notes.joined(separator: "\n")
        guard !notes.isEmpty else { return }
        guard isTerminal else { return Output.note(notes + "\n") }
        try Output.print(CarriedOptions.added(to: notes))
    }
}
