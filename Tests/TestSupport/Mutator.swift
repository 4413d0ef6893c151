// Seeded damage to a body: changed bits, bytes and slices, and tokens that are known to confuse
// JSON readers.

package struct Mutator {
    package static let tokens: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "/", "'", " ", "\n", "\t", "\r", "\u{0B}",
            "null", "true", "false", "NaN", "Infinity", "-Infinity", "-0", "0", "00", "1.0", "1.",
            ".5", "+1", "1e3", "1E+05", "1e", "-", "1e400", "123456789012345678901234567890",
            "\\u0061", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\u00", "\\n", "\\x", "\\\"",
            "\"a\":1,", ",\"a\":1", "\"a\"", "{\"a\":0,\"a\":0}", "[[[[[[[[", "]]]]]]]]", "{}",
            "[]",
            "//", "/**/", "\u{0}", "\u{1F}", "\u{7F}", "\u{E9}", "\u{1F600}", "\u{FEFF}",
            "\u{2028}",
            "\u{661}", "id", "\"id\":\"\",", "\\u0069d",
        ].map { Array($0.utf8) }
        + [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90],
            [0xF5], [0xFF], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF],
        ]

    private var random: SeededRandom

    package init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Returns one of the bodies with one to three random changes.
    package mutating func damaged(_ bodies: [[UInt8]]) -> [UInt8] {
        var body = bodies.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &random) { damage(&body) }
        return body
    }

    private mutating func damage(_ body: inout [UInt8]) {
        guard !body.isEmpty else { return }
        let place = Int.random(in: 0..<body.count, using: &random)
        let end = min(body.count, place + Int.random(in: 1...40, using: &random))
        let target = Int.random(in: 0...body.count, using: &random)
        let token = Self.tokens.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<9, using: &random) {
        case 0: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: body.remove(at: place)
        case 2: body.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3: body.insert(contentsOf: body[place..<end], at: end)
        case 4: body.insert(contentsOf: body[place..<end], at: target)
        case 5: body.removeSubrange(place..<end)
        case 6: body.insert(contentsOf: token, at: place)
        case 7:
            body.replaceSubrange(place..<min(body.count, place + token.count), with: token)
        default: replaceValue(in: &body, from: place, with: token)
        }
    }

    /// Replaces from a colon to the next comma or closing brace, so that the result is often JSON.
    private mutating func replaceValue(in body: inout [UInt8], from place: Int, with token: [UInt8])
    {
        guard let colon = body[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let start = colon + 1
        let end = body[start...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") }
        body.replaceSubrange(start..<(end ?? body.count), with: token)
    }
}
