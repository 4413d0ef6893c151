// How long an event loop takes from one turn to the next. A task comes due again and again; how
// late it runs is how long what became readable meanwhile has waited.

import LoketCore
import NIOCore

/// Belongs to its event loop, and looks for as long as that runs.
final class LoopLag {
    private let loop: NIOIsolatedEventLoop
    private var dueAt: NIODeadline
    /// How late the last look was: what is handled now may have come as long before that.
    private var late = TimeAmount.zero

    init(_ loop: any EventLoop) {
        self.loop = loop.assumeIsolated()
        dueAt = .now()
        look()
    }

    /// How long what is read now may have been readable.
    func lag(at now: NIODeadline) -> TimeAmount { late + max(.zero, now - dueAt) }

    /// On a busy loop it is due so soon that it runs in every turn, but not twice in one.
    private func look() {
        let now = NIODeadline.now()
        late = max(.zero, now - dueAt)
        let isBusy = late >= .milliseconds(Limits.lagMilliseconds)
        dueAt = now + .milliseconds(isBusy ? 1 : Limits.lagTickMilliseconds)
        loop.scheduleTask(deadline: dueAt) { [weak self] in self?.look() }
    }
}
