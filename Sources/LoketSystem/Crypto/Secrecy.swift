// Comparing in constant time, and random bytes, by the system's libcrypto.

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

/// Unpredictable bytes.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(
        RAND_bytes(&bytes, Int32(count)) == 1, "the system's random generator failed")
    return bytes
}

/// Unpredictable decimal digits, each as likely as the others.
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

/// Which OpenSSL this process runs on.
package let opensslVersion = String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
