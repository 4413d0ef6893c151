// Codes that may have been meant where another was written or read: as people group the digits, and with
// one slip in them.

/// How a code differs from the one that was meant.
package enum CodeSlip: String, CaseIterable, Sendable {
    case digitMissing = "digit_missing"
    case digitAdded = "digit_added"
    case digitChanged = "digit_changed"
    /// Two neighbours have changed places.
    case digitsSwapped = "digits_swapped"
}

extension PaymentCode {
    /// A code as people write it: spaces, dots and dashes between the digits do not count.
    package init?(written text: String) {
        let digits = text.unicodeScalars.filter { !Self.separators.contains($0) }
        self.init(ascii: String(String.UnicodeScalarView(digits)).utf8)
    }

    /// The last five are the no-break spaces, the no-break hyphen and the two dashes of print.
    private static let separators: Set<Unicode.Scalar> = [
        " ", ".", "-", "\u{A0}", "\u{202F}", "\u{2011}", "\u{2013}", "\u{2014}",
    ]

    /// Every other code that this one is, but for one slip, each once: 489 for 24 digits, which is
    /// the most.
    package var meant: [(code: PaymentCode, slip: CodeSlip)] {
        let bytes = Array(digits.utf8)
        var seen: Set<PaymentCode> = [self]
        var meant: [(code: PaymentCode, slip: CodeSlip)] = []
        func add(_ bytes: [UInt8], _ slip: CodeSlip) {
            guard let code = PaymentCode(ascii: bytes), seen.insert(code).inserted else { return }
            meant.append((code, slip))
        }
        let figures = UInt8(ascii: "0")...UInt8(ascii: "9")
        for place in 0...bytes.count {
            for figure in figures {
                var longer = bytes
                longer.insert(figure, at: place)
                add(longer, .digitMissing)
            }
        }
        for place in bytes.indices {
            var shorter = bytes
            shorter.remove(at: place)
            add(shorter, .digitAdded)
            for figure in figures {
                var changed = bytes
                changed[place] = figure
                add(changed, .digitChanged)
            }
        }
        for place in bytes.indices.dropLast() {
            var swapped = bytes
            swapped.swapAt(place, place + 1)
            add(swapped, .digitsSwapped)
        }
        return meant
    }
}
