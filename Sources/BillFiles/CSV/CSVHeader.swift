// The header of a CSV file: its names become columns, by the options of the file and by the names
// that every file may use. A header that does not fit gets one fault with everything wrong with it.

import LoketCore

struct CSVHeader {
    private let cells: [String]
    private let line: Int
    private let options: FileOptions
    /// The column of each cell; nil for a cell that is not read.
    private var columns: [CSVColumn?] = []
    private var unknown: [String] = []
    /// The cells that repeat a column of another cell.
    private var repeated: [String] = []
    private var wrongs: [String] = []
    /// Whether two columns have one name, so that no option can divide them.
    private var hasEqualNames = false

    /// - Returns: the column of each cell; nil for a column that is ignored.
    /// - Throws: one fault whose reason lists everything wrong with the header.
    static func columns(
        _ cells: [String], line: Int, _ options: FileOptions
    ) throws(FileFault) -> [CSVColumn?] {
        guard options.rowsOf != nil || !cells.contains(RefusedRows.reasonColumn) else {
            throw FileFault(
                line: line, value: RefusedRows.reasonColumn,
                reason: "is the column of a file of refused rows: set rows_of to the id of the "
                    + "import that refused them")
        }
        var header = CSVHeader(cells, line: line, options)
        for cell in cells { header.add(cell) }
        return try header.finish()
    }

    private init(_ cells: [String], line: Int, _ options: FileOptions) {
        self.cells = cells
        self.line = line
        self.options = options
    }

    private mutating func add(_ cell: String) {
        if isIgnored(cell) { return columns.append(nil) }
        guard let column = column(cell) else {
            unknown.append(cell)
            columns.append(nil)
            let wrong =
                cell.isEmpty
                ? "has a column without a name"
                : "has the unknown column \"\(Self.shown(cell))\"" + hint(cell)
            if !cell.isEmpty || !wrongs.contains(wrong) { wrongs.append(wrong) }
            return
        }
        if let first = zip(cells, columns).first(where: { $1 == column })?.0 {
            repeated.append(isMapped(cell) ? first : cell)
            if ColumnName.normal(first) == ColumnName.normal(cell) { hasEqualNames = true }
            wrongs.append(
                "has \(column.name) twice, as \"\(Self.shown(first))\" and as "
                    + "\"\(Self.shown(cell))\"")
        }
        columns.append(column)
    }

    private func isIgnored(_ cell: String) -> Bool {
        if options.rowsOf != nil, cell == RefusedRows.reasonColumn { return true }
        return options.ignores(cell)
    }

    private func column(_ cell: String) -> CSVColumn? {
        options.mapped(cell) ?? CSVColumn(named: cell)
    }

    private func isMapped(_ cell: String) -> Bool { options.mapped(cell) != nil }

    private mutating func finish() throws(FileFault) -> [CSVColumn?] {
        let found = columns.compactMap(\.self)
        let names = cells.map(ColumnName.normal)
        let absent = options.map.filter { !names.contains($0.name) }
        guard !found.isEmpty, !hasValues(among: found) else { throw noHeader(absent) }
        for mapped in absent {
            wrongs.append(
                "has no column \"\(Self.shown(mapped.name))\", which map gives as "
                    + mapped.target)
        }
        let missing = missing(among: found).filter { column in
            !absent.contains { $0.column == .field(column) }
        }
        if !missing.isEmpty { wrongs.append("lacks \(Self.names(missing))") }
        guard wrongs.isEmpty else {
            throw fault(missing, absent.filter { !found.contains($0.column) })
        }
        return columns
    }

    /// Whether the line is a bill rather than a header with a number for a name: it lacks a column,
    /// and has at least as many values as names that are known.
    private func hasValues(among found: [CSVColumn]) -> Bool {
        unknown.count(where: HeaderAdvice.isValue) >= found.count && !missing(among: found).isEmpty
    }

    private func missing(among found: [CSVColumn]) -> [BillColumn] {
        let hasSteps = found.contains { $0.hasSteps }
        return BillColumn.required.filter {
            !found.contains(.field($0)) && !($0 == .amount && hasSteps)
        }
    }
}

// MARK: Faults

extension CSVHeader {
    /// - Parameter absent: the columns of `map` that the header lacks.
    private func fault(_ missing: [BillColumn], _ absent: [MappedColumn]) -> FileFault {
        let (column, value) = place(missing)
        let advice =
            hasEqualNames
            ? ""
            : HeaderAdvice.options(
                missing: missing, absent: absent, unknown: unknown, repeated: repeated)
        return FileFault(
            line: line, column: column, value: value.map { Self.shown($0) },
            reason: "the header " + wrongs.joined(separator: ", ") + "; the valid columns are "
                + Self.names(BillColumn.allCases)
                + (advice.isEmpty ? "" : "; to read the file as it is, for example: " + advice))
    }

    /// Returns the one column that is wrong and the name that is written for it; nil for each that
    /// is not known. A missing column and an unknown name belong together only if they are alike.
    private func place(_ missing: [BillColumn]) -> (column: String?, value: String?) {
        for name in unknown {
            if let near = BillColumn.nearest(to: name), missing.contains(where: { $0.name == near })
            {
                return (near, name)
            }
        }
        return (
            missing.count == 1 && unknown.isEmpty ? missing.first?.name : nil,
            missing.isEmpty && unknown.count == 1 ? unknown.first : nil
        )
    }

    private func noHeader(_ absent: [MappedColumn]) -> FileFault {
        let names = cells.filter { !$0.isEmpty }
        let isHeader =
            names.count >= BillColumn.required.count && !names.contains(where: HeaderAdvice.isValue)
            && HeaderAdvice.isLikely(names)
        let missing = BillColumn.required.filter { column in
            !absent.contains { $0.column == .field(column) }
        }
        let advice = HeaderAdvice.options(
            missing: missing, absent: absent, unknown: unknown, repeated: [])
        let mapped = absent.map {
            "\"\(Self.shown($0.name))\", which map gives as \($0.target)"
        }
        return FileFault(
            line: line, value: Self.shown(cells.joined(separator: " ")),
            reason: "the file has no header: the first line must name at least the columns "
                + (mapped + missing.map(\.name)).joined(separator: ", ")
                + (isHeader
                    ? "; if these are the names of its columns, for example: " + advice : "")
                + "; if the header is on a later line, set skip_lines to the number of lines "
                + "before it")
    }

    /// What may be meant by an unknown name, in parentheses; empty if no column is close.
    private func hint(_ name: String) -> String {
        if StepColumn.isNumbered(plain: BillColumn.plain(name)) {
            return " (amounts are numbered 1 to \(Limits.amountStepsMax))"
        }
        return BillColumn.nearest(to: name).map { " (did you mean \($0)?)" } ?? ""
    }

    private static func shown(_ text: String) -> String { shownValue(Array(text.utf8)) }

    private static func names(_ columns: [BillColumn]) -> String {
        columns.map(\.name).joined(separator: ", ")
    }
}
