// Runs the deliveries to every webhook that is on, each in a task of its own, so that a slow
// receiver delays no other.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle

package final class Webhooks: Service {
    package let secrets: WebhookSecrets
    private let parts: WebhookDelivery.Parts
    private let changes: AsyncStream<Void>
    private let noting: AsyncStream<Void>.Continuation

    private struct Running {
        let revision: Int64
        let task: Task<Void, Never>
    }

    /// - Parameter resolver: looks up host names.
    package init(
        settings: Settings, store: Store, registry: AccountRegistry, clock: ServiceClock,
        log: Logger, resolver: HostResolver = .system
    ) {
        secrets = WebhookSecrets(besideDatabase: store.path)
        parts = WebhookDelivery.Parts(
            store: store, registry: registry, channels: ChannelNames(terms: settings.channels),
            secrets: secrets, allowsPrivate: settings.webhooks.allowPrivateAddresses,
            clock: clock, resolver: resolver, log: log)
        (changes, noting) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Call after a commit that added, changed or removed a webhook.
    package func changed() { noting.yield() }

    /// Returns the checked URL of a webhook.
    package func url(_ text: String) throws(WebhookURL.Refusal) -> WebhookURL {
        try WebhookURL(text, allowsPrivate: parts.allowsPrivate)
    }

    /// Sends a message of the type `webhook.test` once, even if the webhook is off.
    package func test(_ record: WebhookRecord) async throws -> WebhookAnswer {
        let post = WebhookPost(resolver: parts.resolver)
        let message = WebhookMessage.test(of: record.id, at: parts.clock.now())
        let answer: Result<WebhookAnswer, any Error>
        do {
            answer = .success(try await parts.send(message, to: record, by: post))
        } catch {
            answer = .failure(error)
        }
        await post.close()
        return try answer.get()
    }

    package func run() async {
        // A shutdown does not wait for another server.
        await cancelWhenGracefulShutdown { await self.supervise() }
    }

    private func supervise() async {
        var running: [Int64: Running] = [:]
        var news = changes.makeAsyncIterator()
        repeat {
            do {
                try await update(&running)
            } catch {
                parts.log.error("the webhooks could not be read: \(error)")
                try? await Task.sleep(for: .milliseconds(Limits.webhookStoreRetryMilliseconds))
                noting.yield()
            }
        } while await news.next() != nil
        for one in running.values { one.task.cancel() }
        for one in running.values { await one.task.value }
    }

    /// Ends the deliveries to webhooks that were changed or removed, and begins those to webhooks
    /// that are on. No webhook has two deliveries at a time.
    private func update(_ running: inout [Int64: Running]) async throws {
        let (all, _) = try parts.store.webhooks { parts.log.error("\($0)") }
        let revisions = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.revision) })
        for (id, one) in running where revisions[id] != one.revision {
            one.task.cancel()
            await one.task.value
            running[id] = nil
        }
        for record in all where record.offReason == nil && running[record.id] == nil {
            let task = Task { [parts] in
                var delivery = WebhookDelivery(of: record, parts)
                await delivery.run()
            }
            running[record.id] = Running(revision: record.revision, task: task)
        }
    }
}
