// Validation of values as UTF-8, and their display to people: short, with invisible characters made
// visible: control characters and unusual spaces are the most frequent fault.

import LoketCore

/// Returns at most 64 characters, with `…` as the last if the text was truncated.
package func shownValue(_ bytes: some Collection<UInt8>) -> String {
    // A scalar has at most four bytes; later bytes cannot be shown.
    let read = String(decoding: bytes.prefix(4 * Limits.shownValueMax + 4), as: UTF8.self)
    var shown = String.UnicodeScalarView()
    // The length to which the text is cut if `…` has to follow.
    var roomForMark = 0
    for scalar in read.unicodeScalars {
        let piece = visible(scalar)
        guard shown.count + piece.count <= Limits.shownValueMax else {
            return String(String.UnicodeScalarView(shown.prefix(roomForMark))) + "…"
        }
        shown.append(contentsOf: piece)
        if shown.count < Limits.shownValueMax { roomForMark = shown.count }
    }
    return String(shown)
}

private func visible(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    switch scalar {
    case "\n": return "\\n".unicodeScalars
    case "\r": return "\\r".unicodeScalars
    case "\t": return "\\t".unicodeScalars
    case " "..."~": break
    default:
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\u{\(digits)}".unicodeScalars
        default: break
        }
    }
    var same = String.UnicodeScalarView()
    same.append(scalar)
    return same
}

/// Returns whether bytes are UTF-8 by RFC 3629: no overlong form, surrogate or value past U+10FFFF.
func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[position] {
        case 0x00..<0x80:
            position += 1
            continue
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return false
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else {
            return false
        }
        for place in 2..<max(length, 2) where bytes[position + place] & 0xC0 != 0x80 {
            return false
        }
        position += length
    }
    return true
}
