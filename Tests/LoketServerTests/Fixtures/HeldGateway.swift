// The real gateway with an endpoint whose answers wait until the test releases them, as a
// notification's answer waits for the disk.

import DokuSimulator
import Logging
import LoketCore
import LoketGateway
import LoketRuntime
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import TestSupport

final class HeldGateway: Sendable {
    private struct State {
        var port: Int?
        var waiting: [EventLoopPromise<Reply>] = []
        var bodies: [String] = []
    }

    let metrics: Metrics
    private let state = Mutex(State())

    init(metrics: Metrics) {
        self.metrics = metrics
    }

    /// Bodies of the notifications that have arrived, in order.
    var arrived: [String] { state.withLock { $0.bodies } }
    fileprivate var port: Int? { state.withLock { $0.port } }

    /// Answers the oldest waiting notification with its own body.
    func release() {
        let next = state.withLock { state in
            state.waiting.isEmpty
                ? nil
                : (
                    state.waiting.removeFirst(),
                    state.bodies[state.bodies.count - state.waiting.count - 1]
                )
        }
        guard let (promise, body) = next else { return }
        promise.succeed(Reply(status: 200, body: Array(body.utf8)))
    }

    func connect() async throws -> RawConnection {
        try await RawConnection.open(port: state.withLock { $0.port } ?? 0)
    }

    /// A request on the wire; a notification is held, an inquiry is answered at once.
    static func wire(_ target: String, _ body: String) -> [UInt8] {
        DokuRequest(method: "POST", target: target, headers: [], body: Array(body.utf8)).wire
    }

    static func notification(_ body: String) -> [UInt8] { wire("/notification", body) }
    static func inquiry(_ body: String) -> [UInt8] { wire("/inquiry", body) }

    fileprivate func listens(on port: Int) { state.withLock { $0.port = port } }

    fileprivate func hold(_ promise: EventLoopPromise<Reply>, _ body: String) {
        state.withLock { state in
            state.waiting.append(promise)
            state.bodies.append(body)
        }
    }

    fileprivate func releaseAll() {
        for promise in state.withLock({ $0.waiting }) { promise.succeed(Reply(status: 200)) }
        state.withLock { $0.waiting = [] }
    }
}

private final class HeldAnswerer: GatewayEndpoint {
    private let gateway: HeldGateway

    init(_ gateway: HeldGateway) {
        self.gateway = gateway
    }

    func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer {
        guard kind == .notification else { return .now(Reply(status: 200, body: body)) }
        let promise = loop.makePromise(of: Reply.self)
        gateway.hold(promise, String(decoding: body, as: UTF8.self))
        return .later(promise.futureResult)
    }

    var isBehind: Bool { false }
}

/// - Parameter stop: stops the gateway as SIGTERM does; returns at once.
func withHeldGateway(
    requestMilliseconds: Int = 60_000, largeBodyBytesMax: Int = Limits.largeBodyBytesMax,
    _ body: (HeldGateway, _ stop: @Sendable () async -> Void) async throws -> Void
) async throws {
    let log = LogLines().logger
    let gateway = HeldGateway(metrics: Metrics(log: log))
    let routes = [
        GatewayRoute(
            kind: .notification, target: "/notification", method: "POST", bodyBytesMax: 1 << 16),
        GatewayRoute(kind: .inquiry, target: "/inquiry", method: "POST", bodyBytesMax: 1 << 14),
    ]
    let server = GatewayServer(
        listener: Settings.Listener(host: "127.0.0.1", port: 0), routes: routes,
        requestMilliseconds: requestMilliseconds, largeBodyBytesMax: largeBodyBytesMax, threads: 1,
        metrics: gateway.metrics, log: log,
        makeEndpoint: { HeldAnswerer(gateway) }, whenListening: gateway.listens)
    let group = ServiceGroup(services: [server], logger: log)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        _ = try await eventually { gateway.port }
        let result: (any Error)?
        do {
            try await body(gateway) { await group.triggerGracefulShutdown() }
            result = nil
        } catch {
            result = error
        }
        await group.triggerGracefulShutdown()
        gateway.releaseAll()
        try await tasks.waitForAll()
        if let result { throw result }
    }
}
