// The bodies that answer an O2O inquiry or notification, byte for byte. Which guard is answered by
// which status is in O2OVerdict.

import LoketCore
import LoketJSON

package enum O2OAnswer {
    /// `online_to_offline_inquiry.status`, as DOKU spells it.
    package enum Status: String, CaseIterable, Sendable {
        case success
        case notFound = "billing_not_found"
        case alreadyPaid = "billing_already_paid"
        case expired = "billing_was_expired"
        case decline
        case invalidSignature = "invalid_signature"
    }

    /// What a payable bill answers. The caller cuts texts to their bounds.
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

    /// A notification is recorded: what it was about, as far as it was readable.
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

    /// - Parameter paymentCode: echoed once a well-formed one was read.
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
