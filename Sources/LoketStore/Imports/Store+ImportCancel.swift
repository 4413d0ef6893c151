// A running import is cancelled: no further batch is applied. What was applied stays, and can be
// undone. The import's row says so, so that a restart does not go on with it.

import GRDB
import LoketCore

package enum ImportCancelOutcome: Sendable {
    case cancelled(ImportRecord)
    /// It was cancelled before.
    case already(ImportRecord)
    /// It is over, or is being undone.
    case notCancellable(ImportRecord)
    case unknown
}

extension Store {
    /// How the reason of a cancelled import begins; its state is `failed`.
    fileprivate static let cancelledBy = "cancelled by "

    /// - Parameter accountID: the only account that the asking key is for; nil: every one.
    package func cancelImport(
        _ id: Int64, accountID: Int64?, actor: String, now: Moment
    ) async throws -> ImportCancelOutcome {
        try await commits.write { database in
            guard let record = try Self.importRecord(id, in: database),
                accountID == nil || record.accountID == accountID
            else { return .unknown }
            if record.isCancelled { return .already(record) }
            guard record.state == .running, record.phase != .undoing else {
                return .notCancellable(record)
            }
            let hasApplied = record.created + record.changed > 0
            let end =
                hasApplied
                ? "; \(record.created) created and \(record.changed) changed bills stay: undo the "
                    + "import to take them back"
                : "; nothing was applied"
            try database.run(
                """
                UPDATE import SET state = 'failed', phase = NULL, failure = ?1, finished_at = ?2
                WHERE id = ?3
                """, [Self.cancelledBy + actor + end, now.milliseconds, id])
            if hasApplied {
                try Event.add(
                    .importApplied, ofImport: id, accountID: record.accountID,
                    made: record.created, changed: record.changed, at: now, in: database)
            }
            guard let cancelled = try Self.importRecord(id, in: database) else { return .unknown }
            return .cancelled(cancelled)
        }
    }
}

extension ImportRecord {
    /// It was cancelled.
    fileprivate var isCancelled: Bool {
        state == .failed && failure?.hasPrefix(Store.cancelledBy) == true
    }
}
