// The status and the sums of the day, which many browsers that watch the page share: to add up the
// payments of a busy day takes tens of milliseconds.

import LoketJSON
import Synchronization

/// The last counts that were read.
final class DayCounts: Sendable {
    struct Counts: Sendable {
        let status: JSONValue
        /// The sum of the payments that are dated today.
        let received: JSONValue?
    }

    /// Ten seconds; a browser asks every five.
    private static let sharedTime = Duration.seconds(10)

    private let last = Mutex<(counts: Counts, readAt: ContinuousClock.Instant)?>(nil)

    /// Returns the present counts; nil if the key may not read the status, as one of a single
    /// account, because the status concerns all accounts.
    func now(_ visit: Visit) async throws -> Counts? {
        let began = ContinuousClock.now
        guard let status = try await visit.api.getIfAny("/admin/v1/status") else { return nil }
        let totals = try await visit.api.get(
            "/admin/v1/payments/totals", MoneyRange([:], now: visit.now).query)
        let counts = Counts(status: status, received: totals["received"])
        last.withLock { $0 = (counts, began) }
        return counts
    }

    /// Returns the counts that somebody read in the last seconds, or else the present ones.
    func lately(_ visit: Visit) async throws -> Counts? {
        let recent = last.withLock { last in
            last.flatMap { ContinuousClock.now - $0.readAt < Self.sharedTime ? $0.counts : nil }
        }
        guard visit.key.accountID == nil, let recent else { return try await now(visit) }
        return recent
    }
}
