// The validation rule for names, e-mail addresses, receipt lines and history notes, whatever their
// source. The rule rejects characters that break a line and characters that make a text look
// different from its content.

/// The reason why a text is rejected.
package enum TextFault: Error, Sendable {
    case empty
    /// The text has the first number of Unicode scalars; the maximum is `max`.
    case tooLong(Int, max: Int)
    case lineBreak
    case control
    /// The text contains a mark, such as U+202E, that changes the display order of later text.
    case direction
    /// The text contains no visible character.
    case blank
    /// The text is a valid line but not an e-mail address.
    case noAddress
}

/// Validates texts.
///
///     let name = try PrintableText.line("Anton Budiman", max: Limits.customerNameMax)
package enum PrintableText {
    /// Returns a text that is one line of 1 to `max` Unicode scalars with a visible character.
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

    /// Returns a text that is a line with exactly one `@`, text on both sides of it, and no space.
    package static func email(_ text: String) throws(TextFault) -> String {
        let (bytes, at) = (try line(text, max: Limits.customerEmailMax).utf8, UInt8(ascii: "@"))
        guard bytes.first != at, bytes.last != at, bytes.count(where: { $0 == at }) == 1,
            !bytes.contains(0x20)
        else { throw .noAddress }
        return text
    }

    /// Whether the text is ASCII with a visible character, as most texts are.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && text.utf8.contains { $0 > 0x20 }
    }
}
