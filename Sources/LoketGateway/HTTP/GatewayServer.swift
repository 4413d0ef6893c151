// The server that DOKU connects to: SwiftNIO on its own event loops, with HTTP/1.1 and no
// framework.

import Logging
import LoketCore
import LoketRuntime
import LoketSystem
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Accepts DOKU's connections and passes each complete request to the endpoint of its event loop.
///
///     let server = GatewayServer(runtime, connectionsMax: room.gateway, pulse: LoopPulse())
///     try await server.run()   // until a graceful shutdown
package struct GatewayServer: Service {
    private let listener: Settings.Listener
    private let routes: [GatewayRoute]
    private let requestMilliseconds: Int
    private let connections: GatewayConnections
    private let bodies: BodyBudget
    private let metrics: Metrics
    private let log: Logger
    private let threads: Int
    private let makeEndpoint: @Sendable () throws -> any GatewayEndpoint
    private let pulse: LoopPulse
    private let whenListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - trustedProxies: the proxies whose `X-Forwarded-For` names the client.
    ///   - makeEndpoint: creates an endpoint; called once on each event loop.
    ///   - pulse: shows that the event loops run.
    ///   - whenListening: called with the bound port.
    package init(
        listener: Settings.Listener, routes: [GatewayRoute], requestMilliseconds: Int,
        connectionsMax: Int = Limits.connectionsMax, trustedProxies: [AddressRange] = [],
        largeBodyBytesMax: Int = Limits.largeBodyBytesMax,
        threads: Int = min(System.coreCount, Cores.allowed ?? .max), metrics: Metrics, log: Logger,
        makeEndpoint: @escaping @Sendable () throws -> any GatewayEndpoint,
        pulse: LoopPulse = LoopPulse(), whenListening: @escaping @Sendable (Int) -> Void
    ) {
        self.listener = listener
        self.routes = routes
        self.requestMilliseconds = requestMilliseconds
        connections = GatewayConnections(
            max: connectionsMax, proxies: trustedProxies, metrics: metrics)
        bodies = BodyBudget(bytesMax: largeBodyBytesMax)
        self.threads = threads
        self.metrics = metrics
        self.log = log
        self.makeEndpoint = makeEndpoint
        self.pulse = pulse
        self.whenListening = whenListening
    }

    /// Serves until a graceful shutdown; then finishes the requests in progress, within the time
    /// that a request may take.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        defer { pulse.end() }
        do {
            try await serve(on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(on group: MultiThreadedEventLoopGroup) async throws {
        let loops = try await LoopParts(group: group, makeEndpoint: makeEndpoint)
        loops.add(to: pulse)
        try await makeTypes(on: group.next(), loops)
        let quiescing = ServerQuiescingHelper(group: group)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: Limits.acceptsPerTurn)
            // Accepted sockets inherit this option from the listener.
            .serverChannelOption(
                .socketOption(.so_rcvbuf), value: .init(Limits.receiveBufferBytes)
            )
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.closeOnExec()
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptPause(metrics: metrics),
                        quiescing.makeServerChannelHandler(channel: channel),
                    ])
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: Limits.readBytes)
            )
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.closeOnExec()
                    guard let connection = connections.enter(channel) else {
                        throw TooManyConnections()
                    }
                    try channel.pipeline.syncOperations.addHandlers(
                        handlers(
                            loops[channel.eventLoop], connection, makeDeadline(channel.eventLoop)))
                }
            }
            .bind(host: listener.host, port: listener.port).get()
        whenListening(channel.localAddress?.port ?? listener.port)

        try? await gracefulShutdown()
        let done = group.any().makePromise(of: Void.self)
        quiescing.initiateShutdown(promise: done)
        // A request that is not complete by this limit is abandoned.
        let patience = Self.stopLimit(requestMilliseconds: requestMilliseconds)
        let limit = group.any().scheduleTask(in: .init(patience)) { done.succeed() }
        try await done.futureResult.get()
        limit.cancel()
    }

    /// The longest time that a stop waits for requests that have begun.
    package static func stopLimit(requestMilliseconds: Int) -> Duration {
        .milliseconds(max(Int64(requestMilliseconds), Limits.notificationAnswerMilliseconds))
            + .seconds(Limits.lingerSeconds)
    }

    private func makeDeadline(_ loop: any EventLoop) -> ConnectionDeadline {
        ConnectionDeadline(loop: loop, requestMilliseconds: requestMilliseconds)
    }

    private func handlers(
        _ parts: LoopParts.Parts, _ connection: GatewayConnection, _ deadline: ConnectionDeadline
    ) -> [any ChannelHandler] {
        let wait = SocketWait(parts.lag)
        return [
            ArrivalHandler(deadline, connection, wait, parts.queue),
            ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .dropBytes, limitConfiguration: Self.decoderLimits)),
            GatewayHandler(
                routes: routes, endpoint: parts.endpoint, metrics: metrics, deadline: deadline,
                connection: connection, connections: connections, date: parts.date, wait: wait,
                bodies: bodies),
        ]
    }

    /// Creates the handlers' types before the first connections arrive. Swift creates a generic
    /// type at its first use, and its runtime (6.3) may crash if two threads first use the same
    /// type at once.
    private func makeTypes(on loop: any EventLoop, _ loops: LoopParts) async throws {
        try await loop.submit {
            let deadline = makeDeadline(loop)
            defer { deadline.cancel() }
            _ = handlers(
                loops[loop], GatewayConnection(nil, isProxied: false, now: .now()), deadline)
        }.get()
    }

    /// Twice the limits of a request. The handler checks the exact limits after reading the target,
    /// because an unknown target is answered 404 whatever its headers.
    private static var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 2 * Limits.headBytesMax
        limits.maxHeaderListSize = 2 * Limits.headBytesMax
        limits.maxHeaderFieldCount = 2 * Limits.headerFieldsMax
        return limits
    }
}

/// The objects of each event loop, such as its endpoint with its database connection.
private struct LoopParts: Sendable {
    final class Parts {
        let endpoint: any GatewayEndpoint
        let date = HTTPDate()
        let lag: LoopLag
        let queue: TurnQueue

        init(_ endpoint: any GatewayEndpoint, on loop: any EventLoop) {
            self.endpoint = endpoint
            lag = LoopLag(loop)
            queue = TurnQueue(loop, isBehind: { endpoint.isBehind }, around: endpoint.takeTurn)
        }
    }

    private let bound: [ObjectIdentifier: NIOLoopBound<Parts>]

    init(
        group: MultiThreadedEventLoopGroup,
        makeEndpoint: @escaping @Sendable () throws -> any GatewayEndpoint
    ) async throws {
        var bound: [ObjectIdentifier: NIOLoopBound<Parts>] = [:]
        for loop in group.makeIterator() {
            bound[ObjectIdentifier(loop)] = try await loop.submit {
                NIOLoopBound(Parts(try makeEndpoint(), on: loop), eventLoop: loop)
            }.get()
        }
        self.bound = bound
    }

    func add(to pulse: LoopPulse) {
        for parts in bound.values {
            pulse.add(parts.eventLoop) { parts.value.endpoint.lookUpNothing() }
        }
    }

    subscript(loop: any EventLoop) -> Parts {
        guard let parts = bound[ObjectIdentifier(loop)] else {
            preconditionFailure("a child channel runs on a loop of the gateway's group")
        }
        return parts.value
    }
}

private struct TooManyConnections: Error {}

/// The gateway of a service, with a separate endpoint and look-up connection for each event loop.
extension GatewayServer {
    /// - Parameter pulse: shows that the event loops run.
    package init(_ runtime: Runtime, connectionsMax: Int, pulse: LoopPulse) {
        let settings = runtime.settings
        let responder = InquiryResponder(settings: settings, registry: runtime.registry)
        self.init(
            listener: settings.gateway.listener, routes: GatewayRoute.table(settings.gateway),
            requestMilliseconds: settings.limits.requestMilliseconds,
            connectionsMax: connectionsMax, trustedProxies: settings.gateway.trustedProxies,
            metrics: runtime.metrics, log: runtime.log,
            makeEndpoint: {
                let lookup = try runtime.store.makeLookup()
                let inquiries = InquiryEndpoint(
                    responder: responder, journal: runtime.journal, metrics: runtime.metrics,
                    refusals: runtime.refusals,
                    answerMilliseconds: settings.limits.answerMilliseconds, find: lookup.find,
                    holdSnapshot: lookup.holdSnapshot, releaseSnapshot: lookup.releaseSnapshot)
                let notifications = NotificationEndpoint(
                    verifier: runtime.verifier, store: runtime.store,
                    quarantine: runtime.quarantine, refusals: runtime.refusals,
                    metrics: runtime.metrics)
                return ServiceEndpoint(
                    inquiries: inquiries, notifications: notifications,
                    refusals: runtime.refusals, readiness: runtime.readiness,
                    clock: runtime.clock)
            },
            pulse: pulse, whenListening: runtime.readiness.gatewayListens)
    }
}
