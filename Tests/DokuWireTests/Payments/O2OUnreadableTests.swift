// The causes of an unreadable notification, the meaning of its status, and the number in a Check
// Status request.

import DokuWire
import LoketCore
import Testing

struct O2OUnreadableTests {
    private static let tail = #","order":{"invoice_number":"INV-1","amount":150000}}"#
    private static let paid = #"{"transaction":{"status":"SUCCESS"}"# + tail

    private static func read(_ text: String, asked: String? = nil) -> O2ONotification {
        O2ONotification(Array(text.utf8), source: .notification, asked: asked)
    }

    private static func body(order: String) -> String {
        #"{"transaction":{"status":"SUCCESS"},"order":\#(order)}"#
    }

    private static func nested(_ depth: Int) -> String {
        let open = String(repeating: "[", count: depth - 1)
        let close = String(repeating: "]", count: depth - 1)
        return #"{"x":\#(open)\#(close),\#(paid.dropFirst())"#
    }

    /// Bodies that are not structurally JSON, so none of their content is used.
    private static let broken: [[UInt8]] = [
        [], Array("\(paid)x".utf8), Array("\(paid),".utf8), Array(paid.dropLast().utf8),
        Array("not json".utf8), Array("\(paid)\(paid)".utf8), Array("\0\(paid)".utf8),
        Array(paid.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
        [0xFF, 0xFE] + Array(paid.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
        Array(nested(65).utf8),
    ]

    @Test(arguments: ReaderVersion.allCases)
    func `a body that is not JSON is unreadable as a whole`(reader: ReaderVersion) {
        for body in Self.broken {
            let read = O2ONotification(
                body, source: .notification, asked: "INV-9", reader: reader)
            let text = String(decoding: body.prefix(80), as: UTF8.self)
            #expect(read.reading == .unreadable(nil), "\(text)")
            #expect(read.status == nil, "\(text)")
        }
    }

    @Test func `a body may be nested up to the bound`() {
        guard case .success = Self.read(Self.nested(64)).reading else {
            Issue.record("64 nested containers are read")
            return
        }
    }

    private static let orders = [
        "{}", "null", "7", #""INV-1""#, #"["INV-1",150000]"#,
        #"{"amount":150000}"#, #"{"invoice_number":"INV-1"}"#,
        #"{"invoice_number":"","amount":150000}"#, #"{"invoice_number":null,"amount":150000}"#,
        #"{"invoice_number":1.5,"amount":150000}"#, #"{"invoice_number":true,"amount":150000}"#,
        #"{"invoice_number":["INV-1"],"amount":150000}"#,
        #"{"invoice_number":"INV-1","amount":null}"#, #"{"invoice_number":"INV-1","amount":0}"#,
        #"{"invoice_number":"INV-1","amount":-150000}"#,
        #"{"invoice_number":"INV-1","amount":150000.5}"#,
        #"{"invoice_number":"INV-1","amount":1000000000000}"#,
        #"{"invoice_number":"INV-1","amount":""}"#,
        #"{"invoice_number":"INV-1","amount":"150,000"}"#,
        #"{"invoice_number":"INV-1","amount":" 150000"}"#,
        #"{"invoice_number":"INV-1","amount":[150000]}"#,
        #"{"invoice_number":"INV-1","amount":{"value":150000}}"#,
        #"{"invoice_number":"INV-1","amount":true}"#,
    ]

    @Test func `a success without number or amount is unreadable, but kept`() {
        for order in Self.orders {
            let read = Self.read(Self.body(order: order))
            guard case .unreadable(let receipt?) = read.reading else {
                Issue.record("\(order): \(read.reading)")
                continue
            }
            #expect(read.status == "SUCCESS")
            #expect(receipt.invoiceNumber == nil || receipt.amount == nil, "\(order)")
        }
        let read = Self.read(Self.body(order: #"{"invoice_number":"INV-1","amount":"x"}"#))
        guard case .unreadable(let receipt) = read.reading else { return }
        #expect(receipt?.invoiceNumber == "INV-1")
    }

    @Test(arguments: [
        "FAILED", "PENDING", "EXPIRED", "REFUNDED", "", " ", "SUC CESS", "\u{A0}SUCCESS", "SUCCES",
        "SUCCESSFUL", "\u{17F}UCCESS", "SUCCE\u{DF}", "S\u{200D}UCCESS",
    ])
    func `any other status makes no payment`(_ status: String) {
        let read = Self.read(#"{"transaction":{"status":"\#(status)"}"# + Self.tail)
        #expect(read.status == status)
        guard case .notSuccess(let receipt) = read.reading else {
            Issue.record("\(status): \(read.reading)")
            return
        }
        #expect(receipt.invoiceNumber == "INV-1")
        #expect(receipt.amount?.whole == 150_000)
    }

    @Test(arguments: [
        #"{"transaction":{}"#, #"{"transaction":{"status":null}"#, #"{"transaction":[]"#,
        #"{"transaction":{"status":200}"#, #"{"transaction":{"Status":"SUCCESS"}"#,
        #"{"transaction":"SUCCESS""#, #"{"status":"SUCCESS""#,
    ])
    func `no status, or one that is not a string, is unreadable`(_ beginning: String) {
        let read = Self.read(beginning + Self.tail)
        #expect(read.status == nil)
        guard case .unreadable(let receipt?) = read.reading else {
            Issue.record("\(beginning): \(read.reading)")
            return
        }
        #expect(receipt.invoiceNumber == "INV-1")
    }

    @Test func `the requested number replaces only a missing one`() {
        let missing = Self.body(order: #"{"amount":150000}"#)
        guard case .success(let filled) = Self.read(missing, asked: "INV-7").reading,
            case .success(let own) = Self.read(Self.paid, asked: "INV-7").reading
        else {
            Issue.record("both are read")
            return
        }
        #expect(filled.invoiceNumber == "INV-7")
        #expect(own.invoiceNumber == "INV-1")
    }

    // MARK: The answer

    private static let answers: [(body: String, answer: String)] = [
        (paid, #"{"order":{"invoice_number":"INV-1"}}"#),
        (
            #"{"online_to_offline_info":{"payment_code":"0123"},"# + paid.dropFirst(),
            #"{"order":{"invoice_number":"INV-1"},"online_to_offline_info":"#
                + #"{"payment_code":"0123"}}"#
        ),
        (
            #"{"transaction":{"status":"FAILED"},"online_to_offline_info":{"payment_code":12}}"#,
            #"{"online_to_offline_info":{"payment_code":"12"}}"#
        ),
        (#"{"transaction":{"status":"PENDING"}}"#, "{}"),
        (
            #"{"transaction":{"status":"SUCCESS"},"service":{"id":"VIRTUAL_ACCOUNT"}}"#, "{}"
        ),
        (
            #"{"transaction":{"status":"SUCCESS"},"order":{"invoice_number":"a\"\\\u000a\u00e9","#
                + #""amount":1}}"#,
            #"{"order":{"invoice_number":"a\"\\\u000a\#u{E9}"}}"#
        ),
        (body(order: #"{"invoice_number":"INV-1"}"#), "{}"), ("[", "{}"), ("", "{}"),
    ]

    @Test func `a recorded notification is answered byte for byte`() {
        for (body, answer) in Self.answers {
            let given = O2OAnswer.recorded(Self.read(body).reading)
            #expect(String(decoding: given, as: UTF8.self) == answer, "\(body)")
        }
    }
}
