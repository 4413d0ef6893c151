// The deadline of a connection. A request must be complete within a fixed time after its first
// byte, and a connection without a request is closed after an idle time. Slowly arriving bytes do
// not extend a deadline.

import LoketCore
import NIOCore

/// Used only on the connection's event loop.
final class ConnectionDeadline {
    enum Phase {
        case betweenRequests
        case inRequest
        /// The request is complete and its answer waits for the disk, which has a separate time
        /// limit.
        case answering
        /// The request is answered; the sender may still be sending.
        case lingering
    }

    private(set) var phase = Phase.betweenRequests
    /// Called when the time of the current phase is over.
    var whenPassed: ((Phase) -> Void)?

    private let loop: NIOIsolatedEventLoop
    private let requestTime: TimeAmount
    private var deadline: NIODeadline
    /// Whether another request has begun after the request that is being answered.
    private var hasNext = false
    /// Whether the bytes of the last read end inside a request.
    private var endsInside = false
    /// The last piece of request body in the current read.
    private var bodyTail = ByteBuffer()
    // The alarm may fire too early, never too late. Most requests change only the deadline; an
    // alarm that fires before the deadline is scheduled again.
    private var alarm: Scheduled<Void>?
    private var ringsAt = NIODeadline.distantFuture

    init(loop: any EventLoop, requestMilliseconds: Int) {
        self.loop = loop.assumeIsolated()
        requestTime = .milliseconds(Int64(requestMilliseconds))
        deadline = .now() + .seconds(Limits.idleSeconds)
        setAlarm()
    }

    /// Records that some bytes of a request have arrived.
    func bytesArrived(at now: @autoclosure () -> NIODeadline = .now()) {
        if phase == .answering { hasNext = true }
        guard phase == .betweenRequests else { return }
        enter(.inRequest, for: requestTime, from: now())
    }

    func bodyArrived(_ bytes: ByteBuffer) {
        bodyTail = bytes
    }

    func requestComplete() {
        guard phase == .inRequest else { return }
        enter(.betweenRequests, for: .seconds(Limits.idleSeconds))
    }

    /// Records that the request is complete; its answer follows.
    func awaitAnswer() {
        hasNext = false
        enter(.answering, for: .hours(1))
    }

    func answerComplete() {
        guard phase == .answering else { return }
        if hasNext {
            enter(.inRequest, for: requestTime)
        } else {
            enter(.betweenRequests, for: .seconds(Limits.idleSeconds))
        }
    }

    /// Records that one read has been processed completely. If the read does not end where the last
    /// request ended, another request has begun.
    func readTaken(_ bytes: ByteBuffer) {
        defer { bodyTail = ByteBuffer() }  // frees the memory of the read for reuse
        guard phase == .betweenRequests || phase == .answering else { return }
        let read = bytes.readableBytesView
        let body = bodyTail.readableBytesView
        endsInside =
            !ends(read, with: body) && !ends(read.withoutEmptyLines, with: body)
            && !read.suffix(4).elementsEqual("\r\n\r\n".utf8)
        if endsInside { bytesArrived() }
    }

    private func ends(_ read: ByteBufferView, with body: ByteBufferView) -> Bool {
        // Two views are compared as memory, unlike two sequences.
        !body.isEmpty && read.suffix(body.count) == body
    }

    /// Records that everything received after an answered request has been processed.
    func waitingTaken() {
        if endsInside { bytesArrived() }
    }

    func linger() {
        enter(.lingering, for: .seconds(Limits.lingerSeconds))
    }

    func cancel() {
        alarm?.cancel()
        alarm = nil
        whenPassed = nil
    }

    private func enter(_ next: Phase, for time: TimeAmount, from now: NIODeadline = .now()) {
        phase = next
        deadline = now + time
        if deadline < ringsAt { setAlarm() }
    }

    private func setAlarm() {
        alarm?.cancel()
        ringsAt = deadline
        alarm = loop.scheduleTask(deadline: deadline) { [self] in ring() }
    }

    private func ring() {
        guard let whenPassed else { return }
        ringsAt = .distantFuture
        if NIODeadline.now() >= deadline { whenPassed(phase) } else { setAlarm() }
    }
}
