// The inquiry: three fields are required strings, all others may be missing or of any type.

import DokuWire
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct O2OInquiryTests {
    static let parts: [(key: String, value: String)] = [
        ("service", #"{"id":"ONLINE_TO_OFFLINE"}"#), ("acquirer", #"{"id":"ALFA"}"#),
        ("channel", #"{"id":"ONLINE_TO_OFFLINE_ALFA"}"#),
        ("online_to_offline_info", #"{"payment_code":"8896512345678123"}"#),
        ("online_to_offline_inquiry", #"{"date":"2020-08-11T08:45:42Z","identifier":[]}"#),
    ]
    static let notStrings = [
        "null", "true", "false", "0", "8896512345678123", "1.5", "[]", "{}", #"["x"]"#,
        #"{"id":"x"}"#,
    ]

    private func read(_ text: String) throws -> O2OInquiry? {
        O2OInquiry(try StrictJSON(Array(text.utf8)))
    }

    /// Reads the Alfa body with one part replaced; nil: left out.
    private func read(_ key: String, as value: String?) throws -> O2OInquiry? {
        let kept = Self.parts.compactMap { part in
            part.key == key
                ? value.map { "\"\(key)\":\($0)" } : "\"\(part.key)\":\(part.value)"
        }
        return try read("{" + kept.joined(separator: ",") + "}")
    }

    @Test func `Alfa's body is read, pretty-printed or not`() throws {
        for body in [Bodies.alfa, Bodies.pretty] {
            let inquiry = try #require(try read(body))
            #expect(inquiry.isOurService)
            #expect(inquiry.channelID == "ONLINE_TO_OFFLINE_ALFA")
            #expect(inquiry.acquirerID == "ALFA")
            #expect(inquiry.codeText == "8896512345678123")
            #expect(inquiry.date == "2020-08-11T08:45:42Z")
        }
    }

    @Test(arguments: [
        ("ONLINE_TO_OFFLINE", true), (#"ONLINE\u005FTO_OFFLINE"#, true),
        ("online_to_offline", false), ("ONLINE_TO_OFFLINE_ALFA", false), ("QRIS", false),
        ("", false),
    ])
    func `the service is compared by bytes`(_ row: (id: String, isOurs: Bool)) throws {
        let inquiry = try #require(try read("service", as: #"{"id":"\#(row.id)"}"#))
        #expect(inquiry.isOurService == row.isOurs)
    }

    @Test func `Indomaret's body is read, the date as sent`() throws {
        let inquiry = try #require(try read(Bodies.indomaret))
        #expect(inquiry.channelID == "ONLINE_TO_OFFLINE_INDOMARET")
        #expect(inquiry.acquirerID == "INDOMARET")
        #expect(inquiry.codeText == "1234500001")
        #expect(inquiry.date == "20200811154542")
    }

    @Test func `the order of the keys and unknown fields do not matter`() throws {
        var random = SeededRandom(seed: 0x0DE4)
        for _ in 0..<200 {
            var lines = Self.parts.map { "\"\($0.key)\":\($0.value)" }
            lines += ["\"x\":[{\"id\":\"y\"}]", "\"id\":\"z\"", "\"payment_code\":\"1\""]
            lines.shuffle(using: &random)
            let inquiry = try #require(try read("{" + lines.joined(separator: ",") + "}"))
            #expect(inquiry.codeText == "8896512345678123")
            #expect(inquiry.channelID == "ONLINE_TO_OFFLINE_ALFA")
            #expect(inquiry.acquirerID == "ALFA")
        }
    }

    @Test(arguments: [
        ("service", "id"), ("channel", "id"), ("online_to_offline_info", "payment_code"),
    ])
    func `a required field that is missing or not a string is refused`(
        part: String, field: String
    ) throws {
        #expect(try read(part, as: "{\"\(field)\":\"\"}") != nil)
        #expect(try read(part, as: "{\"more\":[1],\"\(field)\":\"x\"}") != nil)
        for value in Self.notStrings {
            #expect(try read(part, as: "{\"\(field)\":\(value)}") == nil, "\(value)")
        }
        for whole in Self.notStrings + [#""x""#, "{\"\(field.uppercased())\":\"x\"}"]
        where whole != "{\"\(field)\":\"x\"}" {
            #expect(try read(part, as: whole) == nil, "\(whole)")
        }
        #expect(try read(part, as: nil) == nil)
    }

    @Test func `the optional parts may be missing or of any type`() throws {
        for value in Self.notStrings + ["\"x\""] {
            #expect(try read("acquirer", as: value) != nil)
            #expect(try read("online_to_offline_inquiry", as: value) != nil)
            let acquirer = try #require(try read("acquirer", as: "{\"id\":\(value)}"))
            #expect(acquirer.acquirerID == (value == "\"x\"" ? "x" : nil))
            let dated = "{\"date\":\(value),\"identifier\":\(value)}"
            let inquiry = try #require(try read("online_to_offline_inquiry", as: dated))
            #expect(inquiry.date == (value == "\"x\"" ? "x" : ""))
        }
        #expect(try read("acquirer", as: nil)?.acquirerID == nil)
        #expect(try read("online_to_offline_inquiry", as: nil)?.date == "")
    }

    @Test(arguments: notStrings + ["\"x\""])
    func `a text that is not an object is not an inquiry`(text: String) throws {
        #expect(try read(text) == nil)
    }

    @Test(arguments: [
        "2020-08-11T08:45:42Z", "20200811154542", "", " ", "yesterday", "\u{661}", "a\nb",
    ])
    func `the date is kept as sent, whatever its content`(date: String) throws {
        var writer = JSONWriter()
        writer.object { $0.field("date", date) }
        let value = String(decoding: writer.bytes, as: UTF8.self)
        #expect(try read("online_to_offline_inquiry", as: value)?.date == date)
    }
}
