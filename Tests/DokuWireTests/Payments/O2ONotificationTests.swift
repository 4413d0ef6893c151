// Reading notifications in every form that DOKU may use: required members, members that may be
// missing or invalid, and faults that affect only their own field.

import DokuWire
import LoketCore
import TestSupport
import Testing

struct O2ONotificationTests {
    private static func read(_ text: String, asked: String? = nil) -> O2ONotification {
        O2ONotification(
            Array(text.utf8), source: asked == nil ? .notification : .checkStatus, asked: asked)
    }

    private static func success(_ text: String, asked: String? = nil) -> ReportedPayment? {
        guard case .success(let receipt) = read(text, asked: asked).reading else { return nil }
        return receipt
    }

    @Test func `the order of keys does not matter`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<50 {
            let order = NotificationBody.members.keys.sorted().shuffled(using: &random)
            #expect(Self.success(NotificationBody.text(order: order)) == NotificationBody.receipt)
        }
        #expect(Self.read(NotificationBody.text()).status == "SUCCESS")
    }

    @Test func `the published body and a pretty one are read`() {
        let receipt = Self.success(Bodies.notification)
        #expect(receipt?.invoiceNumber == "INV-20210125-0001")
        #expect(receipt?.amount?.whole == 150_000)
        #expect(receipt?.codeText == nil)
        #expect(receipt?.isOurService == true)
        #expect(receipt?.identifiers == NotificationBody.receipt.identifiers)
        let pretty = NotificationBody.text().replacing(",", with: " ,\r\n\t").replacing(
            ":{", with: " : { ")
        #expect(Self.success(pretty) == NotificationBody.receipt)
    }

    /// The member, its new value (nil: removed), and the expected change of the content.
    private static let oddities: [(String, String?, @Sendable (inout ReportedPayment) -> Void)] = [
        ("service", nil, { _ in }),
        ("service", "{}", { _ in }),
        ("acquirer", nil, { _ in }),
        ("channel", "7", { $0.channelID = nil }),
        ("channel", nil, { $0.channelID = nil }),
        ("channel", #"{"id":""}"#, { $0.channelID = nil }),
        ("channel", #"{"id":7}"#, { $0.channelID = nil }),
        ("channel", #"{"id":"A","id":"B"}"#, { $0.channelID = nil }),
        ("channel", #"{"id":"A"},"channel":{"id":"B"}"#, { $0.channelID = nil }),
        ("channel", #"{"id":"KIOSK 7"}"#, { $0.channelID = "KIOSK 7" }),
        ("additional_info", #"{"a":[null,true,{"b":-1.5e3}]}"#, { _ in }),
        ("online_to_offline_info", nil, { $0.codeText = nil }),
        ("online_to_offline_info", "null", { $0.codeText = nil }),
        ("online_to_offline_info", #"{"payment_code":""}"#, { $0.codeText = nil }),
        ("online_to_offline_info", #"{"payment_code":["1"]}"#, { $0.codeText = nil }),
        ("online_to_offline_info", #"{"payment_code":8896512345678123}"#, { _ in }),
        (
            "online_to_offline_info", #"{"payment_code":1234500000000000000000001}"#,
            { $0.codeText = "1234500000000000000000001" }
        ),
        (
            "online_to_offline_info", #"{"payment_code":"not digits"}"#,
            { $0.codeText = "not digits" }
        ),
        ("transaction", #"{"status":"success"}"#, { $0.dateText = nil }),
        ("transaction", #"{"status":"Success","date":5}"#, { $0.dateText = nil }),
        ("transaction", #"{"status":"SUCCESS","date":"soon"}"#, { $0.dateText = "soon" }),
        (
            "transaction", #"{"date":"20210812140628","status":"SUCCESS"}"#,
            { $0.dateText = "20210812140628" }
        ),
        ("order", #"{"invoice_number":"INV-1","amount":150000.00}"#, { _ in }),
        ("order", #"{"invoice_number":"INV-1","amount":"150000"}"#, { _ in }),
        ("order", #"{"invoice_number":"INV-1","amount":"150000.00"}"#, { _ in }),
        ("order", #"{"amount":1.5e5,"invoice_number":"INV-1"}"#, { _ in }),
        ("order", #"{"invoice_number":42,"amount":150000}"#, { $0.invoiceNumber = "42" }),
        (
            "order", #"{"invoice_number":18446744073709551616,"amount":150000}"#,
            { $0.invoiceNumber = "18446744073709551616" }
        ),
        (
            "order", #"{"invoice_number":"\u0049NV-\u0031","amount":"\u0031"}"#,
            { $0.amount = Rupiah(whole: 1) }
        ),
        ("online_to_offline_payment", nil, { $0.identifiers = [] }),
        ("online_to_offline_payment", "{}", { $0.identifiers = [] }),
        ("online_to_offline_payment", #"{"identifier":{}}"#, { $0.identifiers = [] }),
        ("online_to_offline_payment", #"{"identifier":[7,{},null]}"#, { $0.identifiers = [] }),
        (
            "online_to_offline_payment",
            #"{"identifer":[{"value":"ALFAMART","name":"AGENT_ID","more":1}]}"#, { _ in }
        ),
        (
            "online_to_offline_payment",
            #"{"identifier":[{"name":5,"value":"x"},{"name":"AGENT_ID","value":"ALFAMART"}]}"#,
            { _ in }
        ),
        (
            "online_to_offline_payment", #"{"identifier":[{"name":"T","value":1246}]}"#,
            { $0.identifiers = [ReportedPayment.Identifier(name: "T", value: "1246")] }
        ),
    ]

    @Test func `a missing or invalid field affects only that field`() {
        for (name, json, change) in Self.oddities {
            var expected = NotificationBody.receipt
            change(&expected)
            let text = NotificationBody.text([name: json])
            #expect(Self.success(text) == expected, "\(text)")
        }
    }

    @Test func `identifiers are read up to their bound`() {
        let many = (0..<40).map { #"{"name":"N\#($0)","value":"v"}"# }.joined(separator: ",")
        let receipt = Self.success(
            NotificationBody.text(["online_to_offline_payment": "{\"identifier\":[\(many)]}"]))
        #expect(receipt?.identifiers.count == Limits.identifiersMax)
        #expect(receipt?["N31"] == "v")
    }

    @Test(arguments: [
        "VIRTUAL_ACCOUNT", "online_to_offline", "ONLINE_TO_OFFLINE ", "",
        "ON\u{200B}LINE_TO_OFFLINE",
    ])
    func `another service's success is foreign, whatever is readable`(_ service: String) {
        let own = ["service": "{\"id\":\"\(service)\"}" as String?]
        #expect(Self.success(NotificationBody.text(own))?.isOurService == false)
        let bare = Self.success(NotificationBody.text(own.merging(["order": nil]) { $1 }))
        #expect(bare?.isOurService == false)
        #expect(bare?.invoiceNumber == nil)
        #expect(bare?.amount == nil)
    }
}
