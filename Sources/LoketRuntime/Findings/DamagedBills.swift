// The damage that inquiries have met: bills whose row does not match its checksum, until the row is
// repaired or the bill can no longer be paid; and a damaged page, until every page is checked.

import LoketCore
import LoketStore
import Synchronization

package final class DamagedBills: Sendable {
    private struct Seen {
        let since: Moment
        var requestID: String
    }

    private let seen = Mutex<[Int64: Seen]>([:])
    /// The fault and time of the last look-up that met a damaged page; nil if there was none.
    private let page = Mutex<(fault: String, at: Moment)?>(nil)

    package init() {}

    /// Adds a bill; returns false if it is already listed or the list is full.
    func add(_ billID: Int64, requestID: String, at now: Moment) -> Bool {
        seen.withLock { seen in
            if seen[billID] != nil {
                seen[billID]?.requestID = requestID
                return false
            }
            guard seen.count < Limits.damagedBillsMax else { return false }
            seen[billID] = Seen(since: now, requestID: requestID)
            return true
        }
    }

    func add(_ fault: StoreFault, at now: Moment) {
        guard case .damagedFile = fault else { return }
        page.withLock { $0 = ("\(fault)", now) }
    }

    /// Returns the fault of the file; nil if none, or if a later check of every page has finished:
    /// its problems then replace the fault.
    package func damagedPage(checkedAt: Moment?) -> String? {
        page.withLock { page in
            page.flatMap { $0.at > checkedAt ?? $0.at.adding(milliseconds: -1) ? $0.fault : nil }
        }
    }

    /// Checks the bills again and removes repaired ones.
    func lookAgain(in store: Store) async throws {
        let ids = seen.withLock { Array($0.keys) }
        guard !ids.isEmpty else { return }
        let damaged = try await store.damaged(among: ids)
        seen.withLock { seen in
            for id in ids where !damaged.contains(id) { seen[id] = nil }
        }
    }

    var waiting: ServiceCounts.Waiting {
        seen.withLock { seen in
            let oldest = seen.min { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
            return ServiceCounts.Waiting(
                seen.count, since: oldest?.value.since,
                requestID: seen.values.max { $0.since < $1.since }?.requestID,
                oldestID: oldest?.key)
        }
    }
}
