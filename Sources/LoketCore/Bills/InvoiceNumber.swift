// The merchant's name for a payment, which DOKU repeats in the notification, and by which alone a
// payment finds its bill. A bill has its own; an answer to an inquiry may have it with a suffix.

/// 1 to 64 visible ASCII characters.
package struct InvoiceNumber: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard (1...Limits.invoiceNumberMax).contains(text.utf8.count),
            text.utf8.allSatisfy(isVisibleASCII)
        else { return nil }
        self.text = text
    }

    /// Characters that a bill's own number may have where a suffix may be added to it.
    package static let ownMaxWhereSuffixed = Limits.invoiceNumberMax - InvoiceSuffix.length - 1

    /// Room for a suffix is left.
    package var takesSuffix: Bool { text.utf8.count <= Self.ownMaxWhereSuffixed }

    /// `own-SUFFIX`; nil where the result would be too long.
    package func with(_ suffix: InvoiceSuffix) -> InvoiceNumber? {
        InvoiceNumber(text + "-" + suffix.text)
    }

    /// The number left of a suffix, if this one has the form of a suffixed number.
    package var withoutSuffix: InvoiceNumber? {
        let bytes = Array(text.utf8)
        let own = bytes.count - InvoiceSuffix.length - 1
        guard own >= 1, bytes[own] == UInt8(ascii: "-"),
            InvoiceSuffix(ascii: bytes[(own + 1)...]) != nil
        else { return nil }
        return InvoiceNumber(String(decoding: bytes[..<own], as: UTF8.self))
    }

    package var description: String { text }
}

/// Ten characters of Crockford's base32, upper case: 50 bits that name one inquiry.
package struct InvoiceSuffix: Hashable, Sendable {
    package static let length = 10
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    package let text: String

    package init?(ascii bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length, bytes.allSatisfy(Self.alphabet.contains) else {
            return nil
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// From the first 50 bits of a hash, read big-endian from `leading`.
    package init(leadingBitsOf leading: UInt64) {
        let characters = (0..<Self.length).map { place in
            Self.alphabet[Int(leading >> UInt64(59 - 5 * place) & 31)]
        }
        text = String(decoding: characters, as: UTF8.self)
    }
}

/// When an answer carries a number of its own instead of the bill's (`invoice_per_inquiry`).
package enum InvoicePerInquiry: String, CaseIterable, Sendable {
    case never, reusable, always

    package func suffixes(reusableBill: Bool) -> Bool {
        switch self {
        case .never: false
        case .reusable: reusableBill
        case .always: true
        }
    }
}
