// The real gateway on one thread, with a database as slow as the test sets it: inquiries wait as
// they do under twice the load.

import DokuSimulator
import Foundation
import Logging
import LoketCore
import LoketGateway
import LoketRuntime
import LoketStore
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import TestSupport

final class SlowGateway: Sendable {
    private struct State {
        var port: Int?
        var lookedUp: [PaymentCode] = []
        var isHeld = false
        var isBehind = false
    }

    private let state = Mutex(State())
    private let lookupTime: TimeInterval

    fileprivate init(lookupTime: TimeInterval) {
        self.lookupTime = lookupTime
    }

    var lookups: Int { lookedUp.count }
    /// In the order of the look-ups.
    var lookedUp: [PaymentCode] { state.withLock { $0.lookedUp } }
    /// True if the journal cannot keep up.
    var isBehind: Bool {
        get { state.withLock { $0.isBehind } }
        set { state.withLock { $0.isBehind = newValue } }
    }

    /// Look-ups do not return, which blocks the gateway's event loop.
    func hold() { state.withLock { $0.isHeld = true } }
    func release() { state.withLock { $0.isHeld = false } }

    func connect(from source: String? = nil) async throws -> RawConnection {
        try await RawConnection.open(port: state.withLock { $0.port } ?? 0, from: source)
    }

    fileprivate var port: Int? { state.withLock { $0.port } }
    fileprivate func listens(on port: Int) { state.withLock { $0.port = port } }

    /// Finds no bill for any code.
    fileprivate func find(
        _ account: Int64, _ code: PaymentCode, _ deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> LookupResult {
        state.withLock { $0.lookedUp.append(code) }
        Thread.sleep(forTimeInterval: lookupTime)
        while state.withLock({ $0.isHeld }) { Thread.sleep(forTimeInterval: 0.001) }
        return .nothing
    }
}

private final class SlowAnswerer: GatewayEndpoint {
    private let inquiries: InquiryEndpoint
    private let gateway: SlowGateway

    init(_ inquiries: InquiryEndpoint, _ gateway: SlowGateway) {
        self.inquiries = inquiries
        self.gateway = gateway
    }

    func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer {
        .now(
            inquiries.answer(
                headers: headers, body: body, now: .now,
                waited: .nanoseconds(waited.nanoseconds)) ?? Reply(.unknownTarget))
    }

    var isBehind: Bool { gateway.isBehind }
}

/// - Parameter lookupTime: seconds that each look-up takes.
func withSlowGateway(
    answerMilliseconds: Int, lookupTime: TimeInterval = 0,
    _ body: (SlowGateway, InquiryDesk) async throws -> Void
) async throws {
    try await withDesk { desk in
        let gateway = SlowGateway(lookupTime: lookupTime)
        let log = LogLines().logger
        let server = GatewayServer(
            listener: Settings.Listener(host: "127.0.0.1", port: 0),
            routes: GatewayRoute.table(desk.settings.gateway), requestMilliseconds: 60_000,
            threads: 1, metrics: desk.metrics, log: log,
            makeEndpoint: {
                SlowAnswerer(
                    InquiryEndpoint(
                        responder: InquiryResponder(
                            settings: desk.settings, registry: desk.registry),
                        journal: desk.journal, metrics: desk.metrics, refusals: desk.refusals,
                        answerMilliseconds: answerMilliseconds, find: gateway.find), gateway)
            },
            whenListening: gateway.listens)
        let group = ServiceGroup(services: [server], logger: log)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            _ = try await eventually { gateway.port }
            let result: (any Error)?
            do {
                try await body(gateway, desk)
                result = nil
            } catch {
                result = error
            }
            gateway.release()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            if let result { throw result }
        }
    }
}
