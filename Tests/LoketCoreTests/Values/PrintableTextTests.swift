// Which texts may be printed, by the one rule for bills however they come in.

import LoketCore
import Testing

struct PrintableTextTests {
    private func isPrintable(_ text: String, max: Int = 30) -> Bool {
        (try? PrintableText.line(text, max: max)) == text
    }

    @Test func `a text in one line with something to see is printed`() {
        for text in [
            "Anton", "A", " A ", "Zoë 北京", "e\u{301}", "👩‍👩‍👧", "a\u{AD}b", "\u{FEFF}a", "##", "~",
        ] {
            #expect(isPrintable(text), "\(text)")
        }
        #expect(isPrintable("名名", max: 2))
        #expect(!isPrintable("名名", max: 1) && !isPrintable("ab", max: 1))
    }

    @Test func `what breaks a line or shows nothing is not`() {
        let hidden = ["", " ", "\u{A0}", "\u{200B}", "\u{FEFF}", "\u{3000}\u{2060}"]
        let breaks = ["\n", "\r", "\u{B}", "\u{85}", "\u{2028}", "\u{2029}"]
        for text in hidden + (breaks + ["\t", "\0", "\u{1B}", "\u{7F}"]).map({ "a\($0)b" }) {
            #expect(!isPrintable(text), "\(text.unicodeScalars.map(\.value))")
        }
    }

    @Test func `a mark of direction is not, wherever it is`() {
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
