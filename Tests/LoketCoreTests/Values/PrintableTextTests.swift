// The texts that may be printed, by the same rule for bills from every source.

import LoketCore
import Testing

struct PrintableTextTests {
    private func isPrintable(_ text: String, max: Int = 30) -> Bool {
        (try? PrintableText.line(text, max: max)) == text
    }

    @Test func `a visible text on one line is printable`() {
        for text in [
            "Anton", "A", " A ", "Zoë 北京", "e\u{301}", "👩‍👩‍👧", "a\u{AD}b", "\u{FEFF}a", "##", "~",
        ] {
            #expect(isPrintable(text), "\(text)")
        }
        #expect(isPrintable("名名", max: 2))
        #expect(!isPrintable("名名", max: 1) && !isPrintable("ab", max: 1))
    }

    @Test func `a text with a line break or nothing visible is not printable`() {
        let hidden = ["", " ", "\u{A0}", "\u{200B}", "\u{FEFF}", "\u{3000}\u{2060}"]
        let breaks = ["\n", "\r", "\u{B}", "\u{85}", "\u{2028}", "\u{2029}"]
        for text in hidden + (breaks + ["\t", "\0", "\u{1B}", "\u{7F}"]).map({ "a\($0)b" }) {
            #expect(!isPrintable(text), "\(text.unicodeScalars.map(\.value))")
        }
    }

    @Test func `a text with a mark of direction is not printable`() {
        let marks: [UInt32] = [0x061C, 0x200E, 0x200F] + (0x202A...0x202E) + (0x2066...0x2069)
        for mark in marks.compactMap(Unicode.Scalar.init) {
            for text in ["\(mark)ab", "a\(mark)b", "ab\(mark)"] { #expect(!isPrintable(text)) }
        }
    }

    @Test func `an address has one @ between two sides, by its bytes`() {
        for text in ["a@b", "+a@b.id", "a@\u{301}b"] {
            #expect((try? PrintableText.email(text)) == text)
        }
        for text in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a \u{301}@b"] {
            #expect((try? PrintableText.email(text)) == nil, "\(text)")
        }
    }
}
