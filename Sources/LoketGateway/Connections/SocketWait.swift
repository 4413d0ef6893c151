// How long a connection's request may have waited before it was read: while its loop was busy,
// while other requests of the connection were read first, or before the connection was accepted.

import Foundation
import LoketCore
import NIOCore

/// Belongs to its connection's event loop.
final class SocketWait {
    private let lag: LoopLag
    /// What was read last reached the machine after this.
    private var since = NIODeadline.now()
    private var isFirst = true
    /// The last read filled its buffer, so the socket may hold more.
    private var holdsMore = false
    private var readAt = NIODeadline.now()
    /// When reading was allowed again after that.
    private var askedAt = NIODeadline.now()

    init(_ lag: LoopLag) {
        self.lag = lag
    }

    var now: TimeAmount { .now() - since }

    func willRead() {
        askedAt = .now()
    }

    /// - Parameter isFull: the read took as much as it could.
    func read(isFull: Bool, at now: NIODeadline, from channel: any NIOCore.Channel) {
        let lag = lag.lag(at: now)
        // What had waited would have been read in the next turn: there was nothing, so what comes
        // now is new.
        let isNew = now - askedAt > lag + .milliseconds(2 * Limits.lagTickMilliseconds)
        if isFirst {
            isFirst = false
            since = now - sinceLastArrival(channel)
        } else if isNew {
            since = now - lag
        } else if !holdsMore {
            // It may have come at any time while nothing was read.
            let wasHeld = askedAt - readAt > .milliseconds(Limits.lagMilliseconds)
            since = wasHeld ? min(readAt, now - lag) : now - lag
        }
        holdsMore = isFull
        readAt = now
    }

    /// A new connection may have waited for its turn to be accepted, which only the kernel knows.
    private func sinceLastArrival(_ channel: any NIOCore.Channel) -> TimeAmount {
        var milliseconds: Int64 = 0
        (channel as? any SocketOptionProvider)?.getTCPInfo().assumeIsolated().whenSuccess {
            milliseconds = Int64($0.tcpi_last_data_recv)
        }
        return .milliseconds(milliseconds)
    }
}

// How long an event loop takes from one turn to the next. A task comes due again and again; how
// late it runs is how long what became readable meanwhile has waited.

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
