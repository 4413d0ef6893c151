// A single-use bill of the payment tests, and the notification that pays it.

import DokuSimulator
import Foundation
import LoketCore
import TestSupport

struct PaymentBill: Sendable {
    /// The bill's id in the service.
    let id: String
    let number: Int

    var code: String { Self.code(number) }
    var invoice: String { Self.invoice(number) }
    var amount: Int64 { Self.amount(number) }

    /// Returns the notification of the bill's payment.
    ///
    /// - Parameter transaction: The counter's AGENT_TRX_ID; a different one is another payment.
    func notice(transaction: String = "1", date: String = Self.now()) -> PaymentNotice {
        PaymentNotice(
            invoiceNumber: invoice, amount: amount, paymentCode: code, date: date,
            agentTransactionID: "TRX-\(number)-\(transaction)")
    }

    /// The body of the answer to every notification of the bill.
    var answerBody: [UInt8] {
        Array(
            """
            {"order":{"invoice_number":"\(invoice)"},\
            "online_to_offline_info":{"payment_code":"\(code)"}}
            """.utf8)
    }

    // MARK: From its number

    static func code(_ number: Int) -> String {
        "889651" + "\(100_000_000 + number)".dropFirst()
    }

    static func invoice(_ number: Int) -> String { "INV-\(number)" }

    /// All amounts differ, so that a payment of the wrong bill changes a sum.
    static func amount(_ number: Int) -> Int64 { 10_000 + Int64(number) }

    /// Returns the bill in the format of the admin API.
    static func json(_ number: Int) -> String {
        """
        {"payment_code":"\(code(number))","invoice_number":"\(invoice(number))",\
        "amount":\(amount(number)),"customer":{"name":"Anton Budiman"}}
        """
    }

    /// The wall clock in DOKU's format.
    static func now() -> String {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).utcText
    }
}

extension PaymentNotice {
    /// Returns the same facts in one of the varying forms that DOKU uses.
    func varied(by random: inout SeededRandom) -> PaymentNotice {
        var notice = self
        notice.amountForm = AmountForm.allCases.randomElement(using: &random) ?? .integer
        notice.misspellsIdentifier = Bool.random(using: &random)
        notice.hasUnknownObject = Bool.random(using: &random)
        notice.rotation = Int.random(in: 0..<8, using: &random)
        return notice
    }
}

extension [PaymentBill] {
    var amount: Int64 { reduce(0) { $0 + $1.amount } }
}
