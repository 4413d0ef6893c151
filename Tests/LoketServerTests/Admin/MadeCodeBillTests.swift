// The code of a bill over the admin API: whole, in its parts, or made here.

import LoketCore
import Testing
@testable import LoketRuntime

struct MadeCodeBillTests {
    private static let path = "/admin/v1/bills"

    /// A bill without a code, and then what is given for one.
    private static func bill(_ fields: String, _ invoice: String = "INV-1") -> String {
        #"{"invoice_number":"\#(invoice)","amount":150000,"customer":{"name":"Anton"},\#(fields)}"#
    }

    @Test func `a code may be given in its parts`() async throws {
        try await withService { service in
            let answer = try await service.admin.post(
                Self.path, Self.bill(#""bin":"889651","unique_code":"00012345""#))
            #expect(answer.status == 201, "\(answer.text)")
            let bill = try answer.json()
            #expect(bill["payment_code"]?.string == "88965100012345")
            #expect(bill["bin"]?.string == "889651")
            #expect(bill["unique_code"]?.string == "00012345")
            // The same bill, told otherwise.
            let again = try await service.admin.post(
                Self.path, Self.bill(#""payment_code":"88965100012345""#))
            #expect(again.status == 200)
            #expect(again.string("id") == answer.string("id"))
            #expect(
                try await service.ask(Shop.doku.inquiry("88965100012345")).status == 200)
        }
    }

    @Test func `a BIN alone has a code made, again the same one`() async throws {
        try await withService { service in
            for (extra, isChecked) in [("", false), (#","check_digit":true"#, true)] {
                let body = Self.bill(#""bin":"12345""# + extra, "INV-\(isChecked)")
                let answer = try await service.admin.post(Self.path, body)
                #expect(answer.status == 201, "\(answer.text)")
                let text = try #require(answer.string("payment_code"))
                let code = try #require(PaymentCode(text))
                #expect(code.length == 15 && text.hasPrefix("12345"))
                #expect(!isChecked || Luhn.isRight(code))
                let again = try await service.admin.post(Self.path, body)
                #expect(again.status == 200)
                #expect(again.string("payment_code") == text)
                #expect(try await service.ask(Shop.doku.inquiry(text)).status == 200)
            }
            #expect(try await service.billCount == 2)
        }
    }

    @Test func `a thousand codes of one request are a thousand codes`() async throws {
        try await withService { service in
            let bills = (0..<1000).map { Self.bill(#""bin":"889651""#, "INV-\($0)") }
            let answer = try await service.admin.post(
                Self.path, "[" + bills.joined(separator: ",") + "]")
            #expect(answer.status == 201)
            #expect(Set(try answer.list("payment_code").values).count == 1000)
        }
    }

    private static let wrong: [(fields: String, pointers: [String])] = [
        (#""bin":"889651","payment_code":"88965100012345""#, ["/bin"]),
        (#""unique_code":"1","payment_code":"88965100012345""#, ["/unique_code"]),
        (#""unique_code":"12345678""#, ["/bin"]),
        (#""bin":"999999""#, ["/bin"]), (#""bin":"88965""#, ["/bin"]),
        (#""bin":"8896511""#, ["/bin"]), (#""bin":"""#, ["/bin"]), (#""bin":889651"#, ["/bin"]),
        (#""bin":"54321""#, ["/account"]),
        (#""bin":"54321","account":"MCH-0""#, ["/account"]),
        (#""bin":"889651","unique_code":"""#, ["/unique_code"]),
        (#""bin":"889651","unique_code":"1a""#, ["/unique_code"]),
        (#""bin":"889651","unique_code":"123456789012345""#, ["/unique_code"]),
        (#""bin":"12345","unique_code":"12""#, ["/unique_code"]),
        (#""bin":"12345","unique_code":"123456789012345678901""#, ["/unique_code"]),
        (#""bin":"889651","unique_code":"00012345","check_digit":true"#, ["/check_digit"]),
        (#""payment_code":"88965100012345","check_digit":true"#, ["/check_digit"]),
        (#""bin":"889651","check_digit":"yes""#, ["/check_digit"]),
        (#""check_digit":true"#, ["/payment_code", "/check_digit"]),
        (#""bin":null,"unique_code":null,"payment_code":null"#, ["/payment_code"]),
        (#""bin":"x","unique_code":"y""#, ["/bin", "/unique_code"]),
    ]

    @Test func `a code that is given wrongly is told with its place`() async throws {
        try await withService { service in
            for (fields, pointers) in Self.wrong {
                let answer = try await service.admin.post(Self.path, Self.bill(fields))
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == pointers, "\(fields)")
            }
            let array = try await service.admin.post(
                Self.path,
                "[\(BillJSON().text),\(Self.bill(#""bin":"9""#))]")
            #expect(array.pointers == ["/1/bin"])
            #expect(try await service.billCount == 0)
        }
    }

    @Test func `a BIN of two accounts needs the account named`() async throws {
        try await withService { service in
            for (place, account) in [Shop.clientID, Shop.neighbourID].enumerated() {
                for code in [#""bin":"54321""#, #""bin":"54321","unique_code":"7""#] {
                    let answer = try await service.admin.post(
                        Self.path,
                        Self.bill(
                            code + #","account":"\#(account)""#, "INV-\(place)-\(code.count)"))
                    #expect(answer.status == 201, "\(answer.text)")
                    #expect(answer.string("account") == account)
                }
            }
        }
    }

    /// One free digit: ten codes.
    private static func narrow(_ settings: inout Settings) {
        let bin = try? BIN(
            digits: Shop.direct, type: .direct, channels: [.alfa], codeLengthMin: 6,
            codeLengthMax: 6)
        settings.accounts[0].bins = BINTable([bin].compactMap(\.self))
    }

    @Test func `a BIN that is used up says so and what to do`() async throws {
        try await withService(Self.narrow) { service in
            var codes: Set<String> = []
            for place in 0..<40 {
                let answer = try await service.admin.post(
                    Self.path, Self.bill(#""bin":"12345""#, "INV-\(place)"))
                if answer.status == 201 {
                    let code = try #require(answer.string("payment_code"))
                    #expect(codes.insert(code).inserted)
                    // A cancelled bill's code is not made again either.
                    let id = try #require(answer.string("id"))
                    _ = try await service.admin.post(Self.path + "/\(id)/cancel", "{}")
                } else {
                    try expectProblem(answer, 409, "codes_exhausted")
                    #expect(answer.pointers == ["/bin"])
                    #expect(answer.text.contains("code_length"))
                }
            }
            #expect((5...10).contains(codes.count))
            // But a customer may have his own code again.
            let code = try #require(codes.first)
            let own = try await service.admin.post(
                Self.path, Self.bill("\"payment_code\":\"\(code)\"", "OWN"))
            #expect(own.status == 201)
        }
    }
}
