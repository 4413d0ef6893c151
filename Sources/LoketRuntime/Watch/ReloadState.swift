// Whether the latest reload of the settings was taken, for the findings.

import LoketCore
import Synchronization

package final class ReloadState: Sendable {
    private let last = Mutex<ServiceCounts.Failing?>(nil)

    package init() {}

    /// The latest was refused; since the first that was.
    package var refused: ServiceCounts.Failing? { last.withLock { $0 } }

    package func taken() {
        last.withLock { $0 = nil }
    }

    /// - Parameter error: of which the first line is kept.
    package func refused(_ error: any Error, at now: Moment) {
        let line = "\(error)".split(separator: "\n").first.map(String.init) ?? "no reason is known"
        let reason = String(line.prefix(Self.charactersMax))
        last.withLock {
            $0 = ServiceCounts.Failing(since: $0?.since ?? now, reason: reason)
        }
    }

    private static let charactersMax = 200
}
