// The referee reports every fault of an answer, and none for a correct answer.

import DokuSimulator
import Testing

struct RefereeTests {
    private static let code = "88965112345678"
    private static let script = Script(exclusive: "889651", direct: "12345")

    /// Returns the first scene with this status, with or without an invoice number of its own.
    private func scene(_ status: String, ownNumber: Bool = false) throws -> Script.Scene {
        try #require(
            Self.script.scenes.first { scene in
                guard scene.expected.status == status else { return false }
                if case .startsWith = scene.expected.invoice { return ownNumber }
                return !ownNumber
            })
    }

    private static func success(
        invoice: String = "\"INV-1001\"", amount: String = "150000", code: String = code,
        status: String = "success"
    ) -> String {
        """
        {"order":{"invoice_number":\(invoice),"amount":\(amount)},\
        "online_to_offline_info":{"payment_code":"\(code)"},\
        "online_to_offline_inquiry":{"status":"\(status)"},"customer":{"name":"A"}}
        """
    }

    private func faults(_ answer: DokuAnswer, of scene: Script.Scene) -> [String] {
        var referee = AnswerChecker(doku: Sample.doku)
        return referee.faults(in: answer, to: Sample.request(), of: scene)
    }

    @Test func `the right answer has no fault`() throws {
        let scene = try scene("success")
        #expect(faults(Sample.answer(200, Self.success()), of: scene).isEmpty)
    }

    private static let wrongs: [(status: Int, body: String, faults: [String])] = [
        (400, success(), ["HTTP 400, expected 200"]),
        (200, success(status: "decline"), ["status decline, expected success"]),
        (200, success(amount: "150001"), ["amount 150001"]),
        (200, success(amount: "150000.0"), ["amount none"]),
        (200, success(amount: "\"150000\""), ["amount none"]),
        (200, success(amount: "1.5e5"), ["amount none"]),
        (200, success(invoice: "\"INV-1002\""), ["invoice number INV-1002"]),
        (200, success(invoice: "\"INV-1001-0000000000\""), ["invoice number INV-1001-0000000000"]),
        (200, success(invoice: "1001"), ["invoice number none"]),
        (200, success(code: "88965112345679"), ["payment code 88965112345679 in the answer"]),
        (200, success(code: ""), ["payment code  in the answer"]),
        (200, success() + "x", ["the body is not strict JSON"]),
        (200, "", ["the body is not strict JSON"]),
        (
            404, "{}",
            [
                "HTTP 404, expected 200", "status none, expected success",
                "payment code none in the answer",
                "amount none", "invoice number none",
            ]
        ),
    ]

    @Test(arguments: wrongs.indices)
    func `every fault of a success is reported`(_ index: Int) throws {
        let wrong = Self.wrongs[index]
        let scene = try scene("success")
        #expect(faults(Sample.answer(wrong.status, wrong.body), of: scene) == wrong.faults)
    }

    @Test func `a signature that is wrong or absent is a fault`() throws {
        let scene = try scene("success")
        let answer = Sample.answer(200, Self.success())
        #expect(
            faults(answer.with("Signature", nil), of: scene)
                == ["signature not signed, expected verified"])
        var forged = answer
        forged.body += [10]
        #expect(
            faults(forged, of: scene)
                == ["signature WRONG: the HMAC does not match, expected verified"])
    }

    @Test func `an answer to an unverified request has no signature and no echo`() throws {
        let scene = try scene("invalid_signature")
        let body = #"{"online_to_offline_inquiry":{"status":"invalid_signature"}}"#
        let signed = Sample.answer(401, body)
        #expect(faults(signed.with("Signature", nil), of: scene).isEmpty)
        #expect(faults(signed, of: scene) == ["signature verified, expected not signed"])
        let telling = Sample.answer(401, Self.success(status: "invalid_signature"))
            .with("Signature", nil)
        #expect(
            faults(telling, of: scene) == [
                "payment code \(Self.code) in the answer", "amount 150000",
                "an invoice number in a decline",
            ])
    }

    @Test func `a bill with a new number for each inquiry must not repeat one`() throws {
        let scene = try scene("success", ownNumber: true)
        func answer(_ number: String) -> DokuAnswer {
            Sample.answer(
                200, Self.success(invoice: "\"\(number)\"", amount: "50000", code: scene.code))
        }
        var referee = AnswerChecker(doku: Sample.doku)
        func faults(_ number: String, _ referee: inout AnswerChecker) -> [String] {
            referee.faults(in: answer(number), to: Sample.request(), of: scene)
        }
        #expect(faults("TOPUP-7-AAAAAAAAAA", &referee).isEmpty)
        #expect(faults("TOPUP-7-BBBBBBBBBB", &referee).isEmpty)
        #expect(
            faults("TOPUP-7-AAAAAAAAAA", &referee)
                == ["invoice number TOPUP-7-AAAAAAAAAA was used before"])
        #expect(
            faults("TOPUP-7", &referee) == ["invoice number TOPUP-7, expected TOPUP-7-…"])
    }
}
