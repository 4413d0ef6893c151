// Parsing of codes whose digits a person has grouped, and the list of codes that differ from a
// given code by one typing error.

/// A typing error: how the entered code differs from the intended code.
package enum CodeSlip: String, CaseIterable, Sendable {
    case digitMissing = "digit_missing"
    case digitAdded = "digit_added"
    case digitChanged = "digit_changed"
    /// Two adjacent digits are exchanged.
    case digitsSwapped = "digits_swapped"
}

extension PaymentCode {
    /// Creates a code from text typed by a person; spaces, dots and dashes are ignored.
    package init?(written text: String) {
        let digits = text.unicodeScalars.filter { !Self.separators.contains($0) }
        self.init(ascii: String(String.UnicodeScalarView(digits)).utf8)
    }

    /// The last five are two no-break spaces, the no-break hyphen, the en dash and the em dash.
    private static let separators: Set<Unicode.Scalar> = [
        " ", ".", "-", "\u{A0}", "\u{202F}", "\u{2011}", "\u{2013}", "\u{2014}",
    ]

    /// The codes that differ from this code by one typing error, without duplicates. The maximum is
    /// 489 codes, for a code of 24 digits.
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
