// The strict reader on its tables, and on real bodies that are cut off or followed by a byte.

import LoketJSON
import TestSupport
import Testing

struct StrictJSONTests {
    @Test(arguments: JSONCases.all)
    func `each case is accepted, or refused for its own reason`(_ row: JSONCase) {
        #expect(JSONCase.verdict(on: row.bytes) == row.fault)
    }

    @Test(arguments: Bodies.all)
    func `a body cut off at any byte is refused`(body: String) {
        let bytes = Array(body.utf8)
        #expect(JSONCase.verdict(on: bytes) == nil)
        let closed = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for count in 0...closed {
            #expect(JSONCase.verdict(on: Array(bytes[..<count])) != nil, "\(count) bytes")
        }
    }

    @Test func `a body without escapes or numbers that is cut off ends too early`() {
        let bytes = Array(Bodies.alfa.utf8)
        for count in 1..<bytes.count {
            #expect(JSONCase.verdict(on: Array(bytes[..<count])) == .unexpectedEnd)
        }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `only white space may precede or follow the value`(byte: UInt8) {
        let isSpace = [0x20, 0x09, 0x0A, 0x0D].contains(byte)
        let body = Array(Bodies.alfa.utf8)
        #expect(JSONCase.verdict(on: body + [byte]) == (isSpace ? nil : .trailingBytes))
        #expect((JSONCase.verdict(on: [byte] + body) == nil) == isSpace)
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `a value begins with one of these bytes`(byte: UInt8) {
        let begins = "\"-0123456789[{tfn".utf8.contains(byte)
        let isSpace = [0x20, 0x09, 0x0A, 0x0D].contains(byte)
        let verdict = JSONCase.verdict(on: [byte, 0x20])
        #expect(begins || isSpace || verdict == .unexpectedByte)
        #expect((verdict == nil) == (0x30...0x39).contains(byte))
    }

    @Test func `a limit on the depth may be set`() throws {
        for depth in 1...20 {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(throws: Never.self) { try StrictJSON(Array(text.utf8), depthMax: depth) }
            let fault = #expect(throws: JSONFault.self) {
                try StrictJSON(Array(text.utf8), depthMax: depth - 1)
            }
            #expect(fault?.cause == .tooDeep)
            #expect(fault?.offset == depth - 1)
        }
        #expect(throws: Never.self) { try StrictJSON(Array("1".utf8), depthMax: 0) }
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("{\"a\":1,\"a\":2}", 7), ("{\"a\":1,}", 7), ("[1,2", 4), ("{} x", 3),
        ("\"a\u{1}\"", 2), ("[\"\u{E9}\", \"\\ude00\"", 14), ("[nulx]", 4),
    ])
    func `a fault reports the offset of its byte`(text: String, offset: Int) {
        do {
            _ = try StrictJSON(Array(text.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.offset == offset)
            #expect(error.description == "\(error.cause.rawValue) at byte \(offset)")
        }
    }

    @Test func `twenty thousand keys are read, and a duplicate among them is found`() throws {
        let many = try StrictJSON(Array(Bodies.object(keys: 20_000).utf8))
        #expect(many.root.members.count == 20_000)
        #expect(many.root["key19999"]?.integer == 0)
        let twice = Bodies.object(keys: 20_000, last: "key10000")
        #expect(JSONCase.verdict(on: Array(twice.utf8)) == .duplicateKey)
        let escaped = Bodies.object(keys: 20_000, last: "k\\u0065y10000")
        #expect(JSONCase.verdict(on: Array(escaped.utf8)) == .duplicateKey)
    }
}
