// The grammar of RFC 4180 as a machine that can stop at any byte: bytes in, the cells of one row
// out. It knows no columns and no values; line ends may be LF, CRLF or a lone CR.

import LoketCore

struct CSVScanner {
    /// What is wrong with the form of a cell.
    enum Flaw {
        case textAfterQuote
        case quoteInside
    }

    private enum Place {
        case rowStart, cellStart, bare, quoted
        /// After a quote that closes the cell, unless another one follows.
        case quoteSeen
    }

    var delimiter = UInt8(ascii: ",")
    /// The contents of the row's cells, one after the other, and where each of them ends.
    private(set) var contents: [UInt8] = []
    private(set) var ends: [Int] = []
    private(set) var flaws: [(cell: Int, flaw: Flaw)] = []
    /// Something in the row is not ASCII.
    private(set) var hasHighBytes = false
    /// Lines, from 1: of the next byte, and of the first byte of the row.
    private(set) var line = 1
    private(set) var rowLine = 1
    private var quoteLine = 1
    private var rowBytes = 0
    private let rowBytesMax = Limits.importRowBytesMax
    private var place = Place.rowStart
    /// The last byte was a CR: an LF that follows belongs to it.
    private var isAfterCR = false

    init() {
        contents.reserveCapacity(1024)
        ends.reserveCapacity(16)
    }

    /// Reads on until a row is whole or nothing is left.
    ///
    /// - Parameter position: where to begin; moves past what was read.
    /// - Returns: true where a row is whole. `nextRow` must be called before the next scan.
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

    /// The end of the file.
    ///
    /// - Returns: true where it ends a row.
    mutating func finish() throws(FileFault) -> Bool {
        switch place {
        case .rowStart:
            return false
        case .quoted:
            throw FileFault(
                line: quoteLine,
                reason: "the quote opened on line \(quoteLine) is never closed: close it, or "
                    + "double it if it is part of the text")
        case .cellStart, .bare, .quoteSeen:
            ends.append(contents.count)
            place = .rowStart
            return true
        }
    }

    /// The row's cells with the delimiter between them, to be shown.
    var joined: [UInt8] {
        var start = 0
        return Array(
            ends.map { end in
                defer { start = end }
                return contents[start..<end]
            }.joined(separator: [delimiter]))
    }

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
    /// Reads unquoted cells, one after the other.
    ///
    /// - Returns: true at the end of the row.
    private mutating func scanBare(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let delimiter = delimiter
        while true {
            var here = position
            var seen: UInt8 = 0
            while here < bytes.count {
                let byte = bytes[here]
                if byte <= 0x3B, byte == delimiter || byte <= quote && isMark(byte) { break }
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
                reason: "the row is longer than \(kib) KiB, which no bill needs: is this a "
                    + "CSV file with one bill a line?")
        }
        return FileFault(
            line: quoteLine,
            reason: "the quote opened on line \(quoteLine) is never closed, not within \(kib) "
                + "KiB: close it, or double it if it is part of the text")
    }

    /// One flaw a cell is enough to find it.
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
