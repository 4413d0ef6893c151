// The colours of the counter page: every text has a contrast of at least 4.5 : 1 on every ground
// that it can stand on, in light and dark, by the formula of WCAG 2.2. No template has inline code.

import Foundation
import Testing

@testable import LoketAdmin

struct PageStyleTests {
    private static let contrastMin = 4.5
    private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// The colours of `:root`, light and then dark, by name.
    private static let palettes: [[String: String]] = style.matches(of: /:root\{([^}]*)\}/).map {
        Dictionary(
            $0.output.1.matches(of: /--([a-z-]+):(#[0-9a-f]{6})/).map {
                (String($0.output.1), String($0.output.2))
            }, uniquingKeysWith: { _, last in last })
    }

    /// The rules: selectors and declarations.
    private static let rules: [(selectors: String, body: String)] =
        style.matches(of: /([^{}]+)\{([^{}]*)\}/).map {
            (String($0.output.1), String($0.output.2))
        }

    /// The value of a property that is a colour of the palette.
    private func color(_ property: String, in body: String) -> String? {
        body.split(separator: ";").compactMap { declaration -> String? in
            let halves = declaration.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0] == property else { return nil }
            return halves[1].firstMatch(of: /var\(--([a-z-]+)\)/).map { String($0.output.1) }
        }.last
    }

    private func luminance(_ hex: String) throws -> Double {
        let number = try #require(Int(hex.dropFirst(), radix: 16), "\(hex)")
        let parts = [16, 8, 0].map { shift -> Double in
            let part = Double(number >> shift & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    private func contrast(_ one: String, _ other: String) throws -> Double {
        let both = try [luminance(one), luminance(other)].sorted()
        return (both[1] + 0.05) / (both[0] + 0.05)
    }

    @Test func `the formula of the contrast is that of WCAG`() throws {
        #expect(try abs(contrast("#000000", "#ffffff") - 21) < 0.001)
        #expect(try abs(contrast("#777777", "#ffffff") - 4.478) < 0.001)
    }

    @Test func `both palettes have every colour that the style names`() {
        #expect(Self.palettes.count == 2)
        let named = Set(
            Self.style.matches(of: /var\(--([a-z-]+)\)/).map { String($0.output.1) })
        for palette in Self.palettes { #expect(Set(palette.keys) == named) }
    }

    @Test func `every text can be read on every ground, in light and dark`() throws {
        // Text without a ground of its own can stand on each of these.
        let grounds = Set(
            Self.rules.compactMap { color("background", in: $0.body) }
                .filter { $0.hasSuffix("-bg") } + ["paper", "raised"])
        #expect(grounds.count == 5)
        var count = 0
        for (selectors, body) in Self.rules {
            guard let text = color("color", in: body) else { continue }
            let own = color("background", in: body)
            for palette in Self.palettes {
                for ground in own.map({ [$0] }) ?? grounds {
                    let ratio = try contrast(
                        try #require(palette[text]), try #require(palette[ground]))
                    #expect(
                        ratio >= Self.contrastMin, "\(selectors): \(text) on \(ground) \(ratio)")
                    count += 1
                }
            }
        }
        #expect(count > 50)
    }

    @Test func `no colour is written but in the palettes`() {
        for (selectors, body) in Self.rules where !selectors.contains(":root") {
            #expect(body.firstMatch(of: /#[0-9a-fA-F]{3,8}\b|rgb|hsl/) == nil, "\(selectors)")
        }
    }

    @Test func `no template has inline styles or inline scripts`() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../../Sources/LoketAdmin/Pages/Templates").standardized
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count > 10)
        for name in names {
            let text = try String(
                contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: /<[a-z][^>]*>/) {
                let tag = match.output
                #expect(tag.firstMatch(of: /[\s"](style|on[a-z]+)\s*=/) == nil, "\(name): \(tag)")
                #expect(!tag.contains("javascript:"), "\(name): \(tag)")
            }
            #expect(!text.contains("<style"), "\(name)")
        }
    }
}
