// Names, e-mail addresses and lines for the counter: the rules of the admin API.

import LoketCore

enum PrintableText {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// 1 to `max` Unicode scalars, something to see among them, no control characters. The bytes
    /// are UTF-8.
    static func text(_ cell: Bytes, max: Int) throws(Misreading) -> String {
        let text = String(decoding: cell, as: UTF8.self)
        if cell.count <= max, isPlain(cell) { return text }
        let scalars = text.unicodeScalars
        guard !scalars.isEmpty else { throw Misreading(reason: "is empty") }
        guard scalars.count <= max else {
            throw Misreading(
                reason: "has \(scalars.count) characters, \(max) are the most that fit")
        }
        guard !scalars.contains(where: { $0 == "\n" || $0 == "\r" }) else {
            throw Misreading(reason: "holds a line break: write it in one line")
        }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Misreading(reason: "holds a control character: remove it")
        }
        let isSeen = scalars.contains {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .format
        }
        guard isSeen else {
            throw Misreading(reason: "holds nothing but spaces")
        }
        return text
    }

    static func email(_ cell: Bytes) throws(Misreading) -> String {
        let text = try text(cell, max: Limits.customerEmailMax)
        let at = UInt8(ascii: "@")
        guard cell.first != at, cell.last != at, cell.count(where: { $0 == at }) == 1,
            !cell.contains(0x20)
        else {
            throw Misreading(
                reason: "is no e-mail address: one @ with something on either side, no spaces")
        }
        return text
    }

    /// ASCII to be seen, the usual case.
    private static func isPlain(_ cell: Bytes) -> Bool {
        var isSeen = false
        for byte in cell {
            guard byte >= 0x20, byte < 0x7F else { return false }
            if byte > 0x20 { isSeen = true }
        }
        return isSeen
    }
}
