// Recorded and quarantined notifications in the admin API's responses.

import Foundation
import LoketCore
import LoketJSON
import LoketStore
import LoketSystem

extension NotificationRecord {
    /// - Parameter withBody: whether to include DOKU's exact bytes.
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

extension QuarantineRecord {
    /// - Parameter accounts: the Client-Id of each account's row id.
    func write(to object: inout JSONWriter, accounts: [Int64: String]) {
        object.field("id", "\(id)")
        object.field("account", accounts[request.accountID])
        object.field("received_at", request.receivedAt.utcText)
        object.field("cause", request.cause)
        object.field("mistake", request.mistake)
        object.field(
            "request_id", request.headers.first { $0.name.lowercased() == "request-id" }?.value)
        object.field("size", size)
        object.field("times", times)
    }
}
