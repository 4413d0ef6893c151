// What a strict document returns: the exact value or nil, never a value of another type converted.

import LoketJSON
import TestSupport
import Testing

struct JSONValueTests {
    private func root(_ text: String) throws -> JSONValue {
        try StrictJSON(Array(text.utf8)).root
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("-1", -1), ("150000", 150_000),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil),
            ("99999999999999999999999999", nil), ("1.0", nil), ("150000.00", nil), ("1e3", nil),
            ("1E3", nil), ("10e-1", nil), ("-0", nil), ("-0.0", nil), ("\"1\"", nil),
            ("true", nil), ("false", nil), ("null", nil), ("[1]", nil), ("{\"a\":1}", nil),
        ] as [(String, Int64?)])
    func `an integer is a number written whole, within 64 bits`(text: String, value: Int64?) throws
    {
        #expect(try root(text).integer == value)
    }

    @Test(
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""889651""#, "889651"), (#""a\"b\\c\/d""#, "a\"b\\c/d"),
            (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}"),
            (#""\ud83d\ude00!""#, "\u{1F600}!"),
            (#""\uD800\uDC00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
            (#""\u0000""#, "\u{0}"), (#""\\u0041""#, "\\u0041"),
            ("\"\u{E9}\u{1F600}\"", "\u{E9}\u{1F600}"),
            ("\"\u{E9}\\n\"", "\u{E9}\n"), ("\"e\u{301}\"", "e\u{301}"),
            ("\"\u{FEFF}\"", "\u{FEFF}"),
            ("1", nil), ("true", nil), ("null", nil), ("[]", nil), ("{}", nil), ("[\"a\"]", nil),
        ] as [(String, String?)])
    func `a string's text has its escapes resolved`(json: String, text: String?) throws {
        let read = try root(json).string
        #expect(read.map { Array($0.utf8) } == text.map { Array($0.utf8) })
    }

    @Test(
        arguments: [
            ("true", true), ("false", false), ("null", nil), ("0", nil), ("1", nil),
            ("\"true\"", nil),
            ("[]", nil), ("{}", nil),
        ] as [(String, Bool?)])
    func `a boolean is true or false`(text: String, value: Bool?) throws {
        #expect(try root(text).bool == value)
    }

    @Test(arguments: [
        ("{}", true, false, false), ("[]", false, true, false), ("null", false, false, true),
        ("0", false, false, false), ("\"null\"", false, false, false),
        ("true", false, false, false),
    ])
    func `each value knows its kind`(
        text: String, isObject: Bool, isArray: Bool, isNull: Bool
    ) throws {
        let value = try root(text)
        #expect(value.isObject == isObject)
        #expect(value.isArray == isArray)
        #expect(value.isNull == isNull)
    }

    @Test func `members are found by the bytes of their name, not inside children`() throws {
        let value = try root(
            #"{"a":{"b":[1,{"c":2}],"d":"x"},"\u0062":[[],[3]],"K":4,"c":null,"":5}"#)
        #expect(value["a"]?["b"]?.elements.last?["c"]?.integer == 2)
        #expect(value["a"]?["d"]?.string == "x")
        #expect(value["b"]?.elements.last?.elements.first?.integer == 3)
        #expect(value["c"]?.isNull == true)
        #expect(value[""]?.integer == 5)
        #expect(value["K"]?.integer == 4)
        #expect(value["\u{212A}"] == nil)
        #expect(value["d"] == nil)
        #expect(value["A"] == nil)
        #expect(value.members.map(\.name) == ["a", "b", "K", "c", ""])
        #expect(value.members[1].value.elements.count == 2)
    }

    @Test func `only an object has members, and only an array has elements`() throws {
        for text in ["[{\"a\":1}]", "\"a\"", "1", "null", "true", "{}"] {
            #expect(try root(text)["a"] == nil)
            #expect(try root(text).members.isEmpty)
        }
        for text in ["{\"a\":[1]}", "\"a\"", "1", "null", "true", "[]"] {
            #expect(try root(text).elements.isEmpty)
        }
    }

    @Test func `raw bytes are the value as it was sent`() throws {
        let value = try root(#" { "a" : 150000.00 , "b" : "x\u0041" , "c" : [ 1 ,2 ] } "#)
        func raw(_ value: JSONValue?) -> String? {
            value.map { String(decoding: $0.rawBytes, as: UTF8.self) }
        }
        #expect(raw(value["a"]) == "150000.00")
        #expect(raw(value["b"]) == #"x\u0041"#)
        #expect(raw(value["c"]) == "[ 1 ,2 ]")
        #expect(raw(value) == #"{ "a" : 150000.00 , "b" : "x\u0041" , "c" : [ 1 ,2 ] }"#)
    }
}
