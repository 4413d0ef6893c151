// UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing past U+10FFFF.

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
