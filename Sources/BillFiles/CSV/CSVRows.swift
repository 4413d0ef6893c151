// The rows of a CSV file: reads the header once, then a bill from each row of cells.

import LoketCore

struct CSVRows {
    private(set) var scanner = CSVScanner()
    private(set) var delimiterIsDeclared = false
    private let amountFormat: AmountFormat
    /// The columns in the order of the file; empty until the header is read.
    private(set) var columns: [CSVColumn] = []
    private var given: GivenFields = []
    private var hasSteps = false

    init(amountFormat: AmountFormat) {
        self.amountFormat = amountFormat
    }

    var hasHeader: Bool { !columns.isEmpty }

    mutating func declare(delimiter: UInt8) {
        scanner.delimiter = delimiter
        delimiterIsDeclared = true
    }

    mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
        row: (ImportRow) throws -> Void
    ) throws {
        while try scanner.scan(bytes, &position) { try endRow(row) }
    }

    /// Reads a line that is not a row and discards it.
    mutating func skip(_ bytes: [UInt8]) throws {
        var position = 0
        _ = try bytes.withUnsafeBufferPointer { try scanner.scan($0, &position) }
        scanner.nextRow()
    }

    mutating func finish(row: (ImportRow) throws -> Void) throws {
        if try scanner.finish() { try endRow(row) }
    }

    private mutating func endRow(_ row: (ImportRow) throws -> Void) throws {
        defer { scanner.nextRow() }
        if isBlank { return }
        guard hasHeader else {
            if scanner.hasHighBytes { try requireUTF8() }
            columns = try CSVHeader.columns(headerCells(), line: scanner.rowLine)
            for case .field(let column) in columns { given.formUnion(column.optional) }
            hasSteps = columns.contains { $0.hasSteps }
            return
        }
        try row(bill())
    }

    /// Whether all cells are empty, as in an empty line or the unused rows at a sheet's end.
    private var isBlank: Bool {
        scanner.contents.allSatisfy { $0 == 0x20 || $0 == 0x09 } && scanner.flaws.isEmpty
    }

    /// Rejects a file whose header is not UTF-8; in a row, only the cell is rejected.
    private func requireUTF8() throws(FileFault) {
        var start = 0
        for end in scanner.ends {
            let cell = scanner.contents[start..<end]
            guard cell.withUnsafeBufferPointer(isUTF8) else {
                throw FileFault(
                    line: scanner.rowLine, value: shownValue(cell), reason: notUTF8)
            }
            start = end
        }
    }

    private func headerCells() throws(FileFault) -> [String] {
        guard scanner.flaws.isEmpty else {
            throw FileFault(
                line: scanner.rowLine, value: shownValue(scanner.joined),
                reason: "a column name in the header has a quote in the middle: remove the quote")
        }
        var start = 0
        return scanner.ends.map { end in
            defer { start = end }
            return String(decoding: scanner.contents[start..<end], as: UTF8.self)
        }
    }
}

// MARK: A row

extension CSVRows {
    private func bill() -> ImportRow {
        var parts = BillRowReader(amountFormat: amountFormat, isFromSpreadsheet: true)
        parts.given = given
        parts.hasSteps = hasSteps
        guard scanner.ends.count == columns.count else {
            scanner.joined.withUnsafeBufferPointer { parts.refuse(nil, $0, misfit) }
            return parts.row(line: scanner.rowLine)
        }
        scanner.contents.withUnsafeBufferPointer { contents in
            let (hasFlaws, hasHighBytes) = (!scanner.flaws.isEmpty, scanner.hasHighBytes)
            var start = 0
            for place in 0..<columns.count {
                let end = scanner.ends[place]
                let cell = UnsafeBufferPointer(rebasing: contents[start..<end])
                start = end
                if hasFlaws, let flaw = flaw(place) {
                    parts.refuse(columns[place].name, cell, flaw)
                } else if hasHighBytes, !isUTF8(cell) {
                    parts.refuse(columns[place].name, cell, notUTF8)
                } else {
                    read(columns[place], cell, into: &parts)
                }
            }
        }
        return parts.row(line: scanner.rowLine)
    }

    private func read(
        _ column: CSVColumn, _ cell: UnsafeBufferPointer<UInt8>, into parts: inout BillRowReader
    ) {
        switch column {
        case .field(let column): parts.read(column, cell)
        case .step(let column): parts.read(column, cell)
        }
    }

    private func flaw(_ place: Int) -> String? {
        guard let flaw = scanner.flaws.first(where: { $0.cell == place })?.flaw else {
            return nil
        }
        switch flaw {
        case .textAfterQuote:
            return "has text after its closing quote: put the whole cell in quotes, and write "
                + "each quote inside the text twice"
        case .quoteInside:
            return "has a quote in the middle: put the whole cell in quotes, and write each "
                + "quote inside the text twice"
        }
    }

    private var misfit: String {
        let mark = scanner.delimiter == UInt8(ascii: ",") ? "comma" : "semicolon"
        let cells = scanner.ends.count == 1 ? "1 cell" : "\(scanner.ends.count) cells"
        return "the row has \(cells), but the header has \(columns.count)"
            + (scanner.ends.count > columns.count
                ? ": put a value that contains a \(mark) in quotes" : "")
    }
}
