// The gateway's routes: the kind of request for each raw target. Two more dialects would be two
// more rows.

import LoketCore
import LoketRuntime

package struct GatewayRoute: Sendable {
    package enum Kind: Sendable {
        case inquiry
        case notification
        case health
    }

    package let kind: Kind
    package let target: String
    package let method: String
    package let bodyBytesMax: Int

    package init(kind: Kind, target: String, method: String, bodyBytesMax: Int) {
        self.kind = kind
        self.target = target
        self.method = method
        self.bodyBytesMax = bodyBytesMax
    }

    /// Whether the route accepts a method. GET includes HEAD, whose reply has no body (RFC 9110
    /// §9.3.2).
    func takes(_ given: String) -> Bool {
        given == method || given == "HEAD" && method == "GET"
    }

    /// The value of `Allow`.
    var methods: String { method == "GET" ? "GET, HEAD" : method }

    package static func table(_ gateway: Settings.Gateway) -> [GatewayRoute] {
        [
            GatewayRoute(
                kind: .inquiry, target: gateway.inquiryPath, method: "POST",
                bodyBytesMax: Limits.inquiryBodyBytesMax),
            GatewayRoute(
                kind: .notification, target: gateway.notificationPath, method: "POST",
                bodyBytesMax: Limits.notificationBodyBytesMax),
            GatewayRoute(kind: .health, target: "/health", method: "GET", bodyBytesMax: 0),
        ]
    }

    /// Returns the route of a raw target, compared byte by byte: `String` equates a Kelvin sign and
    /// a K.
    package static func find(_ target: String, in table: [GatewayRoute]) -> GatewayRoute? {
        table.first { $0.target.utf8.elementsEqual(target.utf8) }
    }
}
