// Decoding of JSON strings: resolves the escapes into UTF-8. The scanner has validated the escapes.

/// Returns the text of a string node in UTF-8, or the unchanged bytes of a damaged node.
func decoded(_ node: JSONNode, of bytes: [UInt8]) -> [UInt8] {
    let raw = bytes[Int(node.start)..<Int(node.end)]
    guard node.hasEscapes, node.kind == .string else { return Array(raw) }
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var position = raw.startIndex
    while position < raw.endIndex {
        guard raw[position] == UInt8(ascii: "\\") else {
            text.append(raw[position])
            position += 1
            continue
        }
        switch raw[position + 1] {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = scalar(at: &position, in: raw)
            text.append(contentsOf: Array(String(scalar).utf8))
            continue
        case let same: text.append(same)
        }
        position += 2
    }
    return text
}

/// Decodes `\uXXXX` or a surrogate pair and advances the position past it.
private func scalar(at position: inout Int, in raw: ArraySlice<UInt8>) -> Unicode.Scalar {
    func unit(at start: Int) -> UInt32 {
        raw[start..<(start + 4)].reduce(0) { $0 << 4 | UInt32(hexDigit($1) ?? 0) }
    }
    var value = unit(at: position + 2)
    position += 6
    if (0xD800...0xDBFF).contains(value) {
        value = 0x10000 + (value - 0xD800) << 10 + (unit(at: position + 2) - 0xDC00)
        position += 6
    }
    guard let scalar = Unicode.Scalar(value) else {
        preconditionFailure("the scanner refuses lone surrogates")
    }
    return scalar
}

package func hexDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
