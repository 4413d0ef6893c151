// What the settings under `answer` do to a bill's texts: cut, mask, leave out.

import DokuSimulator
import LoketCore
import LoketGateway
import LoketJSON
import Testing

struct AnswerSettingsTests {
    struct Case: Sendable {
        let settings: String
        var name = "Anton Budiman"
        var info: String?
        /// `customer` and `info1` of the answer.
        let customer: String
        var info1: String?
    }

    private static let cases: [Case] = [
        Case(settings: "{}", customer: #"{"name":"Anton Budiman"}"#),
        Case(
            settings: "{ send_email: true }",
            customer: #"{"name":"Anton Budiman","email":"anton@example.com"}"#),
        Case(settings: "{ customer_name: masked }", customer: #"{"name":"A**** B******"}"#),
        Case(settings: "{ customer_name: masked }", name: "É Xi", customer: #"{"name":"É X*"}"#),
        Case(settings: "{ customer_name: masked }", name: "A", customer: #"{"name":"A"}"#),
        Case(settings: "{ name_max: 7 }", customer: #"{"name":"Anton B"}"#),
        Case(
            settings: "{ name_max: 7, customer_name: masked }", customer: #"{"name":"A**** B"}"#),
        Case(settings: "{ name_max: 4 }", name: "Ägir Ö", customer: #"{"name":"Ägir"}"#),
        Case(
            settings: "{ info_max: 5 }", info: "Thank you",
            customer: #"{"name":"Anton Budiman"}"#, info1: "Thank"),
        Case(
            settings: "{ info_max: 9 }", info: "Thank you",
            customer: #"{"name":"Anton Budiman"}"#, info1: "Thank you"),
        Case(
            settings: "{}", info: #"a "b" \ c"#, customer: #"{"name":"Anton Budiman"}"#,
            info1: #"a \"b\" \\ c"#),
    ]

    @Test(arguments: cases)
    func `texts are cut and masked as the settings say`(_ wanted: Case) async throws {
        try await withDesk(more: "answer: \(wanted.settings)") { desk in
            try desk.seed([
                .sample("88965110000001", "INV-1") {
                    $0.customerName = wanted.name
                    $0.customerEmail = "anton@example.com"
                    $0.info = wanted.info
                    $0.metadata = #"{"order":"secret-7"}"#
                }
            ])
            let answer = try desk.ask("88965110000001")
            let info = wanted.info1.map { #","info1":"\#($0)""# } ?? ""
            #expect(
                answer.text == """
                    {"order":{"invoice_number":"INV-1","amount":150000},\
                    "online_to_offline_info":{"payment_code":"88965110000001"\(info)},\
                    "online_to_offline_inquiry":{"status":"success"},\
                    "customer":\(wanted.customer)}
                    """)
        }
    }

    @Test func `the largest amount and the longest texts are answered whole`() async throws {
        try await withDesk(more: "answer: { send_email: true }") { desk in
            let email = String(repeating: "e", count: 122) + "@id.co"
            try desk.seed([
                .sample("1234512345678901234567890", String(repeating: "9", count: 64)) {
                    $0.amounts = DatedAmounts(whole: Limits.amountMax) ?? $0.amounts
                    $0.customerName = String(repeating: "名", count: 64)
                    $0.customerEmail = email
                    $0.info = String(repeating: "é", count: 30)
                }
            ])
            let root = try StrictJSON(
                try desk.ask("1234512345678901234567890", counter: .indomaret).body
            ).root
            #expect(root["order"]?["amount"]?.integer == 999_999_999_999)
            #expect(root["order"]?["invoice_number"]?.string?.count == 64)
            #expect(root["customer"]?["name"]?.string?.count == 64)
            #expect(root["customer"]?["email"]?.string == email)
            #expect(root["online_to_offline_info"]?["info1"]?.string?.count == 30)
        }
    }
}
