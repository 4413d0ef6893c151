// Cancels a running import: no further batch is applied. Applied rows stay and can be undone. The
// state is stored in the import's row, so that a restart does not continue the import.

import GRDB
import LoketCore

package enum ImportCancelOutcome: Sendable {
    case cancelled(ImportRecord)
    /// The import was already cancelled.
    case already(ImportRecord)
    /// The import has ended or is being undone.
    case notCancellable(ImportRecord)
    case unknown
}

extension Store {
    /// The start of a cancelled import's failure text; its state is `failed`.
    fileprivate static let cancelledBy = "cancelled by "

    /// - Parameter accountID: the only account that the caller's key allows; nil allows all.
    package func cancelImport(
        _ id: Int64, accountID: Int64?, actor: String, now: Moment
    ) async throws -> ImportCancelOutcome {
        let outcome: ImportCancelOutcome = try await commits.write { database in
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
                ? "; \(record.created) created and \(record.changed) changed bills remain: to "
                    + "revert them, undo the import"
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
        if case .cancelled = outcome { wordSignal.ring() }
        return outcome
    }
}

extension ImportRecord {
    fileprivate var isCancelled: Bool {
        state == .failed && failure?.hasPrefix(Store.cancelledBy) == true
    }
}
