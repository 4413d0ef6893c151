// The counts from which findings are derived. Counts in memory are read on each use; counts in the
// database are read at each check of the service.

import LoketCore
import LoketStore
import Synchronization

extension Runtime {
    /// Returns why the service cannot answer or write, one clause each; then /ready answers 503.
    ///
    /// - Parameter readFailure: why the last check could not read the database; nil if it could.
    func failures(_ readFailure: String?) -> [String] {
        var failures: [String] = []
        if !readiness.isUp { failures.append("a listener does not accept connections") }
        if let failure = metrics.storeFailure {
            failures.append("looking up bills fails: \(failure)")
        }
        let health = journal.health
        if let failure = health.failing {
            failures.append("the journal cannot be written: \(failure)")
        }
        if health.waiting > journal.capacity / 2 {
            failures.append("the journal's queue is more than half full")
        }
        let writing = store.writing
        if let failure = writing.failing {
            failures.append("the database cannot be written: \(failure)")
        }
        if writing.waiting > Limits.commitQueueMax / 2 {
            failures.append("the database's write queue is more than half full")
        }
        if let readFailure { failures.append("the database cannot be read: \(readFailure)") }
        failures += ledger.problems
        // SQLite reports a damaged page as "malformed".
        if failures.contains(where: { $0.contains("malformed") }) {
            failures.append("stop the service, " + StoreFault.wayBack(store.path))
        }
        return failures
    }

    var damages: [String] {
        let page = metrics.damagedBills.damagedPage(checkedAt: pages.finishedAt)
        let found = pages.problems + [page].compactMap(\.self)
        let unclassified = metrics.current.unclassified
        guard unclassified > 0 else { return found }
        let some = unclassified == 1 ? "1 notification is" : "\(unclassified) notifications are"
        return ["\(some) recorded but not classified: see the log"] + found
    }

    var pauses: ServiceCounts.Pauses? {
        let pauses = registry.pauses
        return pauses.map(\.pausedAt).min().map {
            ServiceCounts.Pauses(
                count: pauses.count, isEverything: pauses.contains { $0.accountID == nil },
                since: $0)
        }
    }

    /// Returns the shortage of space; nil if there is none or it is unknown.
    func disk() async -> ServiceCounts.Disk? {
        do {
            try await store.checkRoom()
        } catch let shortage as DiskRoom.Shortage {
            return ServiceCounts.Disk(freeBytes: shortage.free, keptBytes: shortage.kept)
        } catch {
            // An unreadable database is reported as a separate finding.
        }
        return nil
    }
}

/// The result of the latest reload of the settings, for the findings.
package final class ReloadState: Sendable {
    private let last = Mutex<ServiceCounts.Failing?>(nil)

    package init() {}

    /// The last refusal's reason and the first one's time; nil after a successful reload.
    package var refused: ServiceCounts.Failing? { last.withLock { $0 } }

    package func taken() {
        last.withLock { $0 = nil }
    }

    /// - Parameter error: the reason; only its first line is stored.
    package func refused(_ error: any Error, at now: Moment) {
        let line = "\(error)".split(separator: "\n").first.map(String.init) ?? "unknown reason"
        let reason = String(line.prefix(Self.charactersMax))
        last.withLock {
            $0 = ServiceCounts.Failing(since: $0?.since ?? now, reason: reason)
        }
    }

    private static let charactersMax = 200
}
