// The first line of a CSV file as bytes, with its delimiter.

import LoketCore

/// The first line as it is received: the column names, or Excel's `sep=;` before them.
struct CSVFirstLine {
    /// The raw bytes of the line, including its end.
    private(set) var bytes: [UInt8] = []
    private var isQuoted = false

    /// Reads bytes up to the end of the line.
    ///
    /// - Parameter line: the number of the line in the file.
    /// - Returns: true if the line is complete.
    mutating func take(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int, line: Int
    ) throws(FileFault) -> Bool {
        while position < more.count {
            let byte = more[position]
            position += 1
            bytes.append(byte)
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == 0x0A || byte == 0x0D { return true }
            guard bytes.count <= Limits.importRowBytesMax else {
                throw FileFault(
                    line: line,
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
    ///
    /// - Parameter option: the delimiter that the options declare.
    func declared(line: Int, _ option: CSVDelimiter?) throws(FileFault) -> UInt8? {
        let text = bytes.filter { $0 != 0x0A && $0 != 0x0D && $0 != UInt8(ascii: "\"") }
        guard text.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8.map { $0 | 0x20 })
        else { return nil }
        let mark = text.count == 5 ? text.last.flatMap { CSVDelimiter($0) } : nil
        guard let mark, option != nil || mark == .comma || mark == .semicolon else {
            throw FileFault(
                line: line, value: shownValue(text),
                reason: "is not supported: separate the columns by commas or semicolons"
                    + (mark.map { ", or set delimiter=\($0.rawValue)" } ?? ""))
        }
        if let option, option != mark {
            throw FileFault(
                line: line, value: shownValue(text),
                reason: "the file declares another delimiter than delimiter=\(option.rawValue): "
                    + "remove the line or the option")
        }
        return mark.byte
    }

    /// Returns the delimiter of the header line: by default the more frequent of comma and
    /// semicolon.
    ///
    /// - Parameter option: the delimiter that the options declare.
    func delimiter(line: Int, _ option: CSVDelimiter?) throws(FileFault) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        if let option {
            let other = CSVDelimiter.allCases.filter { counts[$0.byte] != nil }
                .max { counts[$0.byte] ?? 0 < counts[$1.byte] ?? 0 }
            guard counts[option.byte] == nil, let other else { return option.byte }
            throw FileFault(
                line: line, value: shownValue(bytes.filter { $0 != 0x0A && $0 != 0x0D }),
                reason: "delimiter=\(option.rawValue) does not fit: the line has no "
                    + "\(option.words), but \(other.words)s: set delimiter=\(other.rawValue), or, "
                    + "if the header is on a later line, set skip_lines to the number of lines "
                    + "before it")
        }
        let commas = counts[UInt8(ascii: ",")] ?? 0
        let semicolons = counts[UInt8(ascii: ";")] ?? 0
        for mark in [CSVDelimiter.tab, .bar]
        where (counts[mark.byte] ?? 0) > max(commas, semicolons) {
            throw FileFault(
                line: line, value: shownValue(bytes.filter { $0 != 0x0A && $0 != 0x0D }),
                reason: "the columns are separated by a \(mark.words): set "
                    + "delimiter=\(mark.rawValue)")
        }
        return semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }
}
