// The code that a customer shows at the counter: BIN and unique payment code together.
// It is text: leading zeros count, and only ASCII digits are digits (protocol: payment code).

/// 1 to 25 ASCII digits. Having one is the proof that it is well formed.
package struct PaymentCode: Hashable, Sendable, CustomStringConvertible {
    package let digits: String

    /// Nil unless the bytes are 1 to 25 ASCII digits; nothing is trimmed or repaired.
    package init?(ascii bytes: some Collection<UInt8>) {
        guard (1...Limits.paymentCodeDigitsMax).contains(bytes.count),
            bytes.allSatisfy(isASCIIDigit)
        else { return nil }
        digits = String(decoding: bytes, as: UTF8.self)
    }

    /// The same for text.
    package init?(_ text: String) {
        self.init(ascii: text.utf8)
    }

    /// Digits, BIN included.
    package var length: Int { digits.utf8.count }

    package var description: String { digits }
}

package func isASCIIDigit(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39
}

/// Printable and no space: what a header value, an id or an invoice number may hold.
package func isVisibleASCII(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F
}
