// The clock by which a service takes requests in and judges itself, and how often it looks. Tests
// set both, and hours pass in a moment.

import LoketCore

package struct ServiceClock: Sendable {
    package var now: @Sendable () -> Moment
    /// Between two looks; nil: it looks only where it is asked to.
    package var interval: Duration?

    package init(
        now: @escaping @Sendable () -> Moment = { .now },
        interval: Duration? = .seconds(Limits.watchSeconds)
    ) {
        self.now = now
        self.interval = interval
    }
}
