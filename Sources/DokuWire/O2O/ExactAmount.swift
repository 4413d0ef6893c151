// Parsing of an amount in DOKU's notifications: `150000`, `150000.00` or `"150000"`. An amount is
// an exact decimal, never a floating-point number; a fraction of a rupiah is rejected.

import LoketCore

extension Rupiah {
    /// The maximum number of digits; `1e9999` must be rejected without work.
    private static let digitsMax = 32

    /// Parses whole rupiah from the text of a JSON number: digits, a zero fraction, an exponent.
    package init?(decimal text: some Sequence<UInt8>) {
        var digits: [UInt8] = []
        var fraction = 0
        var exponent: [UInt8]?
        var sawPoint = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9") where exponent == nil:
                digits.append(byte)
                if sawPoint { fraction += 1 }
            case UInt8(ascii: ".") where !sawPoint && exponent == nil && !digits.isEmpty:
                sawPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard exponent == nil, !digits.isEmpty else { return nil }
                exponent = []
            default:
                guard exponent?.append(byte) != nil else { return nil }
            }
            guard digits.count <= Self.digitsMax, exponent?.count ?? 0 <= 3 else { return nil }
        }
        guard !sawPoint || fraction > 0 else { return nil }
        var power = 0
        if let exponent {
            guard let read = Int(String(decoding: exponent, as: UTF8.self)) else { return nil }
            power = read
        }
        self.init(digits: digits, shift: power - fraction)
    }

    /// Creates an amount from digits times ten to the power of `shift`.
    private init?(digits: [UInt8], shift: Int) {
        var digits = digits
        if shift < 0 {
            let cut = digits.suffix(-shift)
            guard cut.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            digits.removeLast(cut.count)
        } else {
            guard shift <= Self.digitsMax else { return nil }
            digits += [UInt8](repeating: UInt8(ascii: "0"), count: shift)
        }
        guard let whole = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.init(whole: whole)
    }
}
