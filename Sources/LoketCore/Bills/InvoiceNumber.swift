// The merchant's identifier of a payment. DOKU repeats it in the notification, and only the invoice
// number links a payment to its bill. An inquiry's answer may append a suffix to the bill's number.

/// An invoice number of 1 to 64 visible ASCII characters.
package struct InvoiceNumber: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard (1...Limits.invoiceNumberMax).contains(text.utf8.count),
            text.utf8.allSatisfy(isVisibleASCII)
        else { return nil }
        self.text = text
    }

    /// The maximum length, in characters, of a bill's number to which a suffix may be added.
    package static let ownMaxWhereSuffixed = Limits.invoiceNumberMax - InvoiceSuffix.length - 1

    /// Whether the number is short enough to append a suffix.
    package var takesSuffix: Bool { text.utf8.count <= Self.ownMaxWhereSuffixed }

    /// Returns `number-SUFFIX`; nil if the result would be too long.
    package func with(_ suffix: InvoiceSuffix) -> InvoiceNumber? {
        InvoiceNumber(text + "-" + suffix.text)
    }

    /// The number without its suffix; nil if it does not have the form of a suffixed number.
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

/// Ten upper-case characters of Crockford's base32: 50 bits that identify one inquiry.
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

    /// Creates a suffix from the 50 high bits of `leading`, a hash's first 8 bytes in big-endian.
    package init(leadingBitsOf leading: UInt64) {
        let characters = (0..<Self.length).map { place in
            Self.alphabet[Int(leading >> UInt64(59 - 5 * place) & 31)]
        }
        text = String(decoding: characters, as: UTF8.self)
    }
}

/// The setting `invoice_per_inquiry`: when an answer's invoice number has a suffix.
package enum InvoicePerInquiry: String, CaseIterable, Sendable {
    case never, reusable, always

    /// - Parameter isQuotedRepeatedly: as `Bill.isQuotedRepeatedly`.
    package func suffixes(_ isQuotedRepeatedly: Bool) -> Bool {
        switch self {
        case .never: false
        case .reusable: isQuotedRepeatedly
        case .always: true
        }
    }
}
