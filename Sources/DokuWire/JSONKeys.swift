// Has this object had this key before? Asked for every key, so a small object is searched and a
// large one hashed: a body full of keys must not cost the square of their number.

struct JSONKeys {
    private static let searchedMax = 16
    private var count = 0
    private var hashed: Set<[UInt8]> = []

    /// False if the key is there already.
    ///
    /// - Parameter siblings: the nodes of the same object before this key.
    mutating func insert(
        _ key: JSONNode, of bytes: [UInt8], siblings: ArraySlice<JSONNode>
    ) -> Bool {
        count += 1
        if count <= Self.searchedMax {
            return !Self.keys(in: siblings).contains { equal($0, key, in: bytes) }
        }
        if hashed.isEmpty {
            for sibling in Self.keys(in: siblings) { hashed.insert(decoded(sibling, of: bytes)) }
        }
        return hashed.insert(decoded(key, of: bytes)).inserted
    }

    /// The keys among an object's nodes: each is followed by its value.
    private static func keys(in siblings: ArraySlice<JSONNode>) -> some Sequence<JSONNode> {
        var next = siblings.startIndex
        return AnyIterator {
            guard next < siblings.endIndex else { return nil }
            let key = siblings[next]
            next = Int(siblings[next + 1].after)
            return key
        }
    }

    private func equal(_ left: JSONNode, _ right: JSONNode, in bytes: [UInt8]) -> Bool {
        if left.hasEscapes || right.hasEscapes {
            return decoded(left, of: bytes) == decoded(right, of: bytes)
        }
        return bytes[Int(left.start)..<Int(left.end)]
            .elementsEqual(bytes[Int(right.start)..<Int(right.end)])
    }
}

/// A string node's text in UTF-8, escapes resolved. The scanner has proved the escapes right.
func decoded(_ node: JSONNode, of bytes: [UInt8]) -> [UInt8] {
    let raw = bytes[Int(node.start)..<Int(node.end)]
    guard node.hasEscapes else { return Array(raw) }
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

/// The scalar of `\uXXXX` or of a surrogate pair; the position moves behind it.
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
        preconditionFailure("the scanner lets no lone surrogate through")
    }
    return scalar
}
