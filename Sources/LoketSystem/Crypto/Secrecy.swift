// Constant-time comparison and random bytes, from the system's libcrypto.

import CLibcrypto

/// Returns whether two byte strings are equal, in a time that depends only on their lengths.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafeBytes { leftBytes in
        right.withUnsafeBytes { rightBytes in
            CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
        }
    }
}

/// Returns whether two texts have the same bytes in UTF-8, in a time that depends only on their
/// lengths.
package func equalInConstantTime(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var (left, right) = (left, right)
    return left.withUTF8 { leftBytes in
        right.withUTF8 { rightBytes in
            CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
        }
    }
}

/// Returns cryptographically random bytes.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(
        RAND_bytes(&bytes, Int32(count)) == 1, "the system's random generator failed")
    return bytes
}

/// Returns cryptographically random, uniformly distributed decimal digits.
///
/// - Returns: values from 0 to 9.
package func randomDigits(_ count: Int) -> [UInt8] {
    // 250 is the largest multiple of ten in a byte; larger values would favour the digits 0 to 5.
    var digits: [UInt8] = []
    digits.reserveCapacity(count)
    while digits.count < count {
        let fair = randomBytes(count - digits.count).lazy.filter { $0 < 250 }
        digits.append(contentsOf: fair.map { $0 % 10 })
    }
    return digits
}

/// The version of OpenSSL that this process uses.
package let opensslVersion = String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
