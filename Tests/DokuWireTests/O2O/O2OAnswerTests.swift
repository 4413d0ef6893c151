// The bodies of answers, byte for byte: the required members and the optional ones.

import DokuWire
import LoketCore
import LoketJSON
import Testing

struct O2OAnswerTests {
    private func payable(
        info: String? = nil, name: String = "Anton", email: String? = nil
    ) throws -> O2OAnswer.Payable {
        O2OAnswer.Payable(
            invoiceNumber: try #require(InvoiceNumber("INV-1")),
            amount: try #require(Rupiah(whole: 999_999_999_999)),
            paymentCode: try #require(PaymentCode("0012345")), info: info, customerName: name,
            customerEmail: email)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `a success leaves out missing values`() throws {
        let start = #"{"order":{"invoice_number":"INV-1","amount":999999999999},"#
        let status = #""online_to_offline_inquiry":{"status":"success"},"#
        #expect(
            text(O2OAnswer.success(try payable())) == start
                + #""online_to_offline_info":{"payment_code":"0012345"},"# + status
                + #""customer":{"name":"Anton"}}"#)
        #expect(
            text(O2OAnswer.success(try payable(info: "Hi", email: "a@b.id"))) == start
                + #""online_to_offline_info":{"payment_code":"0012345","info1":"Hi"},"# + status
                + #""customer":{"name":"Anton","email":"a@b.id"}}"#)
    }

    @Test func `texts are escaped and can be read back`() throws {
        let name = "O\"Brien \\ \n Zo\u{EB} \u{1F600}"
        let body = O2OAnswer.success(try payable(info: "\u{7F}", name: name))
        let root = try StrictJSON(body).root
        #expect(root["customer"]?["name"]?.string == name)
        #expect(root["online_to_offline_info"]?["info1"]?.string == "\u{7F}")
        #expect(root["order"]?["amount"]?.integer == 999_999_999_999)
    }

    @Test(arguments: [
        (O2OAnswer.Status.success, "success"), (.notFound, "billing_not_found"),
        (.alreadyPaid, "billing_already_paid"), (.expired, "billing_was_expired"),
        (.decline, "decline"), (.invalidSignature, "invalid_signature"),
    ])
    func `a decline has its status, and the code if one is known`(
        status: O2OAnswer.Status, word: String
    ) throws {
        let code = try #require(PaymentCode("0012345"))
        let said = "\"online_to_offline_inquiry\":{\"status\":\"\(word)\"}}"
        #expect(text(O2OAnswer.decline(status, paymentCode: nil)) == "{" + said)
        #expect(
            text(O2OAnswer.decline(status, paymentCode: code))
                == #"{"online_to_offline_info":{"payment_code":"0012345"},"# + said)
    }
}
