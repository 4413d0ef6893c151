// The minimum rate of request bodies. Each sender has a time budget. The budget starts with a few
// seconds and gains one second for each `bytes` received, up to the idle time of a connection. Only
// the time in which the service waits for the sender is deducted, not the time in which the service
// stores received bytes. If the budget is used up, the request is answered 408. If an answer is
// already being sent, the connection is closed instead.

import LoketCore
import NIOCore
import NIOHTTPTypes

/// The handler to add after a connection's HTTP decoder.
final class BodyPace: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let perByte = TimeAmount.nanoseconds(1_000_000_000 / Limits.bodyBytesPerSecond)
    private static let leftMax = TimeAmount.seconds(Limits.idleSeconds)

    private let grace: TimeAmount
    /// The time left to the sender of the current body; nil if no body is being received.
    private var left: TimeAmount?
    /// The time since which the service waits for the sender.
    private var waitsSince: NIODeadline?
    // Received bytes extend the time left and do not move the alarm. It may fire too early, and is
    // then scheduled again; it never fires too late.
    private var alarm: Scheduled<Void>?
    /// Requests received but not yet completely answered.
    private var unanswered = 0
    private var answerHasBegun = false
    private var isOver = false

    init(graceMilliseconds: Int) {
        grace = .milliseconds(Int64(graceMilliseconds))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopAlarm()
    }

    // MARK: Received parts

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            left = grace
            waitsSince = nil
        case .body(let bytes):
            count()
            let earned = Self.perByte * bytes.readableBytes
            left = left.map { min($0 + earned, Self.leftMax) }
        case .end:
            left = nil
            stopAlarm()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        count()
        waitsSince = nil
        context.fireChannelReadComplete()
    }

    /// Starts waiting for more bytes; a slow route delays this call.
    func read(context: ChannelHandlerContext) {
        if let left {
            waitsSince = waitsSince ?? .now()
            if alarm == nil { setAlarm(in: left, context) }
        }
        context.read()
    }

    /// Subtracts the time waited from the time left.
    private func count() {
        guard let left, let since = waitsSince else { return }
        let now = NIODeadline.now()
        self.left = left - (now - since)
        waitsSince = now
    }

    // MARK: The alarm

    private func setAlarm(in time: TimeAmount, _ context: ChannelHandlerContext) {
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            alarm = nil
            count()
            // If the service is not waiting for the sender, the next read sets the alarm again.
            guard let left, waitsSince != nil else { return }
            if left > .zero { return setAlarm(in: left, context) }
            end(context)
        }
    }

    private func stopAlarm() {
        alarm?.cancel()
        alarm = nil
    }

    private func end(_ context: ChannelHandlerContext) {
        isOver = true
        left = nil
        guard unanswered == 1, !answerHasBegun else { return context.close(promise: nil) }
        // The error is thrown where the route reads the body.
        context.fireErrorCaught(
            Problem(
                .bodyTooSlow,
                "fewer than \(Limits.bodyBytesPerSecond) bytes of the body arrived per second"))
    }

    // MARK: Sent parts

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var isLast = false
        switch unwrapOutboundIn(data) {
        case .head(let head): answerHasBegun = head.status.kind != .informational
        case .body: break
        case .end:
            unanswered -= 1
            answerHasBegun = false
            isLast = isOver
        }
        context.write(data, promise: promise)
        guard isLast else { return }
        // The connection stays open for a moment, so that the client receives the answer and not a
        // reset.
        alarm = context.eventLoop.assumeIsolated().scheduleTask(
            in: .seconds(Limits.lingerSeconds)
        ) {
            context.close(promise: nil)
        }
    }
}
