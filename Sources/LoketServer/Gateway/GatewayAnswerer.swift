// What the gateway needs of whoever answers: plain values in, plain values out, on its own loop.

import DokuWire
import LoketCore
import NIOCore
import NIOHTTP1

/// An answer that is there, or one that waits for the disk.
package enum GatewayAnswer {
    case now(Reply)
    case later(EventLoopFuture<Reply>)
}

/// Belongs to one event loop.
package protocol GatewayAnswerer: AnyObject {
    /// - Parameters:
    ///   - headers: as they came.
    ///   - body: whole, exact, within the route's bound.
    ///   - waited: how long ago the request may have reached the machine.
    ///   - loop: the caller's, on which a later answer is awaited.
    func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        on loop: any EventLoop
    ) -> GatewayAnswer

    /// What was answered has not been written yet and is more than should wait: the gateway then
    /// takes in less.
    var isBehind: Bool { get }

    /// What a sender is answered whose headers alone show that he is not DOKU, before a large body
    /// of his is taken in.
    ///
    /// - Returns: nil where he may be.
    func refusal(of kind: GatewayRoute.Kind, headers: HTTPHeaders) -> Reply?
}

/// The service's own: inquiries, notifications and /health.
package final class ServiceAnswerer: GatewayAnswerer {
    private let inquiries: InquiryAnswerer
    private let notifications: NotificationAnswerer
    private let readiness: Readiness

    package init(
        inquiries: InquiryAnswerer, notifications: NotificationAnswerer, readiness: Readiness
    ) {
        self.inquiries = inquiries
        self.notifications = notifications
        self.readiness = readiness
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        on loop: any EventLoop
    ) -> GatewayAnswer {
        switch kind {
        case .inquiry:
            .now(
                inquiries.answer(
                    headers: headers, body: body, now: .now,
                    waited: .nanoseconds(waited.nanoseconds)))
        case .notification:
            notifications.answer(headers: headers, body: body, now: .now, on: loop)
        case .health: .now(Reply(readiness.isUp ? .healthy : .unhealthy))
        }
    }

    package var isBehind: Bool { inquiries.isBehind }

    package func refusal(of kind: GatewayRoute.Kind, headers: HTTPHeaders) -> Reply? {
        kind == .notification ? notifications.refusal(headers: headers) : nil
    }
}

/// The same bytes to everybody: what the benchmark holds the service against.
package final class ConstantAnswerer: GatewayAnswerer {
    private let reply: Reply

    package init(_ reply: Reply) {
        self.reply = reply
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8], waited: TimeAmount,
        on loop: any EventLoop
    ) -> GatewayAnswer {
        .now(reply)
    }

    package var isBehind: Bool { false }

    package func refusal(of kind: GatewayRoute.Kind, headers: HTTPHeaders) -> Reply? { nil }
}
