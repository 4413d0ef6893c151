// Incremental reading of a bill file: bytes are pushed in, rows come out. The bytes may be split
// anywhere; at most one row is in memory. A wrong row is passed on as such; an unreadable file ends
// the reading with a FileFault.

import LoketCore

/// The two formats of a bill file.
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
        case firstLine
        case rows
        /// The end of the file or an error was reached: nothing more is read.
        case ended
    }

    private let format: BillFileFormat
    private let amountFormat: AmountFormat
    private var stage = Stage.opening
    private var opening: [UInt8] = []
    private var firstLine = CSVFirstLine()
    private var csv: CSVRows
    private var lines = NDJSONLines()
    private var hasObject = false

    package init(format: BillFileFormat, amountFormat: AmountFormat) {
        self.format = format
        self.amountFormat = amountFormat
        csv = CSVRows(amountFormat: amountFormat)
    }

    /// The number of the line to read next, from 1.
    package var line: Int { format == .csv ? csv.scanner.line : lines.line }

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
            switch reader.format {
            case .csv: try reader.finishCSV(row: row)
            case .ndjson: try reader.finishNDJSON(row: row)
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
        switch format {
        case .csv: try readCSV(bytes, &position, row: row)
        case .ndjson: try readNDJSON(bytes, &position, row: row)
        }
    }

    /// Checks the first bytes for another file type, then reads them.
    private mutating func open(row: (ImportRow) throws -> Void) throws {
        guard !opening.isEmpty else { throw Self.empty }
        let mark = try FileOpening.judge(opening, format: format)
        stage = format == .csv ? .firstLine : .rows
        try opening.dropFirst(mark).withUnsafeBufferPointer { bytes in
            try read(bytes, row: row)
        }
        opening = []
    }

    private static let empty = FileFault(reason: "the file is empty")
}

// MARK: CSV

extension BillFileReader {
    private mutating func readCSV(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
        row: (ImportRow) throws -> Void
    ) throws {
        while stage == .firstLine, position < bytes.count {
            if try firstLine.take(bytes, &position) { try endFirstLine(row: row) }
        }
        if stage == .rows { try csv.read(bytes, &position, row: row) }
    }

    /// Determines the delimiter; a blank line before the header is ignored.
    private mutating func endFirstLine(row: (ImportRow) throws -> Void) throws {
        let whole = firstLine
        firstLine = CSVFirstLine()
        if csv.delimiterIsDeclared {
            stage = .rows
        } else if let declared = try whole.declared() {
            csv.declare(delimiter: declared)
            return try csv.skip(whole.bytes)
        } else if !whole.isBlank {
            csv.declare(delimiter: try whole.delimiter(line: csv.scanner.line))
            stage = .rows
        }
        var position = 0
        try whole.bytes.withUnsafeBufferPointer { try csv.read($0, &position, row: row) }
    }

    private mutating func finishCSV(row: (ImportRow) throws -> Void) throws {
        if stage == .firstLine, !firstLine.bytes.isEmpty { try endFirstLine(row: row) }
        try csv.finish(row: row)
        guard csv.hasHeader else { throw Self.empty }
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
        try row(NDJSONRow.read(lines.bytes, line: line, amountFormat))
    }
}
