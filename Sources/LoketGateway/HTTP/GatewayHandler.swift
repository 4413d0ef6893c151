// One connection of the gateway: it receives complete requests within their limits and sends
// replies in the same order. It handles HTTP and does not interpret the requests' contents.
//
// A refused sender first gets his reply. Then the gateway closes its side of the socket, and reads
// and drops for a moment what he still sends, so that he receives the reply and not a reset.

import LoketCore
import LoketRuntime
import NIOCore
import NIOExtras
import NIOHTTP1

final class GatewayHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let routes: [GatewayRoute]
    let endpoint: any GatewayEndpoint
    let metrics: Metrics
    let deadline: ConnectionDeadline
    let connection: GatewayConnection
    let connections: GatewayConnections
    let date: HTTPDate
    let wait: SocketWait
    let bodies: BodyBudget
    var state = ConnectionState.betweenRequests
    private(set) var isQuiescing = false
    var isInputClosed = false
    /// Whether a requested read waits until there is room for its bytes.
    var holdsRead = false
    /// The last request's `X-Forwarded-For`.
    var forwardedFor: [String] = []
    /// The parts received while a reply waits for the disk.
    private var waiting: [HTTPServerRequestPart] = []
    /// The error that follows all waiting parts.
    private var waitingFault: Outcome?

    init(
        routes: [GatewayRoute], endpoint: any GatewayEndpoint, metrics: Metrics,
        deadline: ConnectionDeadline, connection: GatewayConnection,
        connections: GatewayConnections, date: HTTPDate, wait: SocketWait,
        bodies: BodyBudget
    ) {
        self.routes = routes
        self.endpoint = endpoint
        self.metrics = metrics
        self.deadline = deadline
        self.connection = connection
        self.connections = connections
        self.date = date
        self.wait = wait
        self.bodies = bodies
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
        if case .some(.inputClosed) = event as? ChannelEvent { return endInput(context) }
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        isQuiescing = true
        if deadline.phase == .betweenRequests { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A sender who is refused, or will be after a waiting reply, may still be sending: the
        // decoder accepts no more bytes, and the gateway ignores the error.
        if error is ByteToMessageDecoderError, isRefused { return }
        guard let fault = error as? HTTPParserError else {
            context.close(promise: nil)
            return
        }
        let outcome: Outcome = fault == .headerOverflow ? .headTooLarge : .malformedHTTP
        switch state {
        case .closing: return
        case .answering: waitingFault = outcome
        default: refuse(outcome, context: context)
        }
    }

    private var isRefused: Bool {
        if case .closing = state { return true }
        return waitingFault != nil
    }

    private func timeIsUp(_ phase: ConnectionDeadline.Phase, context: ChannelHandlerContext) {
        switch phase {
        case .inRequest: refuse(.tooSlow, context: context)
        case .betweenRequests, .answering, .lingering: context.close(promise: nil)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data), context: context)
    }

    private func take(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch state {
        case .closing: return
        case .answering:
            deadline.bytesArrived()
            if case .body(let bytes) = part { deadline.bodyArrived(bytes) }
            waiting.append(part)
            return
        case .betweenRequests, .reading, .skipping: break
        }
        switch part {
        case .head(let head): begin(head, context: context)
        case .body(let bytes):
            deadline.bodyArrived(bytes)
            add(bytes, context: context)
        case .end: complete(context: context)
        }
    }

    /// Checks the target first: a request for an unknown path is not examined further.
    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        deadline.bytesArrived()  // its first bytes may have arrived with the previous request
        let request = RequestHead(head)
        noteClient(request.head.headers)
        guard let route = GatewayRoute.find(head.uri, in: routes) else {
            endpoint.cameForUnknownPath(head.uri, headers: request.head.headers) {
                source(of: context)
            }
            return skip(.unknownTarget, request, context: context)
        }
        guard request.hasRightHost else { return refuse(.malformedHTTP, context: context) }
        guard route.takes(head.method.rawValue) else {
            return skip(.wrongMethod(allowed: route.methods), request, context: context)
        }
        guard request.isCodingKnown else { return refuse(.codingUnknown, context: context) }
        guard request.isWithinLimits else { return refuse(.headTooLarge, context: context) }
        guard request.announcedLength <= route.bodyBytesMax else {
            return refuse(.bodyTooLarge, context: context)
        }
        let gathered = GatheredRequest(route, request)
        guard admit(gathered, bytes: request.announcedLength, context: context) else { return }
        state = .reading(gathered)
        if request.waitsForConsent {
            let interim = context.channel.allocator.buffer(
                staticString: "HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
        }
    }

    private func complete(context: ChannelHandlerContext) {
        switch state {
        case .reading(let request):
            let keepAlive = request.head.keepsAlive
            switch endpoint.answer(
                request.route.kind, headers: request.head.head.headers, body: request.body,
                waited: wait.now, source: { source(of: context) }, on: context.eventLoop)
            {
            case .now(let reply): give(reply, keepAlive: keepAlive, context: context)
            case .later(let reply): hold(reply, keepAlive: keepAlive, context: context)
            }
        case .skipping(let reply, let keepAlive):
            give(reply, keepAlive: keepAlive, context: context)
        case .betweenRequests, .answering, .closing:
            break
        }
    }

    /// Delays a reply, and everything after its request, because replies keep the order of
    /// requests.
    private func hold(
        _ reply: EventLoopFuture<Reply>, keepAlive: Bool, context: ChannelHandlerContext
    ) {
        state = .answering
        connection.isAnswering = true
        deadline.awaitAnswer()
        reply.assumeIsolated().whenSuccess { [self] reply in
            guard context.channel.isActive else { return }
            state = .betweenRequests
            connection.isAnswering = false
            give(reply, keepAlive: keepAlive, context: context)
            let parts = waiting
            waiting = []
            for part in parts { take(part, context: context) }
            deadline.waitingTaken()
            context.flush()
            switch state {
            case .answering: return
            case .closing: break
            default:
                if let waitingFault {
                    refuse(waitingFault, context: context)
                } else if isInputClosed {
                    context.close(promise: nil)
                }
            }
            releaseRead(context: context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }
}

/// The state of a connection between a request's first line and its reply.
enum ConnectionState {
    case betweenRequests
    case reading(GatheredRequest)
    /// The request is complete; later requests are not examined before its reply is written.
    case answering
    /// The reply is known; the remaining request is read and dropped before the reply is written.
    case skipping(Reply, keepAlive: Bool)
    /// The last reply has been written.
    case closing
}

/// The part of a request received so far.
final class GatheredRequest {
    let route: GatewayRoute
    let head: RequestHead
    var body: [UInt8] = []
    /// Whether the sender may send a large body.
    var isAdmitted = false
    /// The share of the room for large bodies; nil while the body is small.
    var share: BodyBudget.Share?

    init(_ route: GatewayRoute, _ head: RequestHead) {
        self.route = route
        self.head = head
    }
}
