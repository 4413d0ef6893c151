// A message to a webhook, signed by Standard Webhooks: HMAC-SHA256 of id, time and body with each
// secret.

import BillFiles
import LoketCore
import LoketJSON
import LoketStore
import LoketSystem

/// A secret of a webhook: `whsec_` and the Base64 of 32 random bytes.
package struct WebhookSecret: Sendable {
    private static let prefix = "whsec_"
    private static let byteCount = 32

    fileprivate let key: HMACKey

    /// Returns nil unless the text has the form of a secret.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = base64Decoded(text.utf8.dropFirst(Self.prefix.utf8.count)), !bytes.isEmpty
        else { return nil }
        key = HMACKey(bytes)
    }

    /// Returns the text of a new secret.
    package static func newText() -> String {
        prefix + String(decoding: base64(randomBytes(byteCount)), as: UTF8.self)
    }
}

package struct WebhookMessage: Sendable {
    /// The same for each attempt, and different for each event.
    package let id: String
    package let body: [UInt8]

    package init(id: String, body: [UInt8]) {
        self.id = id
        self.body = body
    }

    /// Returns the headers of an attempt.
    ///
    /// - Parameter secrets: the newest first; each gives a signature.
    package func headers(
        at now: Moment, secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let seconds = "\(now.milliseconds / 1000)"
        let signed = Array("\(id).\(seconds).".utf8) + body
        let signatures = secrets.map { secret in
            "v1," + String(decoding: base64(secret.key.authenticate(signed)), as: UTF8.self)
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}

// MARK: Bodies

extension WebhookMessage {
    /// The message of an event.
    ///
    /// - Parameters:
    ///   - payment: the event's payment as it is now.
    ///   - accounts: the Client-Id of each account's row id.
    ///   - countsAll: whether the webhook is for every account.
    init(
        _ event: Event, epoch: String,
        payment: (payment: PaymentRecord, details: PaymentDetails)?,
        accounts: [Int64: String], channels: ChannelNames, countsAll: Bool
    ) {
        var body = JSONWriter()
        body.object { object in
            object.field("type", event.kind.rawValue)
            object.field("timestamp", event.at.utcMillisecondText)
            object.object("data") { data in
                event.write(
                    to: &data, epoch: epoch, accounts: accounts, countsAll: countsAll
                ) { object in
                    // For a forgotten customer, who paid, where and when is not sent.
                    let known = payment.flatMap { $0.details.isForgotten ? nil : $0 }
                    object.field("paid_at", known?.payment.paidAt?.utcText)
                    object.field("channel", channels.name(of: known?.details.channelID))
                    object.field("store", known?.payment.store)
                    object.field("transaction_id", known?.payment.transactionID)
                    object.field("bill_invoice_number", payment?.details.billInvoiceNumber)
                    object.field("customer", known?.details.customer)
                    object.field("metadata", json: (known?.details.metadata ?? "null").utf8)
                }
            }
        }
        self.init(id: Event.name(event.id, in: epoch), body: body.bytes)
    }

    /// A message that an operator asked for, to try a webhook.
    static func test(of webhookID: Int64, at now: Moment) -> WebhookMessage {
        var body = JSONWriter()
        body.object { object in
            object.field("type", "webhook.test")
            object.field("timestamp", now.utcMillisecondText)
            object.object("data") { $0.field("webhook", "\(webhookID)") }
        }
        return WebhookMessage(id: "test-" + hexadecimal(randomBytes(16)), body: body.bytes)
    }
}
