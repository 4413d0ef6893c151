// The rows of a CSV file: reads the header once, then a bill from each row of cells.

import LoketCore

struct CSVRows {
    private(set) var scanner = CSVScanner()
    private(set) var delimiterIsDeclared = false
    private let options: FileOptions
    private let forms: ValueForms
    /// The columns that are read, in the order of the file, and their places among its cells; empty
    /// until the header is read.
    private var columns: [(place: Int, column: CSVColumn)] = []
    private(set) var header: FileHeader?
    /// The number of the header's cells.
    private var width = 0
    /// The places of the reasons in a file of refused rows, from the last.
    private var reasonPlaces: [Int] = []
    /// The place of the objects in a file of refused objects.
    private var objectPlace: Int?
    private var given: GivenFields = []
    private var hasSteps = false

    init(_ options: FileOptions) {
        self.options = options
        forms = options.forms
        // A refused row is longer in quotes and with its reason.
        if options.rowsOf != nil { scanner.rowBytesMax *= 4 }
    }

    var hasHeader: Bool { width > 0 }

    /// Sets the number of the first line.
    mutating func begin(atLine line: Int) { scanner.begin(atLine: line) }

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
            return try takeHeader()
        }
        if !options.skipRows.isEmpty, let text = skippedText {
            return try row(ImportRow(line: scanner.rowLine, reading: .skipped(text)))
        }
        var bill = bill()
        if case .refused = bill.reading, bill.cells.isEmpty { bill.cells = keptCells }
        try row(bill)
    }

    private mutating func takeHeader() throws(FileFault) {
        let cells = try headerCells()
        if options.rowsOf != nil, options.format != .csv { return try takeObjectHeader(cells) }
        let found = try CSVHeader.columns(cells, line: scanner.rowLine, options)
        width = cells.count
        takeReasonPlaces(cells)
        header = FileHeader(
            columns: zip(cells, found).enumerated().filter { !reasonPlaces.contains($0.offset) }
                .map { FileHeader.Column(name: $0.element.0, column: $0.element.1) })
        columns = found.enumerated().compactMap { place, column in column.map { (place, $0) } }
        for case (_, .field(let column)) in columns { given.formUnion(column.optional) }
        hasSteps = columns.contains { $0.column.hasSteps }
    }

    /// The first text of a row that an option skips; nil for any other row.
    private var skippedText: String? {
        var start = 0
        for end in scanner.ends {
            let text = ColumnName.normal(
                String(decoding: scanner.contents[start..<end], as: UTF8.self))
            if !text.isEmpty { return options.skipRows.contains(text) ? text : nil }
            start = end
        }
        return nil
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
        return options.rowsOf == nil ? scanner.texts : scanner.texts.map(RefusedRows.text)
    }
}

// MARK: Refused rows

extension CSVRows {
    private mutating func takeReasonPlaces(_ cells: [String]) {
        guard options.rowsOf != nil else { return }
        reasonPlaces = cells.indices.reversed().filter { cells[$0] == RefusedRows.reasonColumn }
    }

    private mutating func takeObjectHeader(_ cells: [String]) throws(FileFault) {
        guard let place = cells.firstIndex(of: RefusedRows.objectColumn) else {
            throw FileFault(
                line: scanner.rowLine,
                reason: "the file has no column \(RefusedRows.objectColumn), which the file of "
                    + "refused rows has: remove rows_of, or send that file")
        }
        width = cells.count
        objectPlace = place
        takeReasonPlaces(cells)
        header = .objects
    }

    /// The cells of the row as the imported file has them, without the reasons.
    private var keptCells: [String] {
        var cells = scanner.keptTexts
        guard options.rowsOf != nil else { return cells }
        for place in reasonPlaces where place < cells.count { cells.remove(at: place) }
        return cells.map(RefusedRows.text)
    }

    /// The cells of the row as the imported file has them, concatenated, and the end of each.
    private var contents: ([UInt8], ends: [Int]) {
        guard options.rowsOf != nil else { return (scanner.contents, scanner.ends) }
        var (contents, ends) = ([UInt8](), [Int]())
        for cell in scanner.cells {
            contents += RefusedRows.original(cell)
            ends.append(contents.count)
        }
        return (contents, ends)
    }

    private var joined: [UInt8] {
        guard options.rowsOf != nil else { return scanner.joined }
        return Array(keptCells.joined(separator: ",").utf8)
    }

    private func object(at place: Int) -> ImportRow {
        let cell = Array(RefusedRows.text(scanner.texts[place]).utf8)
        return NDJSONRow.read(cell, line: scanner.rowLine, options)
    }

    /// Returns the reason to refuse a cell before it is read.
    private func fault(of cell: UnsafeBufferPointer<UInt8>) -> String? {
        if !isUTF8(cell) { return notUTF8 }
        return options.rowsOf == nil ? nil : RefusedRows.fault(cell)
    }
}

// MARK: A row

extension CSVRows {
    private func bill() -> ImportRow {
        var parts = BillRowReader(forms: forms, isFromSpreadsheet: true)
        parts.given = given
        parts.hasSteps = hasSteps
        guard scanner.ends.count == width else {
            joined.withUnsafeBufferPointer { parts.refuse(nil, $0, misfit) }
            return parts.row(line: scanner.rowLine)
        }
        if let objectPlace { return object(at: objectPlace) }
        let (contents, ends) = contents
        contents.withUnsafeBufferPointer { contents in
            let (hasFlaws, hasHighBytes) = (!scanner.flaws.isEmpty, scanner.hasHighBytes)
            for (place, column) in columns {
                let start = place == 0 ? 0 : ends[place - 1]
                let cell = UnsafeBufferPointer(rebasing: contents[start..<ends[place]])
                if hasFlaws, let flaw = flaw(place), !isMarked(cell, column) {
                    parts.refuse(column.name, cell, flaw)
                } else if hasHighBytes, let fault = fault(of: cell) {
                    parts.refuse(column.name, cell, fault)
                } else if !forms.cleansSpaces || !parts.readCleaned(column, cell) {
                    parts.read(column, cell)
                }
            }
        }
        return parts.row(line: scanner.rowLine)
    }

    /// Whether a cell is `="…"` without quotes around it, in a column from which `clean_codes` takes
    /// the mark.
    private func isMarked(_ cell: UnsafeBufferPointer<UInt8>, _ column: CSVColumn) -> Bool {
        guard forms.cleansCodes, column == .field(.paymentCode) || column == .field(.invoiceNumber)
        else { return false }
        return cell.first == UInt8(ascii: "=") && ValueCleaning.unmarked(cell) != nil
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
        let mark = (CSVDelimiter(scanner.delimiter) ?? .comma).words
        let count = scanner.ends.count - reasonPlaces.count
        let cells = count == 1 ? "1 cell" : "\(count) cells"
        return "the row has \(cells), but the header has \(width - reasonPlaces.count)"
            + (scanner.ends.count > width
                ? ": put a value that contains a \(mark) in quotes" : "")
    }
}
