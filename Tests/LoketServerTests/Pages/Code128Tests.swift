// The barcode of the payment slip: read back by a decoder with the published table of patterns, and
// by a program of others.

import Foundation
import TestSupport
import Testing

@testable import LoketAdmin

struct Code128Tests {
    /// The modules of each symbol as published, a bar as 1; the last is the stop symbol.
    private static let published = """
        11011001100 11001101100 11001100110 10010011000 10010001100 10001001100 10011001000
        10011000100 10001100100 11001001000 11001000100 11000100100 10110011100 10011011100
        10011001110 10111001100 10011101100 10011100110 11001110010 11001011100 11001001110
        11011100100 11001110100 11101101110 11101001100 11100101100 11100100110 11101100100
        11100110100 11100110010 11011011000 11011000110 11000110110 10100011000 10001011000
        10001000110 10110001000 10001101000 10001100010 11010001000 11000101000 11000100010
        10110111000 10110001110 10001101110 10111011000 10111000110 10001110110 11101110110
        11010001110 11000101110 11011101000 11011100010 11011101110 11101011000 11101000110
        11100010110 11101101000 11101100010 11100011010 11101111010 11001000010 11110001010
        10100110000 10100001100 10010110000 10010000110 10000101100 10000100110 10110010000
        10110000100 10011010000 10011000010 10000110100 10000110010 11000010010 11001010000
        11110111010 11000010100 10001111010 10100111100 10010111100 10010011110 10111100100
        10011110100 10011110010 11110100100 11110010100 11110010010 11011011110 11011110110
        11110110110 10101111000 10100011110 10001011110 10111101000 10111100010 11110101000
        11110100010 10111011110 10111101110 11101011110 11110101110 11010000100 11010010000
        11010011100 1100011101011
        """
        .split { $0 == " " || $0 == "\n" }.map(String.init)

    /// The values of the symbols before the checksum; nil if the drawing is no barcode.
    private func symbols(of barcode: Code128) -> [Int]? {
        var modules = barcode.widths.enumerated().reduce(into: "") {
            $0 += String(repeating: $1.offset.isMultiple(of: 2) ? "1" : "0", count: $1.element)
        }[...]
        guard let stop = Self.published.last, modules.hasSuffix(stop) else { return nil }
        modules = modules.dropLast(stop.count)
        var values: [Int] = []
        while !modules.isEmpty {
            guard let value = Self.published.firstIndex(of: String(modules.prefix(11))) else {
                return nil
            }
            values.append(value)
            modules = modules.dropFirst(11)
        }
        let checksum = values.removeLast()
        let sum = values.enumerated().dropFirst().reduce(values[0]) { $0 + $1.0 * $1.1 }
        return sum % 103 == checksum ? values : nil
    }

    /// The digits as a scanner reads them.
    private func read(_ values: [Int]) -> String {
        var (isPaired, text) = (values[0] == 105, "")
        for value in values.dropFirst() {
            switch value {
            case 99 where !isPaired: isPaired = true
            case 100 where isPaired: isPaired = false
            default: text += isPaired ? "\(value / 10)\(value % 10)" : "\(value - 16)"
            }
        }
        return text
    }

    private static func codes(_ lengths: ClosedRange<Int>, _ count: Int) -> [String] {
        var random = SeededRandom(seed: 128)
        return (0..<count).map { place in
            let length = lengths.lowerBound + place % lengths.count
            return (0..<length).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
        }
    }

    @Test func `a code is drawn with the published patterns and its checksum`() throws {
        #expect(Self.published.count == 107)
        for code in Self.codes(1...25, 500) {
            let barcode = try #require(Code128(code))
            let values = try #require(symbols(of: barcode), "\(code)")
            #expect(read(values) == code)
            // Pairs, and one symbol more for a last digit after them.
            let (pairs, rest) = (code.count / 2, code.count % 2)
            #expect(values.count == 1 + pairs + rest + (pairs > 0 ? rest : 0), "\(code)")
        }
    }

    @Test func `known codes have known symbols`() throws {
        for (code, expected) in [
            ("12345678", [105, 12, 34, 56, 78]), ("0000", [105, 0, 0]), ("5", [104, 21]),
            ("998", [105, 99, 100, 24]), ("100100100", [105, 10, 1, 0, 10, 100, 16]),
        ] {
            let barcode = try #require(Code128(code))
            #expect(symbols(of: barcode) == expected, "\(code)")
        }
    }

    @Test func `the drawing has the bars between two quiet zones`() throws {
        let barcode = try #require(Code128("00"))
        // Start C, 00, the checksum 105 % 103 = 2, stop.
        #expect(barcode.width == 10 + 11 + 11 + 11 + 13 + 10)
        #expect(barcode.path.hasPrefix("M10 0h2v1h-2zM13 0h1v1h-1zM16 0h3v1h-3zM21 0h2v1h-2z"))
        #expect(barcode.path.hasSuffix("M54 0h2v1h-2z"))
    }

    @Test(arguments: ["", " ", "12 34", "12a", "-1", "١٢"])
    func `only digits have a barcode`(_ code: String) {
        #expect(Code128(code) == nil)
    }

    @Test(
        .enabled(
            if: Program.isThere("zbarimg") && Program.isThere("rsvg-convert"),
            "scripts/test-release installs zbar-tools and librsvg2-bin"))
    func `a scanner of others reads every code`() throws {
        let codes = Self.codes(5...20, 50)
        try withFolder { folder in
            for (place, code) in codes.enumerated() {
                let barcode = try #require(Code128(code))
                let (width, view) = (barcode.width * 3, "viewBox=\"0 0 \(barcode.width) 1\"")
                let svg = """
                    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="120" \
                    \(view) preserveAspectRatio="none"><path d="\(barcode.path)"/></svg>
                    """
                try Data(svg.utf8).write(to: folder.appendingPathComponent("\(100 + place).svg"))
            }
            let script = """
                for svg in *.svg; do
                    rsvg-convert --background-color=white --output="$svg.png" "$svg" || exit 1
                done
                zbarimg --quiet --raw -Sdisable -Scode128.enable *.png
                """
            let read = try Program.run("sh", "-c", script, in: folder)
            #expect(read.split(separator: "\n").map(String.init) == codes)
        }
    }
}
