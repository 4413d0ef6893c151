// A webhook, its skipped events and the answer to a message, in the admin API's responses.

import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

extension WebhookRecord {
    /// - Parameters:
    ///   - accounts: the Client-Id of each account's row id.
    ///   - secrets: the number of its secrets in the key file.
    ///   - skipped: the number of its skipped events.
    func write(
        to object: inout JSONWriter, accounts: [Int64: String], secrets: Int, skipped: Int64
    ) {
        object.field("id", "\(id)")
        object.field("url", url)
        if let names = types.names {
            object.array("types") { list in names.forEach { list.string($0) } }
        } else {
            object.field("types", nil as String?)
        }
        object.field("account", accountID.flatMap { accounts[$0] })
        object.field("note", note)
        object.field("created_at", createdAt.utcText)
        object.field("created_by", createdBy)
        object.field("state", offReason == nil ? "on" : "off")
        object.field("off_reason", offReason?.rawValue)
        object.field("secrets", Int64(secrets))
        object.field("last_event", Event.name(cursor, in: epoch))
        object.object("failing", of: failing) {
            $0.field("event", Event.name($1.eventID, in: epoch))
            $0.field("attempts", Int64($1.schedule.attempts))
            $0.field("since", $1.schedule.firstFailedAt.utcText)
            $0.field("next_attempt_at", $1.schedule.nextAttemptAt.utcText)
        }
        object.object("last_attempt", of: lastAttempt) {
            $0.field("at", $1.at.utcText)
            $0.field("status", $1.status.map(Int64.init))
            $0.field("error", $1.error)
        }
        object.field("skipped", skipped)
    }
}

extension SkippedEvent {
    func write(to object: inout JSONWriter) {
        object.field("event", Event.name(eventID, in: epoch))
        object.field("skipped_at", at.utcText)
        object.field("attempts", attempts)
        object.field("status", status)
        object.field("error", error)
    }
}

extension WebhookAnswer {
    func write(to object: inout JSONWriter) {
        switch self {
        case .delivered(let status):
            object.field("delivered", true)
            object.field("status", Int64(status))
            object.field("error", nil as String?)
        case .gone:
            object.field("delivered", false)
            object.field("status", Int64(410))
            object.field("error", "HTTP 410")
        case .refused(let status, let reason):
            object.field("delivered", false)
            object.field("status", status.map(Int64.init))
            object.field("error", reason)
        }
    }
}
