// Conversions between bytes and text: hexadecimal, Base64 and percent-encoding. The only place of
// these conversions.

import CLibcrypto

// MARK: Hexadecimal

/// Returns lower-case hexadecimal text.
package func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// Decodes hexadecimal digits of either case; returns nil for any other text.
package func hexadecimalDecoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    let digits = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

// MARK: Base64

/// Returns standard Base64 with padding (RFC 4648 §4), as ASCII bytes.
package func base64(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes(base64) }

package func base64(_ digest: SHA256Digest) -> [UInt8] { digest.withBytes(base64) }

/// Returns a prefix of ASCII characters and the standard Base64 of a digest.
package func base64Text(_ digest: SHA256Digest, after prefix: StaticString) -> String {
    let start = prefix.utf8CodeUnitCount
    return String(unsafeUninitializedCapacity: start + 45) { space in
        for place in 0..<start { space[place] = prefix.utf8Start[place] }
        return start
            + digest.withBytes { encodeBase64($0, to: space.baseAddress.map { $0 + start }) }
    }
}

extension [UInt8] {
    /// Appends the standard Base64 of a digest.
    package mutating func append(base64 digest: SHA256Digest) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 45) { space in
            let count = digest.withBytes { encodeBase64($0, to: space.baseAddress) }
            append(contentsOf: space[..<count])
        }
    }
}

private func base64(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4 + 1) { space, count in
        count = encodeBase64(bytes, to: space.baseAddress)
    }
}

/// - Parameter space: has room for four characters for each three bytes, and for the final zero
///   that libcrypto writes.
private func encodeBase64(
    _ bytes: UnsafeRawBufferPointer, to space: UnsafeMutablePointer<UInt8>?
) -> Int {
    Int(
        EVP_EncodeBlock(
            space, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count)))
}

/// Decodes standard Base64, with or without padding; returns nil for any other text.
package func base64Decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    guard text.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for digit in digits {
        let value: UInt8
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    // The remaining bits must be zero; otherwise two texts would encode the same bytes.
    guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
}

// MARK: Percent-encoding

/// Encodes text for a URL's path or query: every byte is escaped except the unreserved characters
/// of RFC 3986 §2.3.
package func percentEncoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            bytes.append(byte)
        default: bytes += Array(("%" + hexadecimal([byte]).uppercased()).utf8)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Decodes percent-encoded text; returns nil if two hexadecimal digits do not follow a `%`.
package func percentDecoded(_ text: some StringProtocol) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            decoded.append(byte)
            continue
        }
        guard let value = hexadecimalDecoded(rest.prefix(2))?.first else { return nil }
        decoded.append(value)
        rest = rest.dropFirst(2)
    }
    return String(decoding: decoded, as: UTF8.self)
}
