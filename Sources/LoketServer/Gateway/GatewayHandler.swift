// One connection of the gateway: requests in, whole and within their limits, replies out in the
// same order. It knows HTTP and nothing of what is asked.
//
// A refused sender is answered first; then our side of the socket is closed and what he still
// sends is read and dropped for a moment, so that the answer reaches him and not a reset.

import LoketCore
import NIOCore
import NIOExtras
import NIOHTTP1

final class GatewayHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case betweenRequests
        case reading(Request)
        /// The reply is known; the rest of the request is read and dropped before it is given.
        case skipping(Reply, keepAlive: Bool)
        /// Answered for the last time.
        case closing
    }

    private struct Request {
        let route: GatewayRoute
        let head: HTTPRequestHead
        var body: [UInt8] = []
    }

    private let routes: [GatewayRoute]
    private let answerer: any GatewayAnswerer
    private let tally: Tally
    private let deadline: ConnectionDeadline
    private let date: HTTPDate
    private var state = State.betweenRequests
    private var isQuiescing = false
    private var holdsRead = false

    init(
        routes: [GatewayRoute], answerer: any GatewayAnswerer, tally: Tally,
        deadline: ConnectionDeadline, date: HTTPDate
    ) {
        self.routes = routes
        self.answerer = answerer
        self.tally = tally
        self.deadline = deadline
        self.date = date
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline.whenPassed = { phase in
            let (handler, context) = bound.value
            handler.timeIsUp(phase, context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        isQuiescing = true
        if deadline.phase == .betweenRequests { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What a refused sender goes on sending: the decoder takes no more, and neither do we.
        if case .closing = state, error is ByteToMessageDecoderError { return }
        guard let fault = error as? HTTPParserError else {
            context.close(promise: nil)
            return
        }
        if case .closing = state { return }
        refuse(fault == .headerOverflow ? .headTooLarge : .malformedHTTP, context: context)
    }

    private func timeIsUp(_ phase: ConnectionDeadline.Phase, context: ChannelHandlerContext) {
        switch phase {
        case .inRequest: refuse(.tooSlow, context: context)
        case .betweenRequests, .lingering: context.close(promise: nil)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .closing = state { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context: context)
        case .body(let bytes):
            deadline.bodyArrived(bytes)
            add(bytes, context: context)
        case .end: complete(context: context)
        }
    }

    /// The target first: what is no route of ours is not looked at any further.
    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        deadline.bytesArrived()  // its first ones may have come with the request before it
        guard let route = GatewayRoute.find(head.uri, in: routes) else {
            skip(.unknownTarget, head, context: context)
            return
        }
        guard head.method.rawValue == route.method else {
            skip(.wrongMethod(allowed: route.method), head, context: context)
            return
        }
        guard isWithinLimits(head) else {
            refuse(.headTooLarge, context: context)
            return
        }
        let announced = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
        guard announced <= route.bodyBytesMax else {
            refuse(.bodyTooLarge, context: context)
            return
        }
        var request = Request(route: route, head: head)
        request.body.reserveCapacity(announced)
        state = .reading(request)
        if head.headers.contains(name: "expect") {
            let interim = context.channel.allocator.buffer(
                staticString: "HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
        }
    }

    private func add(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        guard case .reading(var request) = state else { return }
        guard request.body.count + bytes.readableBytes <= request.route.bodyBytesMax else {
            refuse(.bodyTooLarge, context: context)
            return
        }
        state = .betweenRequests  // so that the array below is ours alone and grows in place
        request.body.append(contentsOf: bytes.readableBytesView)
        state = .reading(request)
    }

    private func complete(context: ChannelHandlerContext) {
        switch state {
        case .reading(let request):
            let reply = answerer.answer(
                request.route.kind, headers: request.head.headers, body: request.body)
            give(reply, keepAlive: keepsAlive(request.head), context: context)
        case .skipping(let reply, let keepAlive):
            tally.count(gateway: reply.status)
            give(reply, keepAlive: keepAlive, context: context)
        case .betweenRequests, .closing:
            break
        }
    }

    private func skip(_ outcome: Outcome, _ head: HTTPRequestHead, context: ChannelHandlerContext) {
        // Whoever asks before he sends his body gets the answer that he waits for.
        if head.headers.contains(name: "expect") {
            refuse(outcome, context: context)
        } else {
            state = .skipping(Reply(outcome), keepAlive: keepsAlive(head))
        }
    }

    private func isWithinLimits(_ head: HTTPRequestHead) -> Bool {
        guard head.headers.count <= Limits.headerFieldsMax else { return false }
        // Each line has a colon, a space and its end.
        let requestLine = head.method.rawValue.utf8.count + head.uri.utf8.count + 12
        let bytes = head.headers.reduce(requestLine) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + 4
        }
        return bytes <= Limits.headBytesMax
    }

    /// The decoder reads nothing more behind a request that offers another protocol.
    private func keepsAlive(_ head: HTTPRequestHead) -> Bool {
        head.isKeepAlive && head.version == .http1_1 && head.method != .CONNECT
            && !head.headers.contains(name: "upgrade")
    }

    // MARK: Replies

    /// Flushed when everything that came in one read is answered.
    private func give(_ reply: Reply, keepAlive: Bool, context: ChannelHandlerContext) {
        let closes = !keepAlive || isQuiescing
        deadline.requestComplete()
        context.write(
            wrapOutboundOut(
                encode(reply, closes: closes, date: date.line, with: context.channel.allocator)),
            promise: nil)
        if closes { close(context: context) } else { state = .betweenRequests }
    }

    private func refuse(_ outcome: Outcome, context: ChannelHandlerContext) {
        let reply = Reply(outcome)
        tally.count(gateway: reply.status)
        context.write(
            wrapOutboundOut(
                encode(reply, closes: true, date: date.line, with: context.channel.allocator)),
            promise: nil)
        close(context: context)
    }

    private func close(context: ChannelHandlerContext) {
        state = .closing
        deadline.linger()
        context.flush()
        context.close(mode: .output, promise: nil)
    }

    // MARK: Flow

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    /// A client that asks and does not read gets no more of our memory.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { holdsRead = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, holdsRead {
            holdsRead = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }
}
