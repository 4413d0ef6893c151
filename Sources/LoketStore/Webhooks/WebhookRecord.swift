// A stored webhook: where events are sent, its place in the feed, and its last attempt.

import GRDB
import LoketCore

package struct WebhookRecord: Sendable {
    /// Why a webhook is off.
    package enum OffReason: String, CaseIterable, Sendable {
        /// It answered 410.
        case gone
        /// An operator paused it.
        case `operator`
        /// The database was restored since its last delivery.
        case restored
    }

    /// The event that the webhook refused.
    package struct Failing: Sendable, Equatable {
        package let eventID: Int64
        package let schedule: RetrySchedule

        package init(eventID: Int64, schedule: RetrySchedule) {
            self.eventID = eventID
            self.schedule = schedule
        }
    }

    package struct Attempt: Sendable, Equatable {
        package let at: Moment
        /// Nil if there was no HTTP answer.
        package let status: Int?
        /// Nil if the attempt succeeded.
        package let error: String?

        package init(at: Moment, status: Int?, error: String?) {
            self.at = at
            self.status = status
            self.error = error
        }
    }

    package let id: Int64
    package let url: String
    package let types: SelectedTypes
    /// Nil for every account.
    package let accountID: Int64?
    package let note: String?
    package let createdAt: Moment
    package let createdBy: String
    /// The name of its secrets in the key file.
    package let secretName: String
    /// Nil if the webhook is on.
    package let offReason: OffReason?
    package let revision: Int64
    /// The epoch to which `cursor` belongs.
    package let epoch: String
    /// The id of the last event that was delivered, skipped or not selected; after a restore, of
    /// the last event before it.
    package let cursor: Int64
    package let failing: Failing?
    package let lastAttempt: Attempt?

    /// - Parameter epoch: the present epoch of the database.
    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row, epoch: String) throws(StoreFault) {
        let row = TableRow(row, of: "webhook")
        id = try row.value("id")
        url = try row.value("url")
        guard let types = SelectedTypes(stored: try row.value("types")) else { throw row.damaged }
        self.types = types
        accountID = try row.value("account_id")
        note = try row.value("note")
        createdAt = try row.value("created_at")
        createdBy = try row.value("created_by")
        secretName = try row.value("secret_name")
        revision = try row.value("revision")
        let own: String = try row.value("epoch")
        self.epoch = own
        let reason: OffReason? = try row.wordIfAny("off_reason")
        offReason = reason ?? (own == epoch ? nil : .restored)
        cursor = try row.value("cursor")
        failing = try Failing(row)
        if let at = try row.value("last_attempt_at") as Moment? {
            let status: Int64? = try row.value("last_status")
            lastAttempt = Attempt(
                at: at, status: status.map(Int.init), error: try row.value("last_error"))
        } else {
            lastAttempt = nil
        }
    }
}

extension WebhookRecord.Failing {
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let eventID = try row.value("failing_event_id") as Int64? else { return nil }
        let attempts: Int64 = try row.value("attempts")
        self.init(
            eventID: eventID,
            schedule: RetrySchedule(
                attempts: Int(attempts), firstFailedAt: try row.value("first_failed_at"),
                nextAttemptAt: try row.value("next_attempt_at")))
    }
}

/// An event that was skipped: the webhook refused it for too long, or its row is damaged.
package struct SkippedEvent: Sendable {
    package let id: Int64
    /// The epoch to which `eventID` belongs.
    package let epoch: String
    package let eventID: Int64
    package let at: Moment
    /// 0 for a damaged event.
    package let attempts: Int64
    /// Of the last attempt; nil if there was no HTTP answer.
    package let status: Int64?
    /// Of the last attempt, or how the event is damaged.
    package let error: String?

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "webhook_skipped")
        id = try row.value("id")
        epoch = try row.value("epoch")
        eventID = try row.value("event_id")
        at = try row.value("at")
        attempts = try row.value("attempts")
        status = try row.value("status")
        error = try row.value("error")
    }
}
