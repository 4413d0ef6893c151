// The tolerant reader compared with the strict one: whatever the strict reader accepts reads the
// same, a fault inside a value damages that value only, and both refuse a faulty structure.

import LoketCore
import LoketJSON
import TestSupport
import Testing

struct TolerantJSONTests {
    private static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        try TolerantJSON(bytes, depthMax: Limits.jsonDepthMax).root
    }

    /// Faults inside a value or a key, which leave the structure intact.
    private static let tolerated: Set<JSONFault.Cause> = [
        .duplicateKey, .badEscape, .loneSurrogate, .controlCharacter, .badUTF8, .badNumber,
    ]

    private static func compare(_ bytes: [UInt8], _ origin: String) {
        let read = try? read(bytes)
        do {
            let strict = PythonOracle.canonical(try StrictJSON(bytes).root)
            #expect(read.map(PythonOracle.canonical) == strict, "\(origin)")
        } catch {
            // A word that is cut off damages its value, even where the value is the whole body.
            let isWord = bytes.allSatisfy { 0x61...0x7A ~= $0 }
            let isStructure =
                [.empty, .unexpectedEnd, .tooDeep].contains(error.cause)
                && (bytes.isEmpty || !isWord)
            #expect(!isStructure || read == nil, "\(origin): \(error)")
            // The value can be read, whatever it contains.
            if let read { #expect(PythonOracle.canonical(read).isEmpty == false, "\(origin)") }
        }
    }

    @Test func `the tolerant reader reads what the strict one accepts, in every table`() {
        for row in JSONCases.all { Self.compare(row.bytes, row.testDescription) }
        for body in Bodies.all { Self.compare(Array(body.utf8), body) }
    }

    @Test(arguments: [0x70E7, 0xD0C0, 2026] as [UInt64])
    func `the tolerant reader reads what the strict one accepts in damaged bodies`(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        let whole = Bodies.all.map { Array($0.utf8) }
        for place in 0..<3000 {
            Self.compare(mutator.damaged(whole), "seed \(seed), body \(place)")
        }
    }

    /// Damaged values, which the test puts between two other members.
    private static let damaged: [[UInt8]] =
        [
            #""\ud83d""#, #""\ude00""#, #""a\ud83d\u0041b""#, #""\ud83d\ud83d\ude00""#, #""\x41""#,
            #""O\'Brien""#, #""C:\Users""#, #""\u12""#, "\"a\tb\"", "\"a\r\nb\"", "\"\u{0}\"",
            "NaN",
            "-Infinity", "undefined", "True", "007", "1.", ".5", "+1", "0x10", "1_000", "-", "nul",
        ].map { Array($0.utf8) }
        + [
            [0x22, 0xE9, 0x22], [0x22, 0x41, 0xC3, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xFF, 0xFE, 0x22],
            [0x22, 0xF0, 0x9F, 0x5C, 0x22, 0x22],
        ]

    @Test func `a fault inside a value damages that value only`() throws {
        for value in Self.damaged {
            let text = String(decoding: value, as: UTF8.self)
            let body = Array(#"{"a":1,"b":"#.utf8) + value + Array(#","c":["x"],"d":"y"}"#.utf8)
            #expect(throws: JSONFault.self, "\(text)") { try StrictJSON(body) }
            let root = try Self.read(body)
            let odd = try #require(root["b"], "\(text)")
            #expect(odd.isDamaged && odd.string == nil && odd.integer == nil, "\(text)")
            #expect(!odd.isNumber && !odd.isNull && odd.bool == nil, "\(text)")
            #expect(root["a"]?.integer == 1 && root["d"]?.string == "y", "\(text)")
            #expect(root["c"]?.elements.map(\.string) == ["x"], "\(text)")
        }
    }

    @Test func `a damaged key matches no name, and members of the same name are all kept`() throws {
        let body =
            Array(#"{"a":1,"b":2,"\u0061":3,"\ud83da":4,"#.utf8)
            + [0x22, 0x61, 0xFF, 0x22] + Array(":5}".utf8)
        let root = try Self.read(body)
        #expect(root.all("a").map(\.integer) == [1, 3])
        #expect(root.all("b").map(\.integer) == [2])
        #expect(root.all("c").isEmpty && root.members.count == 5)
    }

    @Test func `a byte order mark before the text and NULs after it are accepted`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = Array(#"{"a":1}"#.utf8)
        for body in [mark + text, text + [0, 0], mark + [0x0A] + text + [0x0A, 0]] {
            #expect(try Self.read(body)["a"]?.integer == 1)
        }
        for body in [mark + mark + text, [0x0A] + mark + text, text + mark, [0] + text, mark] {
            #expect(throws: JSONFault.self) { try Self.read(body) }
        }
    }

    @Test(arguments: [
        "{\"a\":1,}", "[1,]", "{,}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\":'b'}",
        "{NaN:1}", "[1}", "{} {}", "{}x", "{}/**/", "[1 // a\n]", "[1 2]", "[\u{A0}]", "[\u{B}1]",
        "[#]", "[\u{661}]", "{\"a\":\"b\\\"}", "{\"a\":\"b}", "NaN NaN", "{\"a\":1\0}",
    ])
    func `a fault in the structure is refused`(text: String) {
        let fault = #expect(throws: JSONFault.self) { try Self.read(Array(text.utf8)) }
        #expect(fault.map { !Self.tolerated.contains($0.cause) } == true, "\(text)")
    }

    @Test func `a body cut off at any byte is refused`() throws {
        for body in [Bodies.alfa, Bodies.escaped, Bodies.unicode].map({ Array($0.utf8) }) {
            for count in 0..<body.count {
                #expect(throws: JSONFault.self) { try Self.read(Array(body[..<count])) }
            }
        }
    }
}
