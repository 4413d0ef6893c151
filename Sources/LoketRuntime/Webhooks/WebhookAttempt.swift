// One attempt to deliver an event: reads what the event's payment is now, and sends the message.

import LoketCore
import LoketStore

extension WebhookDelivery.Parts {
    /// Sends an event once.
    ///
    /// - Throws: `DamagedEvent` if the event's payment is damaged, or an error of the database.
    func attempt(
        _ event: Event, for record: WebhookRecord, by post: WebhookPost
    ) async throws -> WebhookAnswer {
        // Read for each attempt: a customer may be forgotten between two.
        var payment: (payment: PaymentRecord, details: PaymentDetails)?
        do {
            if let id = event.payment?.id { payment = try await store.paymentNow(id: id) }
        } catch let fault as StoreFault where fault.isDamage {
            throw DamagedEvent(id: event.id, fault: fault)
        }
        let message = WebhookMessage(
            event, epoch: record.epoch, payment: payment, accounts: registry.clientIDs,
            channels: channels, countsAll: record.accountID == nil)
        return try await send(message, to: record, by: post)
    }

    /// Sends a message once.
    ///
    /// - Throws: `CancellationError` only.
    func send(
        _ message: WebhookMessage, to record: WebhookRecord, by post: WebhookPost
    ) async throws -> WebhookAnswer {
        do {
            let url = try WebhookURL(record.url, allowsPrivate: allowsPrivate)
            let secrets = try secrets.secrets(of: record.secretName)
            return try await post.send(message, to: url, at: clock.now(), secrets: secrets)
        } catch let refusal as WebhookURL.Refusal {
            return .refused(status: nil, reason: "the URL \(refusal)")
        } catch let fault as WebhookSecrets.Fault {
            return .refused(status: nil, reason: "\(fault)")
        }
    }
}
