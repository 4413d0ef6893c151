// The code that a customer shows at the counter: the BIN followed by the unique payment code.
// A code is text: leading zeros are significant, and digits are ASCII (protocol: payment code).

/// A code of 1 to 25 ASCII digits. Every value of this type is well formed.
package struct PaymentCode: Hashable, Sendable, CustomStringConvertible {
    package let digits: String

    /// Returns nil unless the bytes are 1 to 25 ASCII digits; nothing is trimmed or repaired.
    package init?(ascii bytes: some Collection<UInt8>) {
        guard Self.isWellFormed(bytes) else { return nil }
        digits = String(decoding: bytes, as: UTF8.self)
    }

    /// Creates a code from text.
    package init?(_ text: String) {
        guard Self.isWellFormed(text.utf8) else { return nil }
        digits = text
    }

    private static func isWellFormed(_ bytes: some Collection<UInt8>) -> Bool {
        (1...Limits.paymentCodeDigitsMax).contains(bytes.count) && bytes.allSatisfy(isASCIIDigit)
    }

    /// The number of digits, including the BIN.
    package var length: Int { digits.utf8.count }

    package var description: String { digits }
}

package func isASCIIDigit(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39
}

/// Returns whether a byte is printable ASCII other than space, as in header values and ids.
package func isVisibleASCII(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F
}
