// A value of a file as it is shown to people: short, and with everything visible in it. What
// cannot be seen (control characters, strange spaces) is the usual fault.

import LoketCore

/// At most 64 characters, the last of them `…` where something was cut off.
package func shownValue(_ bytes: some Collection<UInt8>) -> String {
    // A scalar has at most four bytes: what lies further behind cannot be shown.
    let read = String(decoding: bytes.prefix(4 * Limits.shownValueMax + 4), as: UTF8.self)
    var shown = String.UnicodeScalarView()
    // Where the text ends if more follows than there is room for.
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
