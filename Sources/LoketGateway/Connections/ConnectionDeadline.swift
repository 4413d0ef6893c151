// One clock per connection, with one rule: a request is complete within its time, counted from its
// first byte, and a connection with no request on it is closed after a while. Bytes that drip do
// not move a deadline.

import LoketCore
import NIOCore

/// Belongs to its connection's event loop.
final class ConnectionDeadline {
    enum Phase {
        case betweenRequests
        case inRequest
        /// The request is whole and its answer waits for the disk, which has its own time.
        case answering
        /// Answered and closing: the sender may still be writing.
        case lingering
    }

    private(set) var phase = Phase.betweenRequests
    /// Called when the time of the phase is over.
    var whenPassed: ((Phase) -> Void)?

    private let loop: NIOIsolatedEventLoop
    private let requestTime: TimeAmount
    private var deadline: NIODeadline
    /// Another request has begun after the one that is being answered.
    private var hasNext = false
    /// What the last read brought does not end where a request ends.
    private var endsInside = false
    /// The last piece of body in the current read.
    private var bodyTail = ByteBuffer()
    // The alarm may ring too early, never too late: most requests move the deadline only, and the
    // alarm, when it fires, is set again.
    private var alarm: Scheduled<Void>?
    private var ringsAt = NIODeadline.distantFuture

    init(loop: any EventLoop, requestMilliseconds: Int) {
        self.loop = loop.assumeIsolated()
        requestTime = .milliseconds(Int64(requestMilliseconds))
        deadline = .now() + .seconds(Limits.idleSeconds)
        setAlarm()
    }

    /// Bytes of a request came, the first or further ones.
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

    /// The request is whole; its answer comes later.
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

    /// Everything of one read has been processed. If it does not end as the last request ended,
    /// another one has begun after it.
    func readTaken(_ bytes: ByteBuffer) {
        defer { bodyTail = ByteBuffer() }  // and lets the read's memory be used again
        guard phase == .betweenRequests || phase == .answering else { return }
        let read = bytes.readableBytesView
        let body = bodyTail.readableBytesView
        endsInside =
            !ends(read, with: body) && !ends(read.withoutEmptyLines, with: body)
            && !read.suffix(4).elementsEqual("\r\n\r\n".utf8)
        if endsInside { bytesArrived() }
    }

    private func ends(_ read: ByteBufferView, with body: ByteBufferView) -> Bool {
        !body.isEmpty && read.suffix(body.count).elementsEqual(body)
    }

    /// Everything that arrived after an answered request has been processed.
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
