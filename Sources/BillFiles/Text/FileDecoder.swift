// Converts the bytes of a file in Windows-1252 or UTF-16 to UTF-8, chunk by chunk. A file in UTF-8
// passes no decoder.

struct FileDecoder {
    private enum Form {
        case windows1252
        case utf16(isLittle: Bool)
    }

    private let form: Form
    /// The first byte of a UTF-16 unit whose second is in the next chunk.
    private var half: UInt8?
    /// The first unit of a surrogate pair.
    private var high: UInt16?

    /// - Parameter encoding: a named one: the mark of `utf16` was read before.
    /// - Returns: nil for UTF-8.
    init?(_ encoding: FileEncoding) {
        switch encoding {
        case .utf8: return nil
        case .windows1252: form = .windows1252
        case .utf16, .utf16LittleEndian: form = .utf16(isLittle: true)
        case .utf16BigEndian: form = .utf16(isLittle: false)
        }
    }

    /// Returns the bytes as UTF-8, up to the first fault.
    mutating func decode(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (text: [UInt8], fault: String?) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        switch form {
        case .windows1252:
            for byte in bytes { Self.append(Self.scalar(byte), to: &text) }
            return (text, nil)
        case .utf16(let isLittle):
            for byte in bytes {
                guard let first = half else {
                    half = byte
                    continue
                }
                half = nil
                let unit =
                    isLittle
                    ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
                guard take(unit, &text) else { return (text, Self.notUTF16) }
            }
            return (text, nil)
        }
    }

    /// Returns the fault of a file that ends inside a character; nil if there is none.
    func end() -> String? { half == nil && high == nil ? nil : Self.notUTF16 }

    private static let notUTF16 =
        "is not UTF-16: a character is incomplete; remove the option encoding, or give the encoding "
        + "in which the file was saved"

    /// - Returns: false for a surrogate without its partner.
    private mutating func take(_ unit: UInt16, _ text: inout [UInt8]) -> Bool {
        if let first = high {
            high = nil
            guard UTF16.isTrailSurrogate(unit) else { return false }
            let value = 0x1_0000 + (UInt32(first - 0xD800) << 10) + UInt32(unit - 0xDC00)
            Self.append(value, to: &text)
            return true
        }
        if UTF16.isLeadSurrogate(unit) {
            high = unit
            return true
        }
        guard !UTF16.isTrailSurrogate(unit) else { return false }
        Self.append(UInt32(unit), to: &text)
        return true
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        if value < 0x80 { return text.append(UInt8(value)) }
        guard let scalar = Unicode.Scalar(value) else { return }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// The five bytes without a character are the control characters of the same number, as in
    /// the WHATWG's encoding standard; a value that contains one is refused.
    private static func scalar(_ byte: UInt8) -> UInt32 {
        (0x80...0x9F).contains(byte) ? windows1252[Int(byte) - 0x80] : UInt32(byte)
    }

    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
