// Names, e-mail addresses, lines for the counter and for a history: one rule, however they come in.
// What it refuses would break a line on a receipt or in a list, or show a text otherwise than it is
// written.

/// Why a text cannot be printed.
package enum TextFault: Sendable {
    case empty
    /// How many Unicode scalars it has.
    case tooLong(Int)
    case lineBreak
    case control
    /// It holds a mark such as U+202E, after which text is shown in another order.
    case direction
    /// It holds nothing to see.
    case blank
}

package enum PrintableText {
    /// What keeps a text from being 1 to `max` Unicode scalars in one line, something to see among
    /// them; nil: nothing.
    package static func fault(in text: String, max: Int) -> TextFault? {
        if text.utf8.count <= max, isPlain(text) { return nil }
        let scalars = text.unicodeScalars
        guard !scalars.isEmpty else { return .empty }
        guard scalars.count <= max else { return .tooLong(scalars.count) }
        var isSeen = false
        for scalar in scalars {
            let category = scalar.properties.generalCategory
            switch category {
            case .control:
                return scalar == "\n" || scalar == "\r" ? .lineBreak : .control
            case .lineSeparator, .paragraphSeparator: return .lineBreak
            case .format where scalar.properties.isBidiControl: return .direction
            case .format: continue
            default: if !scalar.properties.isWhitespace { isSeen = true }
            }
        }
        return isSeen ? nil : .blank
    }

    /// One `@` with something on either side, and no space.
    package static func isAddress(_ text: String) -> Bool {
        let (bytes, at) = (text.utf8, UInt8(ascii: "@"))
        return bytes.first != at && bytes.last != at && bytes.count(where: { $0 == at }) == 1
            && !bytes.contains(0x20)
    }

    /// ASCII with something to see, the usual case.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && text.utf8.contains { $0 > 0x20 }
    }
}
