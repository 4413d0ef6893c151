// The gateway's table: which raw target is what. Two more dialects are two more rows.

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

    /// A route that answers GET answers HEAD too (RFC 9110 §9.3.2): its body is empty.
    func takes(_ given: String) -> Bool {
        given == method || given == "HEAD" && method == "GET"
    }

    /// For `Allow`.
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

    /// The row for a raw target, byte by byte: `String` would take a Kelvin sign for a K.
    package static func find(_ target: String, in table: [GatewayRoute]) -> GatewayRoute? {
        table.first { $0.target.utf8.elementsEqual(target.utf8) }
    }
}
