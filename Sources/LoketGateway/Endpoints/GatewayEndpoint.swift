// The endpoints that answer requests on one event loop each, with plain values in and out.

import LoketCore
import LoketRuntime
import NIOCore
import NIOHTTP1

/// An answer that is ready, or a future answer that waits for the disk.
package enum GatewayAnswer {
    case now(Reply)
    case later(EventLoopFuture<Reply>)
}

/// Used only on its event loop.
package protocol GatewayEndpoint: AnyObject {
    /// Returns the answer to a request.
    ///
    /// - Parameters:
    ///   - headers: the header fields as received.
    ///   - body: the complete, unchanged body, within the route's limit.
    ///   - waited: how long ago the request may have reached the machine.
    ///   - source: the sender's address, if known.
    ///   - loop: the caller's event loop, on which a later answer is delivered.
    func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        source: () -> String?, on loop: any EventLoop
    ) -> GatewayAnswer

    /// Whether too many answers are not yet written to disk; the gateway then reads fewer requests.
    var isBehind: Bool { get }

    /// Runs the work of one turn of the event loop, in which requests are answered.
    func takeTurn(_ work: () -> Void)

    /// Runs a look-up that finds nothing, to show that look-ups work.
    func lookUpNothing()

    /// Returns the refusal for a sender whose headers already show that he is not DOKU, before his
    /// large body is read.
    ///
    /// - Returns: nil if the sender may be DOKU.
    func refusal(
        of kind: GatewayRoute.Kind, headers: HTTPHeaders, source: () -> String?
    ) -> Reply?

    /// Records a request for a path that the gateway does not serve.
    func cameForUnknownPath(_ target: String, headers: HTTPHeaders, source: () -> String?)
}

extension GatewayEndpoint {
    package func takeTurn(_ work: () -> Void) { work() }
    package func lookUpNothing() {}

    package func refusal(
        of kind: GatewayRoute.Kind, headers: HTTPHeaders, source: () -> String?
    ) -> Reply? { nil }

    package func cameForUnknownPath(
        _ target: String, headers: HTTPHeaders, source: () -> String?
    ) {}
}

/// The endpoint of the service: inquiries, notifications and /health.
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

    package func takeTurn(_ work: () -> Void) { inquiries.takeTurn(work) }

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

/// Answers every request with the same bytes; the benchmark compares the service with this
/// endpoint.
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
