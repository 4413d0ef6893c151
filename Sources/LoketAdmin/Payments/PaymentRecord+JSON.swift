// Payments and what was delivered of them, as the admin API gives them.

import Foundation
import LoketCore
import LoketJSON
import LoketStore
import LoketSystem

extension PaymentRecord {
    /// - Parameter accounts: Client-Id of each account's row.
    func write(to object: inout JSONWriter, accounts: [Int64: String]) {
        object.field("id", "\(id)")
        object.field("account", accounts[accountID])
        object.field("bill_id", billID.map { "\($0)" })
        object.field("invoice_number", invoiceNumber)
        object.field("payment_code", paymentCode)
        object.field("amount", amount)
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
        guard let resolution else {
            object.field("resolution", nil as String?)
            return
        }
        object.object("resolution") { resolution.write(to: &$0) }
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
        guard let reopening else {
            object.field("reopened", nil as String?)
            return
        }
        object.object("reopened") {
            $0.field("note", reopening.note)
            $0.field("actor", reopening.actor)
            $0.field("at", reopening.at.utcText)
        }
    }
}

extension NotificationRecord {
    /// - Parameter withBody: what DOKU sent, byte for byte.
    func write(to object: inout JSONWriter, accounts: [Int64: String], withBody: Bool) {
        let delivery = row.delivery
        object.field("id", "\(row.number)")
        object.field("account", accounts[delivery.accountID])
        object.field("received_at", delivery.receivedAt.utcText)
        object.field("source", delivery.source.rawValue)
        object.field("target", delivery.target)
        object.field("request_id", delivery.requestID)
        object.field("timestamp", delivery.timestamp)
        object.field("signed", delivery.isSigned)
        object.field("status", status)
        object.field("standing", standing?.rawValue)
        object.field("payment_id", paymentID.map { "\($0)" })
        object.field("repeats", repeats)
        object.field("invoice_number", invoiceNumber)
        object.field("payment_code", paymentCode)
        object.field("amount", amount)
        object.field("hash", hexadecimal(hash))
        guard withBody else { return }
        object.field("body", String(validating: delivery.body, as: UTF8.self))
        object.field("body_base64", String(decoding: base64(delivery.body), as: UTF8.self))
    }
}
