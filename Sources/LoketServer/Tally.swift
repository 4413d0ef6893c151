// What the gateway counts: answers by guard, refusals by cause, store failures. Read by /metrics
// and /ready, written on every request, so it is one short lock and nothing else.

import DokuWire
import LoketCore
import LoketStore
import Logging
import Synchronization

package final class Tally: Sendable {
    package struct Counts: Sendable {
        package var answered: [Guard: Int] = [:]
        package var unverified: [WireRejection: Int] = [:]
        package var gateway: [Int: Int] = [:]
        package var microseconds: Int64 = 0
        package var storeFailures = 0
        fileprivate var recentFailures: [ContinuousClock.Instant] = []
        fileprivate var lastFailureLogged: ContinuousClock.Instant?
    }

    /// So many store failures within the window turn /ready red.
    package static let failuresMax = 3
    package static let failureWindow = Duration.seconds(60)

    private let counts = Mutex(Counts())
    private let log: Logger

    package init(log: Logger) {
        self.log = log
    }

    package func count(answeredBy reason: Guard, since began: ContinuousClock.Instant) {
        let took = (ContinuousClock.now - began).microseconds
        counts.withLock { counts in
            counts.answered[reason, default: 0] += 1
            counts.microseconds += took
        }
    }

    package func count(unverified cause: WireRejection) {
        counts.withLock { $0.unverified[cause, default: 0] += 1 }
    }

    /// What the gateway answered by itself, by HTTP status.
    package func count(gateway status: Int) {
        counts.withLock { $0.gateway[status, default: 0] += 1 }
    }

    /// Said aloud once a second at most: a failing disk fails every inquiry.
    package func count(storeFailure fault: StoreFault) {
        let now = ContinuousClock.now
        let isSaid = counts.withLock { counts in
            counts.storeFailures += 1
            counts.recentFailures.append(now)
            if counts.recentFailures.count > Self.failuresMax {
                counts.recentFailures.removeFirst()
            }
            if let last = counts.lastFailureLogged, now - last < .seconds(1) { return false }
            counts.lastFailureLogged = now
            return true
        }
        if isSaid { log.error("inquiry declined: \(fault)") }
    }

    package var current: Counts { counts.withLock { $0 } }

    /// The store has failed again and again within the last minute.
    package var isStoreFailing: Bool {
        counts.withLock { counts in
            counts.recentFailures.count == Self.failuresMax
                && counts.recentFailures.allSatisfy {
                    ContinuousClock.now - $0 < Self.failureWindow
                }
        }
    }
}
