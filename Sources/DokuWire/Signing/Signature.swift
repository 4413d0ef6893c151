// DOKU's non-SNAP signature: the component string, line by line, and its HMAC.
// Who may sign is Credentials' business; which headers a request must carry, SignedHeaders'.

import LoketSystem

/// What DOKU signs, and what a request to DOKU is signed over.
///
///     let component = Signature.component(
///         .request, clientID: "MCH-0001", requestID: "R-1", timestamp: "2026-01-01T00:00:00Z",
///         target: "/doku/inquiry", body: body)
///     secret.signature(over: component)   // HMACSHA256=…
package enum Signature {
    package static let prefix = Array("HMACSHA256=".utf8)

    /// Which timestamp is in the third line.
    package enum Direction: Sendable {
        case request, response

        var timestampName: StaticString {
            switch self {
            case .request: "\nRequest-Timestamp:"
            case .response: "\nResponse-Timestamp:"
            }
        }
    }

    /// The exact bytes that are signed: lines joined by one LF, no LF at the end.
    ///
    /// - Parameters:
    ///   - target: the public path that DOKU has registered, not the one a proxy made of it.
    ///   - body: the bytes as they travel; nil for a GET, which has no Digest line.
    package static func component(
        _ direction: Direction, clientID: String, requestID: String, timestamp: String,
        target: String, body: [UInt8]?
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        bytes.append("Client-Id:")
        bytes.append(contentsOf: clientID.utf8)
        bytes.append("\nRequest-Id:")
        bytes.append(contentsOf: requestID.utf8)
        bytes.append(direction.timestampName)
        bytes.append(contentsOf: timestamp.utf8)
        bytes.append("\nRequest-Target:")
        bytes.append(contentsOf: target.utf8)
        if let body {
            bytes.append("\nDigest:")
            bytes.append(contentsOf: digest(of: body))
        }
        return bytes
    }

    /// Base64 of the SHA-256 of the body's exact bytes.
    package static func digest(of body: [UInt8]) -> [UInt8] {
        base64(SHA256Digest(of: body))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
