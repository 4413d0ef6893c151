// A least rate for the bodies of requests: a sender has some seconds at first, and earns one for each
// so many bytes, up to as many as a silent connection has. Only the time counts in which the service
// waits for the sender, not the time in which it stores what was sent. A sender whose time is over
// is answered 408; if an answer has begun, or is for an earlier request, the connection closes.

import LoketCore
import NIOCore
import NIOHTTPTypes

/// Follows the HTTP decoder of each connection.
final class BodyPace: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let perByte = TimeAmount.nanoseconds(1_000_000_000 / Limits.bodyBytesPerSecond)
    private static let leftMax = TimeAmount.seconds(Limits.idleSeconds)

    private let grace: TimeAmount
    /// Time that the sender of the body that is coming in has left; nil while none is.
    private var left: TimeAmount?
    /// Since when the service waits for the sender.
    private var waitsSince: NIODeadline?
    // The alarm may ring too early, never too late: what comes in moves only the time that is left.
    private var alarm: Scheduled<Void>?
    /// Requests whose head has come and whose answer has not gone.
    private var unanswered = 0
    private var answerHasBegun = false
    private var isOver = false

    init(graceMilliseconds: Int) {
        grace = .milliseconds(Int64(graceMilliseconds))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopAlarm()
    }

    // MARK: What comes in

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

    /// More is wanted: a route that is late delays this.
    func read(context: ChannelHandlerContext) {
        if let left {
            waitsSince = waitsSince ?? .now()
            if alarm == nil { setAlarm(in: left, context) }
        }
        context.read()
    }

    /// Takes the time that was waited from what is left.
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
            // Unless the service waits for the sender, the next read sets it again.
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
        // Thrown where the route reads the body.
        context.fireErrorCaught(
            Problem(
                .bodyTooSlow,
                "fewer than \(Limits.bodyBytesPerSecond) bytes of the body arrived per second"))
    }

    // MARK: What goes out

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
        // Open for a moment, so that the client reads our answer and not a reset.
        alarm = context.eventLoop.assumeIsolated().scheduleTask(
            in: .seconds(Limits.lingerSeconds)
        ) {
            context.close(promise: nil)
        }
    }
}
