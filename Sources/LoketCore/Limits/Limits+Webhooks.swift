// Limits of webhooks: how many, how long one attempt lasts, and how long an event is tried.

extension Limits {
    /// The number of webhooks of one account, and of webhooks for every account. Each has one
    /// request in progress.
    package static let webhooksMax = 20
    /// The number of characters of a URL: what common servers accept.
    package static let webhookURLMax = 2000

    /// The seconds of one attempt, from the look-up of the name to the answer's head.
    package static let webhookTimeoutSeconds: Int64 = 15
    /// The bytes read of an answer, and the seconds for them. Only its status matters, but a read
    /// answer leaves the connection open for the next event.
    package static let webhookAnswerBytesMax = 4096
    package static let webhookAnswerSeconds: Int64 = 2
    /// The seconds for which the addresses of a name are used before they are looked up again.
    package static let webhookLookUpSeconds: Int64 = 60
    /// The characters of an error that are stored.
    package static let webhookErrorMax = 200

    /// The milliseconds for which an event is tried; then it is skipped.
    package static let webhookGiveUpMilliseconds: Int64 = 86_400_000
    /// The milliseconds after which a refused event is a finding: a restart of the receiver is
    /// shorter.
    package static let webhookFailingMilliseconds: Int64 = 3_600_000
    /// The milliseconds for which a skipped event is a finding: by then the operator has seen it.
    package static let webhookSkippedMilliseconds: Int64 = 86_400_000

    /// The events in one read of the feed.
    package static let webhookPage = 100
    /// The milliseconds between two writes of a webhook's cursor: after a crash, at most the events
    /// of this time are sent again.
    package static let webhookSaveMilliseconds: Int64 = 1000
    /// The number of events that a webhook has not selected after which its cursor is written.
    package static let webhookUnselectedMax: Int64 = 1000
    /// The milliseconds between two reads of the feed by a webhook that has sent everything.
    package static let webhookGapMilliseconds: Int64 = 100
    /// The milliseconds between two looks at the clock by a webhook that waits for its next
    /// attempt, and before a read or write of the database that failed is repeated.
    package static let webhookTickMilliseconds: Int64 = 200
    package static let webhookStoreRetryMilliseconds: Int64 = 1000
    /// The writes per second above which each delivery waits, and the milliseconds of the wait, so
    /// that payments keep the processor.
    package static let webhookBusyWrites = 150.0
    package static let webhookBusyMilliseconds: Int64 = 50
}
