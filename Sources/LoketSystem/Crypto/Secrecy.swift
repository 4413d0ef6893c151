// The smaller things that libcrypto does for us: comparing in constant time, random bytes, base64.

import CLibcrypto

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafeBytes { leftBytes in
        right.withUnsafeBytes { rightBytes in
            CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
        }
    }
}

/// Bytes that nobody can foretell.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(
        RAND_bytes(&bytes, Int32(count)) == 1, "the system's random generator failed")
    return bytes
}

/// Standard base64 with padding (RFC 4648 §4), in ASCII bytes.
package func base64(_ digest: SHA256Digest) -> [UInt8] {
    digest.withBytes { bytes in
        // Four characters for three bytes, and the zero that libcrypto ends them with.
        let characters = (SHA256Digest.byteCount + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: characters + 1) { space, count in
            count = Int(
                EVP_EncodeBlock(
                    space.baseAddress, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    Int32(bytes.count)))
        }
    }
}

/// Lower-case hexadecimal.
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
