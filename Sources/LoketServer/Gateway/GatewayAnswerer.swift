// What the gateway needs of whoever answers: plain values in, plain values out, on its own loop.

import DokuWire
import LoketCore
import NIOHTTP1

/// Belongs to one event loop.
package protocol GatewayAnswerer: AnyObject {
    /// - Parameters:
    ///   - headers: as they came.
    ///   - body: whole, exact, within the route's bound.
    func answer(_ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8]) -> Reply
}

/// The service's own: inquiries and /health.
package final class ServiceAnswerer: GatewayAnswerer {
    private let inquiries: InquiryAnswerer
    private let readiness: Readiness

    package init(inquiries: InquiryAnswerer, readiness: Readiness) {
        self.inquiries = inquiries
        self.readiness = readiness
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8]
    ) -> Reply {
        switch kind {
        case .inquiry: inquiries.answer(headers: headers, body: body, now: .now)
        case .health: Reply(readiness.isUp ? .healthy : .unhealthy)
        }
    }
}

/// The same bytes to everybody: what the benchmark holds the service against.
package final class ConstantAnswerer: GatewayAnswerer {
    private let reply: Reply

    package init(_ reply: Reply) {
        self.reply = reply
    }

    package func answer(
        _ kind: GatewayRoute.Kind, headers: HTTPHeaders, body: [UInt8]
    ) -> Reply {
        reply
    }
}
