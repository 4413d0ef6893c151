// Incremental reading of a bill file: bytes are pushed in, rows come out. The bytes may be split
// anywhere; at most one row is in memory. A wrong row is passed on as such; an unreadable file ends
// the reading with a FileFault.

import LoketCore

/// The two formats in which bills are written; `ImportFormat` has those that are read.
package enum BillFileFormat: String, CaseIterable, Sendable {
    /// RFC 4180 with a header line; separated by comma or semicolon.
    case csv
    /// One JSON object per line.
    case ndjson
}

package struct BillFileReader {
    private enum Stage {
        /// Collecting the first bytes, to detect the type of the file.
        case opening
        case skipping
        case firstLine
        case rows
        /// The end of the file or an error was reached: nothing more is read.
        case ended
    }

    private let options: FileOptions
    /// Nil for UTF-8.
    private var decoder: FileDecoder?
    private var stage = Stage.opening
    private var opening: [UInt8] = []
    private var skipped: SkippedLines
    private var firstLine = CSVFirstLine()
    private var csv: CSVRows
    private var lines = NDJSONLines()
    private var items = JSONArrayItems()
    private var hasObject = false

    package init(_ options: FileOptions) {
        self.options = options
        skipped = SkippedLines(options.skipLines)
        csv = CSVRows(options)
    }

    /// The columns of the file; nil until they are read.
    package var header: FileHeader? { options.layout == .csv ? csv.header : .objects }

    /// The number of the line to read next, from 1; of a JSON array, of the object.
    package var line: Int {
        switch options.layout {
        case .csv: csv.scanner.line
        case .ndjson: lines.line
        case .json: items.number
        }
    }

    /// Reads the next bytes of the file.
    ///
    /// - Parameter row: called with each row in the order of the file.
    /// - Throws: `FileFault`, or an error of `row`. After an error, further bytes are ignored.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer, row: (ImportRow) throws -> Void
    ) throws {
        try bytes.withMemoryRebound(to: UInt8.self) { bytes in
            try whileWell { reader in try reader.read(bytes, row: row) }
        }
    }

    /// Reads the next bytes from any collection; contiguous storage is not copied.
    package mutating func take(
        _ bytes: some Collection<UInt8>, row: (ImportRow) throws -> Void
    ) throws {
        let done: Void? = try bytes.withContiguousStorageIfAvailable { bytes in
            try take(UnsafeRawBufferPointer(bytes), row: row)
        }
        if done == nil { try take(Array(bytes), row: row) }
    }

    /// Ends the file and passes on a last row without line end.
    ///
    /// - Throws: the errors of `take`.
    package mutating func finish(row: (ImportRow) throws -> Void) throws {
        try whileWell { reader in
            if reader.stage == .opening { try reader.open(row: row) }
            if let fault = reader.decoder?.end() {
                throw FileFault(line: reader.line, reason: fault)
            }
            switch reader.options.layout {
            case .csv: try reader.finishCSV(row: row)
            case .ndjson: try reader.finishNDJSON(row: row)
            case .json: guard try reader.items.finish() else { throw Self.empty }
            }
            reader.stage = .ended
        }
    }

    private mutating func whileWell(_ body: (inout BillFileReader) throws -> Void) throws {
        guard stage != .ended else { return }
        do {
            try body(&self)
        } catch {
            stage = .ended
            throw error
        }
    }
}

// MARK: Bytes

extension BillFileReader {
    private mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, row: (ImportRow) throws -> Void
    ) throws {
        var position = 0
        if stage == .opening {
            position = min(bytes.count, FileOpening.bytesMax - opening.count)
            opening.append(contentsOf: bytes[..<position])
            guard opening.count == FileOpening.bytesMax else { return }
            try open(row: row)
        }
        try readRest(UnsafeBufferPointer(rebasing: bytes[position...]), row: row)
    }

    /// Reads bytes after those that were examined.
    private mutating func readRest(
        _ bytes: UnsafeBufferPointer<UInt8>, row: (ImportRow) throws -> Void
    ) throws {
        guard let (text, fault) = decoder?.decode(bytes) else {
            return try readText(bytes, row: row)
        }
        try text.withUnsafeBufferPointer { try readText($0, row: row) }
        if let fault { throw FileFault(line: line, reason: fault) }
    }

    private mutating func readText(
        _ bytes: UnsafeBufferPointer<UInt8>, row: (ImportRow) throws -> Void
    ) throws {
        var position = 0
        switch options.layout {
        case .csv: try readCSV(bytes, &position, row: row)
        case .ndjson: try readNDJSON(bytes, &position, row: row)
        case .json: try readArray(bytes, &position, row: row)
        }
    }

    /// Checks the first bytes for another file type, then reads them.
    private mutating func open(row: (ImportRow) throws -> Void) throws {
        guard !opening.isEmpty else { throw Self.empty }
        let (mark, encoding) = try FileOpening.judge(opening, options)
        decoder = FileDecoder(encoding)
        stage = options.layout != .csv ? .rows : options.skipLines > 0 ? .skipping : .firstLine
        try opening.dropFirst(mark).withUnsafeBufferPointer { bytes in
            try readRest(bytes, row: row)
        }
        opening = []
    }

    private static let empty = FileFault(reason: "the file is empty")

    private static func skippedWhole(_ lines: Int) -> FileFault {
        FileFault(reason: "the file has no line after the \(lines) that skip_lines skips")
    }
}

// MARK: CSV

extension BillFileReader {
    private mutating func readCSV(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
        row: (ImportRow) throws -> Void
    ) throws {
        if stage == .skipping, skipped.take(bytes, &position) {
            csv.begin(atLine: options.skipLines + 1)
            stage = .firstLine
        }
        while stage == .firstLine, position < bytes.count {
            let line = csv.scanner.line
            if try firstLine.take(bytes, &position, line: line) { try endFirstLine(row: row) }
        }
        if stage == .rows { try csv.read(bytes, &position, row: row) }
    }

    /// Determines the delimiter; a blank line before the header is ignored.
    private mutating func endFirstLine(row: (ImportRow) throws -> Void) throws {
        let whole = firstLine
        firstLine = CSVFirstLine()
        if csv.delimiterIsDeclared {
            stage = .rows
        } else if let declared = try whole.declared(line: csv.scanner.line, options.delimiter) {
            csv.declare(delimiter: declared)
            return try csv.skip(whole.bytes)
        } else if !whole.isBlank {
            csv.declare(
                delimiter: try whole.delimiter(line: csv.scanner.line, options.delimiter))
            stage = .rows
        }
        var position = 0
        try whole.bytes.withUnsafeBufferPointer { try csv.read($0, &position, row: row) }
    }

    private mutating func finishCSV(row: (ImportRow) throws -> Void) throws {
        if stage == .firstLine, !firstLine.bytes.isEmpty { try endFirstLine(row: row) }
        try csv.finish(row: row)
        guard csv.hasHeader else {
            throw options.skipLines > 0 ? Self.skippedWhole(options.skipLines) : Self.empty
        }
    }
}

// MARK: NDJSON

extension BillFileReader {
    private mutating func readNDJSON(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
        row: (ImportRow) throws -> Void
    ) throws {
        while position < bytes.count, try lines.scan(bytes, &position) {
            try endLine(lines.line - 1, row: row)
        }
    }

    private mutating func finishNDJSON(row: (ImportRow) throws -> Void) throws {
        try endLine(lines.line, row: row)
        guard hasObject else { throw Self.empty }
    }

    private mutating func endLine(_ line: Int, row: (ImportRow) throws -> Void) throws {
        defer { lines.nextLine() }
        guard !lines.isBlank else { return }
        let first = lines.bytes.first { $0 != 0x20 && $0 != 0x09 }
        guard hasObject || first == UInt8(ascii: "{") else {
            throw FileFault(
                line: line, value: shownValue(lines.bytes),
                reason: "is not a JSON object: send one object per line, or use format=csv")
        }
        hasObject = true
        try row(NDJSONRow.read(lines.bytes, line: line, options))
    }

    private mutating func readArray(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
        row: (ImportRow) throws -> Void
    ) throws {
        while try items.scan(bytes, &position) {
            try row(NDJSONRow.read(items.bytes, line: items.number, options))
            items.nextItem()
        }
    }
}
