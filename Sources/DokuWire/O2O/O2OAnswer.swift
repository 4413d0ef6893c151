// The exact bodies that answer an O2O inquiry or notification. O2OVerdict maps each guard to a
// status.

import LoketCore
import LoketJSON

package enum O2OAnswer {
    /// The values of `online_to_offline_inquiry.status`, in DOKU's spelling.
    package enum Status: String, CaseIterable, Sendable {
        case success
        case notFound = "billing_not_found"
        case alreadyPaid = "billing_already_paid"
        case expired = "billing_was_expired"
        case decline
        case invalidSignature = "invalid_signature"
    }

    /// The content of the answer for a payable bill. The caller truncates texts to their limits.
    package struct Payable: Sendable {
        package var invoiceNumber: InvoiceNumber
        package var amount: Rupiah
        package var paymentCode: PaymentCode
        package var info: String?
        package var customerName: String
        package var customerEmail: String?

        package init(
            invoiceNumber: InvoiceNumber, amount: Rupiah, paymentCode: PaymentCode,
            info: String?, customerName: String, customerEmail: String?
        ) {
            self.invoiceNumber = invoiceNumber
            self.amount = amount
            self.paymentCode = paymentCode
            self.info = info
            self.customerName = customerName
            self.customerEmail = customerEmail
        }
    }

    package static func success(_ payable: Payable) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { body in
            body.object("order") {
                $0.field("invoice_number", payable.invoiceNumber.text)
                $0.field("amount", payable.amount.whole)
            }
            body.object("online_to_offline_info") {
                $0.field("payment_code", payable.paymentCode.digits)
                if let info = payable.info { $0.field("info1", info) }
            }
            body.object("online_to_offline_inquiry") {
                $0.field("status", Status.success.rawValue)
            }
            body.object("customer") {
                $0.field("name", payable.customerName)
                if let email = payable.customerEmail { $0.field("email", email) }
            }
        }
        return writer.bytes
    }

    /// Returns the answer to a recorded notification: its readable invoice number and code.
    package static func recorded(_ reading: DeliveryReading) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { body in
            switch reading {
            case .unreadable: break
            case .success(let receipt), .notSuccess(let receipt):
                if let number = receipt.invoiceNumber {
                    body.object("order") { $0.field("invoice_number", number) }
                }
                if let code = receipt.codeText {
                    body.object("online_to_offline_info") { $0.field("payment_code", code) }
                }
            }
        }
        return writer.bytes
    }

    /// - Parameter paymentCode: the inquiry's code, repeated in the answer; nil if not well formed.
    package static func decline(_ status: Status, paymentCode: PaymentCode?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { body in
            if let paymentCode {
                body.object("online_to_offline_info") {
                    $0.field("payment_code", paymentCode.digits)
                }
            }
            body.object("online_to_offline_inquiry") { $0.field("status", status.rawValue) }
        }
        return writer.bytes
    }
}
