// Notifications with a part that is not valid JSON or is repeated: in an unused field it has no
// effect; in a used field no value is used, whatever the other fields contain.

import DokuWire
import LoketCore
import TestSupport
import Testing

struct OddByteTests {
    private static func read(
        _ body: [UInt8], by reader: ReaderVersion = .current
    ) -> O2ONotification {
        O2ONotification(body, source: .notification, reader: reader)
    }

    private static func bytes(_ changes: [String: String?] = [:]) -> [UInt8] {
        Array(NotificationBody.text(changes).utf8)
    }

    /// Returns the whole body with more members before its own.
    private static func with(_ members: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "{")] + members + [UInt8(ascii: ",")] + bytes().dropFirst()
    }

    private static func with(_ members: String) -> [UInt8] { with(Array(members.utf8)) }

    // MARK: Unused fields

    private static let harmless: [[UInt8]] = [
        [0xEF, 0xBB, 0xBF] + bytes(), bytes() + [0], bytes() + [0x0A, 0, 0],
        with(Array(#""customer":{"name":"Zo"#.utf8) + [0xEB] + Array(#""}"#.utf8)),
        with(Array(#""customer":{"name":"A"#.utf8) + [0xE2, 0x82] + Array(#""}"#.utf8)),
        with(#""customer":{"name":"\ud83d"}"#), with(#""customer":{"name":"\ude00\ud83d"}"#),
        with(#""customer":{"name":"O\'Brien","path":"C:\Users"}"#),
        with("\"customer\":{\"name\":\"A\tB\",\"note\":\"A\r\nB\u{0}\"}"),
        with(#""additional_info":{"a":1,"a":2,"\u0061":3}"#),
        with(#""additional_info":1,"additional_info":{}"#), with(#""acquirer":{}"#),
        with(#""additional_info":{"score":NaN,"count":007,"is_new":True}"#),
        with(#""\ud83d":{},"order\x":{"amount":1}"#),
        with([0x22] + Array("service".utf8) + [0xFF] + Array(#"":{"id":"QRIS"}"#.utf8)),
        bytes(["acquirer": #"{"id":"ALFA","id":"INDOMARET"}"#]),
        bytes(["order": #"{"invoice_number":"INV-1","x":"\ud83d","amount":150000,"x":1}"#]),
        bytes([
            "online_to_offline_payment":
                #"{"identifier":[{"name":"AGENT_ID","x":NaN,"value":"ALFAMART","x":2}],"x":"\q"}"#
        ]),
        // A used field, twice with the same value.
        bytes(["service": #"{"id":"ONLINE_TO_OFFLINE","id":"ONLINE_TO_OFFLIN\u0045"}"#]),
        bytes([
            "transaction": #"{"status":"SUCCESS","date":"2021-08-12T07:06:28Z","#
                + #""status":"SUCCESS","date":"2021-08-12T07:06:28Z"}"#
        ]),
        bytes([
            "order": #"{"invoice_number":"INV-1","amount":150000,"#
                + #""amount":150000,"invoice_number":"INV-1"}"#
        ]),
        bytes([
            "online_to_offline_info":
                #"{"payment_code":"8896512345678123","payment_code":"8896512345678123"}"#
        ]),
        bytes([
            "online_to_offline_payment":
                #"{"identifier":[{"name":"AGENT_ID","value":"ALFAMART","name":"AGENT_ID"}],"#
                + #""identifier":[{"name":"AGENT_ID","name":"AGENT_ID","value":"ALFAMART"}]}"#
        ]),
    ]

    @Test func `an odd byte in an unused field has no effect`() {
        for body in Self.harmless {
            let text = String(decoding: body, as: UTF8.self)
            #expect(Self.read(body).reading == .success(NotificationBody.receipt), "\(text)")
            #expect(Self.read(body).status == "SUCCESS", "\(text)")
            #expect(Self.read(body, by: .strict).reading == .unreadable(nil), "\(text)")
        }
    }

    @Test func `a payment of two counters is read, and its counter is unknown`() throws {
        let receipt = try #require(Self.read(Self.with(#""channel":7"#)).reading.receipt)
        var expected = NotificationBody.receipt
        #expect(expected.channelID != nil)
        expected.channelID = nil
        #expect(receipt == expected)
    }

    // MARK: Used fields

    /// A member of the body with a used field, whose value is left open.
    private static let used: [(member: String, text: String, sound: String)] = [
        ("service", #"{"id":@}"#, #""ONLINE_TO_OFFLINE""#),
        ("transaction", #"{"date":"2021-08-12T07:06:28Z","status":@}"#, #""SUCCESS""#),
        ("transaction", #"{"status":"SUCCESS","date":@}"#, #""2021-08-12T07:06:28Z""#),
        ("order", #"{"invoice_number":@,"amount":150000}"#, #""INV-1""#),
        ("order", #"{"amount":@,"invoice_number":"INV-1"}"#, "150000"),
        ("online_to_offline_info", #"{"payment_code":@}"#, #""8896512345678123""#),
        ("online_to_offline_payment", #"{"identifier":@}"#, "[]"),
        ("online_to_offline_payment", #"{"identifer":@}"#, "[]"),
        (
            "online_to_offline_payment", #"{"identifier":[{"name":@,"value":"1"}]}"#,
            #""AGENT_TRX_ID""#
        ),
        (
            "online_to_offline_payment", #"{"identifier":[{"name":"AGENT_TRX_ID","value":@}]}"#,
            #""1246""#
        ),
    ]

    private static let damages = [
        #""\ud83d""#, #""SUCCESS\udc00""#, "\"\tSUCCESS\"", #""\x41""#, "NaN", "0150000", "FAILED",
    ]

    private static func key(of text: String) -> String {
        let before = text.prefix { $0 != "@" }.dropLast(2)
        return String(before[(before.lastIndex(of: "\"") ?? before.startIndex)...].dropFirst())
    }

    /// Each used field damaged, and repeated with another value before or after its own.
    private static let spoilt: [(member: String, text: String)] = used.flatMap { field in
        let key = key(of: field.text)
        let doubled = ["null", #""other""#, "1", "[1]"].flatMap { other in
            [
                field.sound + #","\#(key)":\#(other)"#, other + #","\#(key)":\#(field.sound)"#,
            ]
        }
        return (damages + doubled).map { (field.member, field.text.replacing("@", with: $0)) }
    }

    /// Every object with a used field, damaged, and repeated with the same content.
    private static let members = Set(used.map(\.member)).sorted()

    private static let bodies: [[UInt8]] =
        spoilt.map { bytes([$0.member: $0.text]) }
        + members.flatMap { name in
            [
                bytes([name: "NaN"]), bytes([name: #""\ud83d""#]),
                with("\"\(name)\":\(NotificationBody.members[name] ?? "")"),
                with("\"\(name)\":null"),
            ]
        }
        + used.map { field in
            let parts = NotificationBody.text([field.member: field.text]).split(separator: "@")
            return Array(parts[0].utf8) + [0x22, 0x45, 0xE9, 0x22] + Array(parts[1].utf8)
        }

    @Test func `a damaged used field makes the whole notification unreadable`() {
        #expect(Self.bodies.count > 150)
        for body in Self.bodies {
            let text = String(decoding: body, as: UTF8.self)
            guard case .unreadable(let receipt?) = Self.read(body).reading else {
                Issue.record("\(text): \(Self.read(body).reading)")
                continue
            }
            // The values that are kept are correct.
            let whole = NotificationBody.receipt
            #expect([nil, whole.invoiceNumber].contains(receipt.invoiceNumber), "\(text)")
            #expect([nil, whole.amount].contains(receipt.amount), "\(text)")
            #expect([nil, whole.codeText].contains(receipt.codeText), "\(text)")
            #expect([nil, whole.dateText].contains(receipt.dateText), "\(text)")
            #expect(receipt.isOurService, "\(text)")
        }
    }

    @Test func `it is unreadable regardless of status and service`() {
        let others: [(member: String, text: String)] = [
            ("transaction", #"{"status":"FAILED"}"#), ("service", #"{"id":"VIRTUAL_ACCOUNT"}"#),
        ]
        for (member, text) in Self.spoilt {
            for other in others where other.member != member {
                let body = Self.bytes([member: text, other.member: other.text])
                guard case .unreadable = Self.read(body).reading else {
                    Issue.record("\(String(decoding: body, as: UTF8.self))")
                    continue
                }
            }
        }
    }

    // MARK: Versions of the reader

    @Test(arguments: [0x10CE7, 0xD0C0] as [UInt64])
    func `what the first version reads is read equally by the current one`(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        var read = 0
        for place in 0..<3000 {
            let body = mutator.damaged([Self.bytes()])
            let old = Self.read(body, by: .strict)
            guard old.reading != .unreadable(nil) else { continue }
            read += 1
            let new = Self.read(body)
            #expect(new.status == old.status, "seed \(seed), body \(place)")
            #expect(Self.current(old.reading) == new.reading, "seed \(seed), body \(place)")
        }
        #expect(read > 300)
    }

    /// The reading of the current version for this reading of the first.
    private static func current(_ reading: DeliveryReading) -> DeliveryReading {
        func current(_ receipt: ReportedPayment) -> ReportedPayment {
            var receipt = receipt
            receipt.reader = .current
            return receipt
        }
        return switch reading {
        case .success(let receipt): .success(current(receipt))
        case .notSuccess(let receipt): .notSuccess(current(receipt))
        case .unreadable(let receipt): .unreadable(receipt.map(current))
        }
    }

    @Test(arguments: [" SUCCESS", "SUCCESS ", "\\t SUCCESS\\r\\n", "\\nsuccess", "  Success"])
    func `white space around a status does not change its meaning`(_ status: String) {
        let text = "{\"status\":\"\(status)\",\"date\":\"2021-08-12T07:06:28Z\"}"
        let read = Self.read(Self.bytes(["transaction": text]))
        #expect(read.reading == .success(NotificationBody.receipt))
        #expect(read.status?.contains("SUCCESS") == true || read.status?.contains("ucc") == true)
        guard
            case .notSuccess = Self.read(Self.bytes(["transaction": text]), by: .strict).reading
        else {
            Issue.record("the first version read another status")
            return
        }
    }
}
