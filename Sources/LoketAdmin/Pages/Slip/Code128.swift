// A payment code as a Code 128 barcode (ISO/IEC 15417): pairs of digits in code set C, and in code
// set B the last one of an odd number of digits.

struct Code128 {
    /// The bar and the space widths in modules, in turns, from the start to the stop symbol.
    let widths: [Int]

    /// The empty modules that a scanner needs on each side.
    static let quietZone = 10

    /// The widths of each symbol, by its value; the last is the stop symbol.
    private static let patterns = """
        212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
        122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
        321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
        211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
        213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
        121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
        241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
        412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
        211214 211232 2331112
        """
        .split { $0 == " " || $0 == "\n" }.map { $0.compactMap(\.wholeNumberValue) }

    private static let (codeB, startB, startC, stop) = (100, 104, 105, 106)
    /// The value of the digit 0 in code set B.
    private static let zeroInB = 16
    private static let checksumModulus = 103

    /// - Returns: nil for anything but digits, and for none.
    init?(_ code: String) {
        let digits = code.utf8.map { Int($0) - 0x30 }
        guard let last = digits.last, digits.allSatisfy((0...9).contains) else { return nil }
        let paired = digits.count / 2 * 2
        var values = [paired > 0 ? Self.startC : Self.startB]
        for place in stride(from: 0, to: paired, by: 2) {
            values.append(digits[place] * 10 + digits[place + 1])
        }
        if paired < digits.count {
            if paired > 0 { values.append(Self.codeB) }
            values.append(Self.zeroInB + last)
        }
        let sum = values.enumerated().reduce(0) { $0 + max(1, $1.offset) * $1.element }
        values += [sum % Self.checksumModulus, Self.stop]
        widths = values.flatMap { Self.patterns[$0] }
    }

    /// The width of the drawing in modules, with the quiet zones.
    var width: Int { widths.reduce(2 * Self.quietZone, +) }

    /// The bars as the path of an SVG of this width and of height 1.
    var path: String {
        var (text, x) = ("", Self.quietZone)
        for (place, width) in widths.enumerated() {
            if place.isMultiple(of: 2) { text += "M\(x) 0h\(width)v1h-\(width)z" }
            x += width
        }
        return text
    }
}
