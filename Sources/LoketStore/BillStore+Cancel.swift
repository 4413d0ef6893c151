// Cancelling a bill.

import GRDB
import LoketCore

/// What became of a wish to cancel.
package enum CancelOutcome: Sendable {
    case cancelled(BillRecord)
    /// It was cancelled before; nothing was changed.
    case already(BillRecord)
    /// Paid: there is nothing left to cancel.
    case refused(BillRecord)
    case unknown
}

extension BillStore {
    /// - Parameters:
    ///   - reason: the merchant's own word; `paid_elsewhere` makes the counter answer "paid".
    ///   - actor: name of the admin key.
    package func cancel(
        id: Int64, reason: String?, actor: String, now: Moment
    ) async throws -> CancelOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
            switch record.bill.state {
            case .cancelled: return .already(record)
            case .paid: return .refused(record)
            case .open, .held, .replaced: break
            }
            try Self.setState(
                .cancelled, of: record, reason: reason, actor: actor, now: now, in: database)
            return .cancelled(try Self.fetch(id, in: database))
        }
    }
}
