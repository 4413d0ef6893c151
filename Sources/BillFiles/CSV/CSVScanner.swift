// A state machine for the grammar of RFC 4180 that can pause at any byte: reads bytes and yields
// the cells of one row. It does not interpret columns or values; line ends may be LF, CRLF or a CR.

import LoketCore

struct CSVScanner {
    /// A fault in the quoting of a cell.
    enum Flaw {
        case textAfterQuote
        case quoteInside
    }

    private enum Place {
        case rowStart, cellStart, bare, quoted
        /// After a quote, which closes the cell unless another quote follows.
        case quoteSeen
    }

    var delimiter = UInt8(ascii: ",")
    /// The contents of the row's cells, concatenated, and the end offset of each cell.
    private(set) var contents: [UInt8] = []
    private(set) var ends: [Int] = []
    private(set) var flaws: [(cell: Int, flaw: Flaw)] = []
    /// Whether the row contains bytes that are not ASCII.
    private(set) var hasHighBytes = false
    /// The line numbers, from 1, of the next byte and of the first byte of the row.
    private(set) var line = 1
    private(set) var rowLine = 1
    private var quoteLine = 1
    private var rowBytes = 0
    var rowBytesMax = Limits.importRowBytesMax
    private var place = Place.rowStart
    /// Whether the last byte was a CR: a following LF belongs to the same line end.
    private var isAfterCR = false

    init() {
        contents.reserveCapacity(1024)
        ends.reserveCapacity(16)
    }

    /// Reads until a row is complete or the bytes end.
    ///
    /// - Parameter position: the index of the first byte to read; advanced past the bytes read.
    /// - Returns: true if a row is complete. Call `nextRow` before the next scan.
    mutating func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        while position < bytes.count {
            switch place {
            case .rowStart:
                let isSecondHalf = isAfterCR && bytes[position] == lf
                isAfterCR = false
                if isSecondHalf { position += 1 } else { place = .cellStart }
                rowLine = line
            case .cellStart:
                guard bytes[position] == quote else {
                    place = .bare
                    continue
                }
                quoteLine = line
                place = .quoted
                try count(1)
                position += 1
            case .bare:
                if try scanBare(bytes, &position) { return true }
            case .quoted:
                try scanQuoted(bytes, &position)
            case .quoteSeen:
                try leaveQuotes(bytes[position], &position)
            }
        }
        return false
    }

    /// Ends the file.
    ///
    /// - Returns: true if the end of the file completes a row.
    mutating func finish() throws(FileFault) -> Bool {
        switch place {
        case .rowStart:
            return false
        case .quoted:
            throw FileFault(
                line: quoteLine,
                reason: "the quote opened on line \(quoteLine) is never closed: close the quote, "
                    + "or write it twice if it is part of the text")
        case .cellStart, .bare, .quoteSeen:
            ends.append(contents.count)
            place = .rowStart
            return true
        }
    }

    /// Sets the number of the first line, before any byte is read.
    mutating func begin(atLine line: Int) { self.line = line }

    mutating func nextRow() {
        contents.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        if !flaws.isEmpty { flaws.removeAll() }
        hasHighBytes = false
        rowBytes = 0
    }
}

// MARK: Inside a row

extension CSVScanner {
    /// Reads consecutive unquoted cells.
    ///
    /// - Returns: true at the end of the row.
    private mutating func scanBare(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let delimiter = delimiter
        let marksMax = max(delimiter, UInt8(ascii: ";"))
        while true {
            var here = position
            var seen: UInt8 = 0
            while here < bytes.count {
                let byte = bytes[here]
                if byte <= marksMax, byte == delimiter || byte <= quote && isMark(byte) { break }
                seen |= byte
                here += 1
            }
            try keep(bytes, position..<here, seen)
            position = here
            guard here < bytes.count else { return false }
            let mark = bytes[here]
            if mark == delimiter {
                try count(1)
                ends.append(contents.count)
                position += 1
                guard position < bytes.count, bytes[position] != quote else {
                    place = .cellStart
                    return false
                }
                continue
            }
            guard mark == quote else { return try endRow(mark, &position) }
            try count(1)
            contents.append(quote)
            flag(.quoteInside)
            position += 1
        }
    }

    private mutating func endRow(
        _ mark: UInt8, _ position: inout Int
    ) throws(FileFault) -> Bool {
        guard mark != 0 else { throw nulFault }
        ends.append(contents.count)
        isAfterCR = mark == cr
        line += 1
        place = .rowStart
        position += 1
        return true
    }

    private mutating func scanQuoted(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) {
        let start = position
        var seen: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte <= quote {
                if byte == quote || byte == 0 { break }
                if byte == cr || byte == lf && !isAfterCR { line += 1 }
            }
            isAfterCR = byte == cr
            seen |= byte
            position += 1
        }
        try keep(bytes, start..<position, seen)
        guard position < bytes.count else { return }
        guard bytes[position] == quote else { throw nulFault }
        isAfterCR = false
        try count(1)
        place = .quoteSeen
        position += 1
    }

    private mutating func leaveQuotes(
        _ byte: UInt8, _ position: inout Int
    ) throws(FileFault) {
        if byte == quote {
            try count(1)
            contents.append(quote)
            place = .quoted
            position += 1
            return
        }
        if byte != delimiter, byte != cr, byte != lf { flag(.textAfterQuote) }
        place = .bare
    }

    private mutating func keep(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ seen: UInt8
    ) throws(FileFault) {
        guard !range.isEmpty else { return }
        try count(range.count)
        if seen >= 0x80 { hasHighBytes = true }
        contents.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private mutating func count(_ more: Int) throws(FileFault) {
        rowBytes += more
        if rowBytes > rowBytesMax { throw tooLong }
    }

    private var tooLong: FileFault {
        let kib = rowBytesMax / 1024
        guard place == .quoted else {
            return FileFault(
                line: rowLine,
                reason: "the row is longer than \(kib) KiB: send a CSV file with one bill per "
                    + "line")
        }
        return FileFault(
            line: quoteLine,
            reason: "the quote opened on line \(quoteLine) is not closed within \(kib) KiB: "
                + "close the quote, or write it twice if it is part of the text")
    }

    /// Records the first flaw of a cell; further flaws of the cell are ignored.
    private mutating func flag(_ flaw: Flaw) {
        if flaws.last?.cell != ends.count { flaws.append((ends.count, flaw)) }
    }

    private var nulFault: FileFault { .nul(line: line) }
}

private let quote = UInt8(ascii: "\"")
private let cr = UInt8(ascii: "\r")
private let lf = UInt8(ascii: "\n")

private func isMark(_ byte: UInt8) -> Bool {
    byte == quote || byte == lf || byte == cr || byte == 0
}
