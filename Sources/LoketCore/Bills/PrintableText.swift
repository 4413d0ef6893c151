// The one rule for names, e-mail addresses, lines on a receipt and notes in a history, however they
// are given. It refuses what would break a line, and what is shown differently from how it is
// written.

/// Why a text is refused.
package enum TextFault: Error, Sendable {
    case empty
    /// How many Unicode scalars it has, and how many it may have.
    case tooLong(Int, max: Int)
    case lineBreak
    case control
    /// It holds a mark such as U+202E, which changes the order in which the text after it is shown.
    case direction
    /// It holds nothing that can be seen.
    case blank
    /// It is a line, but not an e-mail address.
    case noAddress
}

/// Reads texts by the rule.
///
///     let name = try PrintableText.line("Anton Budiman", max: Limits.customerNameMax)
package enum PrintableText {
    /// A text of 1 to `max` Unicode scalars in one line, at least one of which can be seen.
    package static func line(_ text: String, max: Int) throws(TextFault) -> String {
        if text.utf8.count <= max, isPlain(text) { return text }
        let scalars = text.unicodeScalars
        guard !scalars.isEmpty else { throw .empty }
        guard scalars.count <= max else { throw .tooLong(scalars.count, max: max) }
        var isSeen = false
        for scalar in scalars {
            switch scalar.properties.generalCategory {
            case .control: throw scalar == "\n" || scalar == "\r" ? .lineBreak : .control
            case .lineSeparator, .paragraphSeparator: throw .lineBreak
            case .format where scalar.properties.isBidiControl: throw .direction
            case .format: continue
            default: if !scalar.properties.isWhitespace { isSeen = true }
            }
        }
        guard isSeen else { throw .blank }
        return text
    }

    /// A line with one `@`, something on either side of it, and no space.
    package static func email(_ text: String) throws(TextFault) -> String {
        let (bytes, at) = (try line(text, max: Limits.customerEmailMax).utf8, UInt8(ascii: "@"))
        guard bytes.first != at, bytes.last != at, bytes.count(where: { $0 == at }) == 1,
            !bytes.contains(0x20)
        else { throw .noAddress }
        return text
    }

    /// ASCII with something to see, the usual case.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && text.utf8.contains { $0 > 0x20 }
    }
}
