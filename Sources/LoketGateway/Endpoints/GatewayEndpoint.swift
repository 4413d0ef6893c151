// What answers the gateway's requests: plain values in, plain values out, on one event loop.

import LoketCore
import LoketRuntime
import NIOCore
import NIOHTTP1

/// An answer that is there, or one that waits for the disk.
package enum GatewayAnswer {
    case now(Reply)
    case later(EventLoopFuture<Reply>)
}

/// Belongs to one event loop.
package protocol GatewayEndpoint: AnyObject {
    /// - Parameters:
    ///   - headers: as they came.
    ///   - body: whole, exact, within the route's bound.
    ///   - waited: how long ago the request may have reached the machine.
    ///   - source: the address that it came from, where it is known.
    ///   - loop: the caller's, on which a later answer is awaited.
    func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer

    /// What was answered has not been written yet and is more than should wait: the gateway then
    /// takes in less.
    var isBehind: Bool { get }

    /// Makes a look-up that finds nothing, to show that one comes back.
    func lookUpNothing()

    /// What a sender is answered whose headers alone show that he is not DOKU, before a large body
    /// of his is taken in.
    ///
    /// - Returns: nil where he may be.
    func refusal(
        of kind: GatewayRoute.Kind, headers: HTTPHeaders, source: () -> String?
    ) -> Reply?

    /// A request came for a path that is none of the gateway's.
    func cameForUnknownPath(_ target: String, headers: HTTPHeaders, source: () -> String?)
}

extension GatewayEndpoint {
    package func lookUpNothing() {}

    package func refusal(
        of kind: GatewayRoute.Kind, headers: HTTPHeaders, source: () -> String?
    ) -> Reply? { nil }

    package func cameForUnknownPath(
        _ target: String, headers: HTTPHeaders, source: () -> String?
    ) {}
}

/// The service's own: inquiries, notifications and /health.
package final class ServiceEndpoint: GatewayEndpoint {
    private let inquiries: InquiryEndpoint
    private let notifications: NotificationEndpoint
    private let refusals: RefusalMonitor
    private let readiness: Readiness
    private let clock: ServiceClock

    package init(
        inquiries: InquiryEndpoint, notifications: NotificationEndpoint, refusals: RefusalMonitor,
        readiness: Readiness, clock: ServiceClock
    ) {
        self.inquiries = inquiries
        self.notifications = notifications
        self.refusals = refusals
        self.readiness = readiness
        self.clock = clock
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer {
        let now = clock.now()
        switch kind {
        case .inquiry:
            let reply = inquiries.answer(
                headers: headers, body: body, now: now,
                waited: .nanoseconds(waited.nanoseconds), source: source)
            if let reply { return .now(reply) }
            return notifications.answer(
                headers: headers, body: body, at: .inquiries, now: now, source: source, on: loop)
        case .notification:
            return notifications.answer(
                headers: headers, body: body, now: now, source: source, on: loop)
        case .health: return .now(Reply(readiness.isUp ? .healthy : .unhealthy))
        }
    }

    package var isBehind: Bool { inquiries.isBehind }

    package func lookUpNothing() { inquiries.lookUpNothing() }

    package func refusal(
        of kind: GatewayRoute.Kind, headers: HTTPHeaders, source: () -> String?
    ) -> Reply? {
        guard kind == .notification else { return nil }
        return notifications.refusal(headers: headers, now: clock.now(), source: source)
    }

    package func cameForUnknownPath(
        _ target: String, headers: HTTPHeaders, source: () -> String?
    ) {
        refusals.cameForUnknownPath(target, headers: headers, source: source, now: clock.now())
    }
}

/// Gives every request the same bytes: what the benchmark compares the service with.
package final class ConstantEndpoint: GatewayEndpoint {
    private let reply: Reply

    package init(_ reply: Reply) {
        self.reply = reply
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer {
        .now(reply)
    }

    package var isBehind: Bool { false }
}
