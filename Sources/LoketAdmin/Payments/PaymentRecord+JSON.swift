// Payments and entries of the attention list in the admin API's responses.

import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

extension PaymentRecord {
    /// - Parameter accounts: the Client-Id of each account's row id.
    func write(
        to object: inout JSONWriter, accounts: [Int64: String], channels: ChannelNames,
        _ details: PaymentDetails
    ) {
        object.field("id", "\(id)")
        object.field("account", accounts[accountID])
        object.field("bill_id", billID.map { "\($0)" })
        object.field("bill_invoice_number", details.billInvoiceNumber)
        object.field("customer", details.customer)
        object.field("invoice_number", invoiceNumber)
        object.field("payment_code", paymentCode)
        object.field("amount", amount)
        object.field("channel", channels.name(of: details.channelID))
        object.field("store", store)
        object.field("transaction_id", transactionID)
        object.field("standing", standing.rawValue)
        object.field("classified_as", classifiedAs.rawValue)
        object.array("flags") { list in flags.words.forEach { list.string($0) } }
        object.field("needs_attention", needsAttention)
        object.field("source", source.rawValue)
        object.field("dated_at", paidAt?.utcText)
        object.field("received_at", receivedAt.utcText)
        object.array("identifiers") { list in
            for identifier in identifiers {
                list.object {
                    $0.field("name", identifier.name)
                    $0.field("value", identifier.value)
                }
            }
        }
        object.object("resolution", of: resolution) { $1.write(to: &$0) }
    }
}

extension PaymentResolution {
    fileprivate func write(to object: inout JSONWriter) {
        object.field("action", action.rawValue)
        object.field("bill_id", billID.map { "\($0)" })
        object.field("note", note)
        object.field("actor", actor)
        object.field("at", at.utcText)
    }
}

extension PaymentDecision {
    func write(to object: inout JSONWriter) {
        resolution.write(to: &object)
        object.object("reopened", of: reopening) {
            $0.field("note", $1.note)
            $0.field("actor", $1.actor)
            $0.field("at", $1.at.utcText)
        }
    }
}

extension AttentionRecord {
    /// - Parameter accounts: the Client-Id of each account's row id.
    func write(to object: inout JSONWriter, accounts: [Int64: String], _ content: Content) {
        object.field("id", "\(id)")
        object.field("account", accounts[accountID])
        object.field("kind", kind.rawValue)
        object.field("since", since.utcText)
        object.field("notification_id", "\(deliveryID)")
        object.field("payment_id", paymentID.map { "\($0)" })
        object.field("status", content.status)
        object.field("invoice_number", content.invoiceNumber)
        object.field("payment_code", content.paymentCode)
        object.field("amount", content.amount)
        object.field("date", content.date)
        object.object("resolution", of: resolution) {
            $0.field("note", $1.note)
            $0.field("actor", $1.actor)
            $0.field("at", $1.at.utcText)
        }
    }
}
