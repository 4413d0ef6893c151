// Limits how often requests are stored: for each key separately, a burst, and then one per second.
// A sender of requests that do not verify can thus neither fill the disk nor displace stored data.

import LoketCore
import Synchronization

package final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Allowance {
        var tokens: Double
        var filledAt = ContinuousClock.now
    }

    private let burst: Double
    private let allowances = Mutex<[Key: Allowance]>([:])

    package init(burst: Int) {
        self.burst = Double(burst)
    }

    /// Returns whether one more request may be stored now.
    ///
    /// - Parameter key: a value of a bounded set, such as the configured accounts.
    package func take(_ key: Key) -> Bool {
        allowances.withLock { allowances in
            var allowance = allowances[key] ?? Allowance(tokens: burst)
            let now = ContinuousClock.now
            let gained = (now - allowance.filledAt).inSeconds
            allowance.tokens = min(allowance.tokens + gained, burst)
            allowance.filledAt = now
            let isAllowed = allowance.tokens >= 1
            if isAllowed { allowance.tokens -= 1 }
            allowances[key] = allowance
            return isAllowed
        }
    }
}
