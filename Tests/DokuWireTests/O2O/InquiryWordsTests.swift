// Converts DOKU's words to the core's: service, channel, code. All are compared byte by byte.

import DokuWire
import LoketCore
import LoketJSON
import Testing

struct InquiryWordsTests {
    static let channels: [(id: String, channel: Channel)] = [
        ("ONLINE_TO_OFFLINE_ALFA", .alfa), ("KIOS_INDOMARET", .indomaret),
    ]

    private func inquiry(
        service: String = "ONLINE_TO_OFFLINE", channel: String = "ONLINE_TO_OFFLINE_ALFA",
        code: String = "8896512345678123"
    ) throws -> Inquiry {
        var writer = JSONWriter()
        writer.object { body in
            body.object("service") { $0.field("id", service) }
            body.object("channel") { $0.field("id", channel) }
            body.object("online_to_offline_info") { $0.field("payment_code", code) }
        }
        let read = try #require(O2OInquiry(try StrictJSON(writer.bytes)))
        return read.inquiry(channels: Self.channels)
    }

    @Test(arguments: [
        ("ONLINE_TO_OFFLINE", true), ("online_to_offline", false), ("ONLINE_TO_OFFLINE ", false),
        ("", false), ("VIRTUAL_ACCOUNT", false), ("ONLINE_TO_OFFLINE_ALFA", false),
    ])
    func `only one service is supported`(id: String, speaks: Bool) throws {
        #expect(try inquiry(service: id).speaksService == speaks)
    }

    @Test(
        arguments: [
            ("ONLINE_TO_OFFLINE_ALFA", .alfa), ("KIOS_INDOMARET", .indomaret), ("alfa", nil),
            ("online_to_offline_alfa", nil), ("ONLINE_TO_OFFLINE_ALFA ", nil), ("", nil),
            ("ONLINE_TO_OFFLINE_INDOMARET", nil),
        ] as [(String, Channel?)])
    func `a channel is known by its configured spelling`(
        id: String, channel: Channel?
    ) throws {
        #expect(try inquiry(channel: id).channel == channel)
    }

    /// Swift's `==` equates the Kelvin sign with K, but it has three bytes on the wire.
    @Test func `a channel is compared by its bytes`() throws {
        #expect(try inquiry(channel: "\u{212A}IOS_INDOMARET").channel == nil)
    }

    @Test(arguments: [
        ("8896512345678123", true), ("0", true), (String(repeating: "7", count: 25), true),
        (String(repeating: "7", count: 26), false), ("", false), (" 123", false), ("12a", false),
        ("\u{FF11}\u{FF12}", false), ("\u{661}", false), ("-1", false), ("1\u{0}", false),
    ])
    func `a code is accepted only if it is well formed`(code: String, isOne: Bool) throws {
        #expect(try inquiry(code: code).paymentCode?.digits == (isOne ? code : nil))
    }
}
