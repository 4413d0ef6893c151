// The writer: escapes, nesting, commas; the strict reader reads back what was written.

import LoketJSON
import TestSupport
import Testing

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `nesting and commas are written correctly`() {
        #expect(written { $0.object { _ in } } == "{}")
        #expect(written { $0.array { _ in } } == "[]")
        let text = written {
            $0.object { body in
                body.field("a", "x")
                body.object("b") { _ in }
                body.array("c") { list in
                    list.integer(1)
                    list.string("y")
                    list.object { $0.field("d", Int64(2)) }
                    list.object { _ in }
                    list.array { _ in }
                    list.array { $0.integer(-3) }
                }
                body.object("e") { inner in
                    inner.object("f") { $0.field("g", true) }
                    inner.field("h", false)
                }
                body.field("i", json: Array("{\"j\":[]}".utf8))
                body.field("k", Int64.min)
            }
        }
        #expect(
            text == #"{"a":"x","b":{},"c":[1,"y",{"d":2},{},[],[-3]],"#
                + #""e":{"f":{"g":true},"h":false},"i":{"j":[]},"k":-9223372036854775808}"#)
    }

    @Test func `a missing value is written as null`() {
        let text = written {
            $0.object { body in
                body.field("a", String?.none)
                body.field("b", Int64?.none)
                body.field("c", String?("x"))
                body.field("d", Int64?(1))
            }
        }
        #expect(text == #"{"a":null,"b":null,"c":"x","d":1}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("/", #""/""#),
        ("\n", #""\u000a""#), ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
        ("\u{E9}\u{1F600}\u{2028}", "\"\u{E9}\u{1F600}\u{2028}\""), ("\\u0041", #""\\u0041""#),
        ("</script>", #""</script>""#), ("\r\n", #""\u000d\u000a""#),
    ])
    func `a string is escaped where necessary`(text: String, json: String) {
        #expect(written { $0.string(text) } == json)
    }

    @Test func `no text can break out of its field`() throws {
        let seed: UInt64 = 0x0A15
        var random = SeededRandom(seed: seed)
        for turn in 0..<2000 {
            let first = text(&random)
            let second = text(&random)
            var writer = JSONWriter()
            writer.object { body in
                body.field("first", first)
                body.array("list") { $0.string(second) }
                body.field("last", Int64(turn))
            }
            let root = try StrictJSON(writer.bytes).root
            let failure: Comment = "seed \(seed), turn \(turn)"
            #expect(root.members.map(\.name) == ["first", "list", "last"], failure)
            #expect(root["first"]?.string.map { Array($0.utf8) } == Array(first.utf8), failure)
            let element = root["list"]?.elements.first?.string
            #expect(element.map { Array($0.utf8) } == Array(second.utf8), failure)
            #expect(root["last"]?.integer == Int64(turn), failure)
        }
    }

    /// Any Unicode scalars, more often those that need escapes.
    private func text(_ random: inout SeededRandom) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &random) {
            let bound: UInt32 =
                [0x20, 0x80, 0x80, 0x800, 0x10000, 0x110000].randomElement(using: &random)
                ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &random)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
