// Rules for findings, part 4: webhooks that need a person.

/// A webhook that does not deliver events as it should.
package struct WebhookTrouble: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Answered 410 and is off.
        case gone
        /// Is off since the database was restored.
        case restored
        /// Has refused an event for a long time.
        case refusing
        /// Events were skipped recently.
        case skipped(Int)
    }

    package let webhookID: Int64
    package let kind: Kind
    package let since: Moment

    package init(_ webhookID: Int64, _ kind: Kind, since: Moment) {
        self.webhookID = webhookID
        self.kind = kind
        self.since = since
    }

    fileprivate var clause: String {
        let name = "webhook \(webhookID)"
        return switch kind {
        case .gone: "\(name) answered 410 (gone) and is off"
        case .restored: "\(name) is off since the restore"
        case .refusing: "\(name) has refused an event for more than an hour"
        case .skipped(let count):
            "\(counted(count, "event was", "events were")) skipped for \(name) in the last day"
        }
    }

    fileprivate var command: String {
        switch kind {
        case .gone, .restored: "loket webhooks resume \(webhookID)"
        case .refusing: "loket webhooks show \(webhookID)"
        case .skipped: "loket webhooks skipped \(webhookID)"
        }
    }
}

func webhookFailing(_ counts: ServiceCounts) -> Finding? {
    guard let first = counts.webhooks.first else { return nil }
    return Finding(
        .webhookFailing,
        "Events are not delivered: " + counts.webhooks.map(\.clause).joined(separator: "; ") + ".",
        since: counts.webhooks.map(\.since).min() ?? first.since, command: first.command)
}
