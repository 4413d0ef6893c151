// The tables about text: escapes, control characters, encodings, and depth.

import LoketJSON

extension JSONCases {
    static let strings: [JSONCase] =
        [
            JSONCase(#""\"\\\/\b\f\n\r\t""#), JSONCase(#""\u0000\u001f\u007F\uFFFF""#),
            JSONCase(#""\uD83D\uDE00""#), JSONCase(#""\ud800\udc00\uDBFF\uDFFF""#),
            JSONCase(#""a\u00e9b""#), JSONCase("\"\u{7F}\""),
            JSONCase("\"a\u{80}\u{2028}\u{FEFF}\""),
            JSONCase("\"'\""), JSONCase("\"/\""),
            JSONCase("\"a", .unexpectedEnd), JSONCase("\"", .unexpectedEnd),
            JSONCase(#""a\"#, .unexpectedEnd), JSONCase(#""a\""#, .unexpectedEnd),
            JSONCase(#""\u12"#, .unexpectedEnd), JSONCase(#""\u"#, .unexpectedEnd),
            JSONCase(#""\a""#, .badEscape), JSONCase(#""\x41""#, .badEscape),
            JSONCase(#""\'""#, .badEscape), JSONCase(#""\0""#, .badEscape),
            JSONCase(#""\v""#, .badEscape), JSONCase(#""\N""#, .badEscape),
            JSONCase(#""\U0041""#, .badEscape), JSONCase("\"\\\n\"", .badEscape),
            JSONCase("\"\\\u{E9}\"", .badEscape),
            JSONCase(#""\u""#, .badEscape), JSONCase(#""\u004""#, .badEscape),
            JSONCase(#""\u00g0""#, .badEscape), JSONCase(#""\u+041""#, .badEscape),
            JSONCase(#""\u 041""#, .badEscape), JSONCase(#""\u0x41""#, .badEscape),
            JSONCase(#""\u{41}""#, .badEscape), JSONCase("\"\\u\u{FF10}041\"", .badEscape),
            JSONCase(#""\ud83d""#, .loneSurrogate), JSONCase(#""\ude00""#, .loneSurrogate),
            JSONCase(#""\ud83da""#, .loneSurrogate), JSONCase(#""\ud83d\n""#, .loneSurrogate),
            JSONCase(#""\ud83d\u0041""#, .loneSurrogate),
            JSONCase(#""\ud83d\ud83d\ude00""#, .loneSurrogate),
            JSONCase(#""\ude00\ud83d""#, .loneSurrogate), JSONCase(#""\uD800""#, .loneSurrogate),
            JSONCase(#""\uDBFF\uE000""#, .loneSurrogate), JSONCase(#""\uDFFF""#, .loneSurrogate),
            JSONCase(#"{"\ud83d":1}"#, .loneSurrogate),
            JSONCase(#""\ud83d\\ude00""#, .loneSurrogate),
            JSONCase(#""\ud83d\ude0""#, .badEscape),
        ] + (UInt8(0)..<0x20).map { JSONCase.string([$0], .controlCharacter) }

    static let encodings: [JSONCase] = [
        // A byte order mark, and other encodings of {} and "a".
        JSONCase([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .unexpectedByte),
        JSONCase([0xEF, 0xBB, 0xBF], .unexpectedByte),
        JSONCase([0x7B, 0x7D, 0xEF, 0xBB, 0xBF], .trailingBytes),
        JSONCase([0x7B, 0x00, 0x7D, 0x00], .unexpectedByte),
        JSONCase([0x00, 0x7B, 0x00, 0x7D], .unexpectedByte),
        JSONCase([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], .unexpectedByte),
        JSONCase([0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], .unexpectedByte),
        JSONCase([0x7B, 0x00, 0x00, 0x00, 0x7D, 0x00, 0x00, 0x00], .unexpectedByte),
        JSONCase([0x22, 0x00, 0x61, 0x00, 0x22, 0x00], .controlCharacter),
        JSONCase([0x31, 0x00], .trailingBytes),
        // The first and the last character of every length of UTF-8.
        .string([0xC2, 0x80]), .string([0xDF, 0xBF]), .string([0xE0, 0xA0, 0x80]),
        .string([0xED, 0x9F, 0xBF]), .string([0xEE, 0x80, 0x80]), .string([0xEF, 0xBF, 0xBF]),
        .string([0xF0, 0x90, 0x80, 0x80]), .string([0xF4, 0x8F, 0xBF, 0xBF]),
        // Overlong.
        .string([0xC0, 0x80], .badUTF8), .string([0xC0, 0xAF], .badUTF8),
        .string([0xC1, 0xBF], .badUTF8), .string([0xE0, 0x80, 0x80], .badUTF8),
        .string([0xE0, 0x9F, 0xBF], .badUTF8), .string([0xF0, 0x80, 0x80, 0x80], .badUTF8),
        .string([0xF0, 0x8F, 0xBF, 0xBF], .badUTF8),
        // Surrogates, alone and as CESU-8 pairs; past U+10FFFF; bytes that UTF-8 never contains.
        .string([0xED, 0xA0, 0x80], .badUTF8), .string([0xED, 0xBF, 0xBF], .badUTF8),
        .string([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], .badUTF8),
        .string([0xF4, 0x90, 0x80, 0x80], .badUTF8), .string([0xF5, 0x80, 0x80, 0x80], .badUTF8),
        .string([0xF7, 0xBF, 0xBF, 0xBF], .badUTF8),
        .string([0xF8, 0x88, 0x80, 0x80, 0x80], .badUTF8), .string([0xFE], .badUTF8),
        .string([0xFF], .badUTF8),
        // Continuation bytes in a wrong place, and missing ones.
        .string([0x80], .badUTF8), .string([0xBF], .badUTF8), .string([0xC3], .badUTF8),
        .string([0xC3, 0x41], .badUTF8), .string([0xC3, 0xC3], .badUTF8),
        .string([0xE2, 0x82], .badUTF8), .string([0xE2, 0x41, 0x82], .badUTF8),
        .string([0xE2, 0x82, 0x41], .badUTF8), .string([0xF0, 0x9F, 0x98], .badUTF8),
        .string([0xF0, 0x9F, 0x98, 0x41], .badUTF8), .string([0xF0, 0x9F, 0x41, 0x80], .badUTF8),
        .string([0xC3, 0xA9, 0xA9], .badUTF8), .string([0xE9], .badUTF8),
        // Cut off by the end of the body.
        JSONCase([0x22, 0xC3], .badUTF8), JSONCase([0x22, 0xE2, 0x82], .badUTF8),
        JSONCase([0x22, 0xF0, 0x9F, 0x98], .badUTF8),
        // In a key, and outside of strings.
        JSONCase([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .badUTF8),
        JSONCase([0xFF], .unexpectedByte), JSONCase([0x5B, 0xC3, 0xA9, 0x5D], .unexpectedByte),
        JSONCase([0x5B, 0x80, 0x5D], .unexpectedByte),
    ]

    static let depths: [JSONCase] = [
        nested(16), nested(17, .tooDeep), nested(16, object: true),
        nested(17, object: true, .tooDeep), nested(5000, .tooDeep),
        nested(5000, object: true, .tooDeep),
        JSONCase(String(repeating: "[", count: 16), .unexpectedEnd),
        JSONCase(String(repeating: "[", count: 17), .tooDeep),
        JSONCase(String(repeating: "[{\"a\":", count: 8) + "0" + String(repeating: "}]", count: 8)),
        JSONCase(
            String(repeating: "[{\"a\":", count: 8) + "[]" + String(repeating: "}]", count: 8),
            .tooDeep),
        // Many arrays, but not nested.
        JSONCase("[" + String(repeating: "[[]],", count: 100) + "[]]"),
    ]

    private static func nested(
        _ depth: Int, object: Bool = false, _ fault: JSONFault.Cause? = nil
    ) -> JSONCase {
        let opening = object ? "{\"a\":" : "["
        let inside = object ? "0" : ""
        return JSONCase(
            String(repeating: opening, count: depth) + inside
                + String(repeating: object ? "}" : "]", count: depth), fault)
    }
}
