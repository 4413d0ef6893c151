// The grammar of StrictJSON: one recursive descent over the bytes, bounded in depth.

import LoketCore

struct StrictJSONScanner {
    private(set) var nodes: [JSONNode] = []
    private let bytes: [UInt8]
    private let depthMax: Int
    private var position = 0

    init(_ bytes: [UInt8], depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
        nodes.reserveCapacity(bytes.count / 10 + 8)
    }

    mutating func readDocument() throws(JSONFault) {
        guard bytes.count <= JSONBounds.bytesMax else { throw fault(.tooLong) }
        skipSpace()
        guard position < bytes.count else { throw fault(.empty) }
        try readValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault(.trailingBytes) }
    }

    private mutating func readValue(depth: Int) throws(JSONFault) {
        switch try peek() {
        case UInt8(ascii: "{"): try readObject(depth: depth + 1)
        case UInt8(ascii: "["): try readArray(depth: depth + 1)
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "t"): try readWord("true", .yes)
        case UInt8(ascii: "f"): try readWord("false", .no)
        case UInt8(ascii: "n"): try readWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        default: throw fault(.unexpectedByte)
        }
    }

    // MARK: Containers

    private mutating func readObject(depth: Int) throws(JSONFault) {
        let object = try open(.object, depth: depth)
        var keys = JSONKeys()
        if !skip(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard try peek() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
                let keyStart = position
                let key = nodes.count
                try readString()
                guard keys.insert(key, after: object + 1, in: nodes, of: bytes) else {
                    throw JSONFault(cause: .duplicateKey, offset: keyStart)
                }
                skipSpace()
                guard try peek() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
                position += 1
                skipSpace()
                try readValue(depth: depth)
                skipSpace()
            } while skip(UInt8(ascii: ","))
            guard try peek() == UInt8(ascii: "}") else { throw fault(.unexpectedByte) }
            position += 1
        }
        close(object)
    }

    private mutating func readArray(depth: Int) throws(JSONFault) {
        let array = try open(.array, depth: depth)
        if !skip(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                try readValue(depth: depth)
                skipSpace()
            } while skip(UInt8(ascii: ","))
            guard try peek() == UInt8(ascii: "]") else { throw fault(.unexpectedByte) }
            position += 1
        }
        close(array)
    }

    private mutating func open(_ kind: JSONNode.Kind, depth: Int) throws(JSONFault) -> Int {
        guard depth <= depthMax else { throw fault(.tooDeep) }
        nodes.append(JSONNode(kind: kind, start: Int32(position), end: 0, after: 0))
        position += 1
        skipSpace()
        return nodes.count - 1
    }

    private mutating func close(_ container: Int) {
        nodes[container].end = Int32(position)
        nodes[container].after = Int32(nodes.count)
    }

    // MARK: Strings

    private mutating func readString() throws(JSONFault) {
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                append(.string, from: start, hasEscapes: hasEscapes)
                position += 1
                return
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try readEscape()
            case 0x00..<0x20:
                throw fault(.controlCharacter)
            case 0x20..<0x80:
                position += 1
            default:
                try readMultibyte(first: byte)
            }
        }
    }

    private mutating func readEscape() throws(JSONFault) {
        position += 1
        switch try peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            let unit = try readHexUnit()
            if (0xDC00...0xDFFF).contains(unit) { throw fault(.loneSurrogate) }
            guard (0xD800...0xDBFF).contains(unit) else { return }
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw fault(.loneSurrogate) }
            position += 1
            guard (0xDC00...0xDFFF).contains(try readHexUnit()) else {
                throw fault(.loneSurrogate)
            }
        default:
            throw fault(.badEscape)
        }
    }

    /// The four digits behind `u`, on which the position stands.
    private mutating func readHexUnit() throws(JSONFault) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = hexDigit(try peek()) else { throw fault(.badEscape) }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    /// UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing past U+10FFFF.
    private mutating func readMultibyte(first: UInt8) throws(JSONFault) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: throw fault(.badUTF8)
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else {
            throw fault(.badUTF8)
        }
        for place in 2..<max(length, 2) where !(0x80...0xBF).contains(bytes[position + place]) {
            throw fault(.badUTF8)
        }
        position += length
    }

    // MARK: Numbers and words

    private mutating func readNumber() throws(JSONFault) {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try readDigits() }
        if skip(UInt8(ascii: ".")) { try readDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try readDigits()
        }
        if position < bytes.count, isASCIIDigit(bytes[position]) { throw fault(.badNumber) }
        append(.number, from: start)
    }

    private mutating func readDigits() throws(JSONFault) {
        let start = position
        while position < bytes.count, isASCIIDigit(bytes[position]) { position += 1 }
        guard position > start else { throw fault(.badNumber) }
    }

    private mutating func readWord(
        _ word: StaticString, _ kind: JSONNode.Kind
    ) throws(JSONFault) {
        let start = position
        for place in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[place] else { throw fault(.unexpectedByte) }
            position += 1
        }
        append(kind, from: start)
    }

    // MARK: The smallest steps

    private mutating func append(
        _ kind: JSONNode.Kind, from start: Int, hasEscapes: Bool = false
    ) {
        nodes.append(
            JSONNode(
                kind: kind, hasEscapes: hasEscapes, start: Int32(start), end: Int32(position),
                after: Int32(nodes.count + 1)))
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        return bytes[position]
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func fault(_ cause: JSONFault.Cause) -> JSONFault {
        JSONFault(cause: cause, offset: position)
    }
}
