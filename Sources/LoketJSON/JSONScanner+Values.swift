// Scanning of JSON values without children: strings, numbers and literals.

import LoketCore

extension JSONScanner {
    // MARK: Strings

    /// Reads a string. In tolerant mode, a string with a fault becomes one damaged value with the
    /// same end as a string without the fault.
    mutating func readString() throws(JSONFault) {
        position += 1
        let start = position
        var (hasEscapes, isDamaged) = (false, false)
        while true {
            let (place, byte) = (position, try peek())
            do throws(JSONFault) {
                switch byte {
                case UInt8(ascii: "\""):
                    append(isDamaged ? .damaged : .string, from: start, hasEscapes: hasEscapes)
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
            } catch {
                guard isTolerant else { throw error }
                isDamaged = true
                position = max(position, place + 1)
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

    /// Reads the four hexadecimal digits after the `u` at the current position.
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

    /// Reads UTF-8 by RFC 3629: no overlong form, no surrogate, nothing past U+10FFFF.
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

    /// Reads a number or literal. In tolerant mode, any other bare word becomes one damaged value.
    mutating func readBareword() throws(JSONFault) {
        let (start, count) = (position, nodes.count)
        do throws(JSONFault) {
            switch try peek() {
            case UInt8(ascii: "t"): try readWord("true", .yes)
            case UInt8(ascii: "f"): try readWord("false", .no)
            case UInt8(ascii: "n"): try readWord("null", .null)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
            default: throw fault(.unexpectedByte)
            }
            if isTolerant, isInBareword { throw fault(.unexpectedByte) }
        } catch {
            guard isTolerant else { throw error }
            nodes.removeSubrange(count...)
            position = start
            while isInBareword { position += 1 }
            guard position > start else { throw error }
            append(.damaged, from: start)
        }
    }

    private var isInBareword: Bool {
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            return true
        default: return false
        }
    }

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
}
