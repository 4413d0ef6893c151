// An estimate of how long a request waited before it was read: while its event loop was busy, while
// other requests of the connection were read, or before the connection was accepted.

import Foundation
import LoketCore
import NIOCore

/// Used only on the connection's event loop.
final class SocketWait {
    private let lag: LoopLag
    /// The bytes of the last read arrived after this time.
    private var since = NIODeadline.now()
    /// The bytes that are being handled arrived after this time.
    private var handledSince = NIODeadline.now()
    private var isFirst = true
    /// Whether the last read filled its buffer, so that the socket may hold more bytes.
    private var holdsMore = false
    private var readAt = NIODeadline.now()
    /// When reading was allowed again after the last read.
    private var askedAt = NIODeadline.now()

    init(_ lag: LoopLag) {
        self.lag = lag
    }

    var now: TimeAmount { .now() - handledSince }

    /// - Parameter arrivedAt: what `read` returned for the bytes.
    func handle(bytesOf arrivedAt: NIODeadline) {
        handledSince = arrivedAt
    }

    func willRead() {
        askedAt = .now()
    }

    /// - Parameter isFull: whether the read filled its buffer.
    /// - Returns: a time after which the bytes of this read arrived.
    func read(
        isFull: Bool, at now: NIODeadline, from channel: any NIOCore.Channel
    ) -> NIODeadline {
        let lag = lag.lag(at: now)
        // Waiting bytes would have been read in the next turn of the loop. No bytes were waiting,
        // so the bytes received now are new.
        let isNew = now - askedAt > lag + .milliseconds(2 * Limits.lagTickMilliseconds)
        if isFirst {
            isFirst = false
            since = now - sinceLastArrival(channel)
        } else if isNew {
            since = now - lag
        } else if !holdsMore {
            // The bytes may have arrived at any time while reading was paused.
            let wasHeld = askedAt - readAt > .milliseconds(Limits.lagMilliseconds)
            since = wasHeld ? min(readAt, now - lag) : now - lag
        }
        holdsMore = isFull
        readAt = now
        return since
    }

    /// A new connection may have waited to be accepted; only the kernel records how long.
    private func sinceLastArrival(_ channel: any NIOCore.Channel) -> TimeAmount {
        var milliseconds: Int64 = 0
        (channel as? any SocketOptionProvider)?.getTCPInfo().assumeIsolated().whenSuccess {
            milliseconds = Int64($0.tcpi_last_data_recv)
        }
        return .milliseconds(milliseconds)
    }
}

// The lag of an event loop. A task is scheduled repeatedly; its lateness is how long bytes that
// became readable meanwhile have waited.

/// Measures one event loop until it ends; used only on that loop.
final class LoopLag {
    private let loop: NIOIsolatedEventLoop
    private var dueAt: NIODeadline
    /// How late the last measurement ran: bytes handled now may have arrived that much earlier.
    private var late = TimeAmount.zero

    init(_ loop: any EventLoop) {
        self.loop = loop.assumeIsolated()
        dueAt = .now()
        look()
    }

    /// Returns how long bytes that are read now may have been readable.
    func lag(at now: NIODeadline) -> TimeAmount { late + max(.zero, now - dueAt) }

    /// Measures the lag. On a busy loop this task runs in every turn of the loop, but never twice.
    private func look() {
        let now = NIODeadline.now()
        late = max(.zero, now - dueAt)
        let isBusy = late >= .milliseconds(Limits.lagMilliseconds)
        dueAt = now + .milliseconds(isBusy ? 1 : Limits.lagTickMilliseconds)
        loop.scheduleTask(deadline: dueAt) { [weak self] in self?.look() }
    }
}
