// DOKU's non-SNAP signature: the component string, line by line, and its HMAC.
// Credentials holds the secrets; SignedHeaders reads the required headers.

import LoketSystem

/// The string over which DOKU's requests and the requests to DOKU are signed.
///
///     let component = Signature.component(
///         .request, clientID: "MCH-0001", requestID: "R-1", timestamp: "2026-01-01T00:00:00Z",
///         target: "/doku/inquiry", body: body)
///     secret.signature(over: component)   // HMACSHA256=…
package enum Signature {
    package static let prefix: StaticString = "HMACSHA256="

    /// The direction of a message, which determines the name of the timestamp line.
    package enum Direction: Sendable {
        case request, response

        var timestampName: StaticString {
            switch self {
            case .request: "\nRequest-Timestamp:"
            case .response: "\nResponse-Timestamp:"
            }
        }
    }

    /// Returns the exact bytes to sign: lines joined by one LF, without a final LF.
    ///
    /// - Parameters:
    ///   - target: the public path registered at DOKU, not a path that a proxy has rewritten.
    ///   - body: the bytes as transmitted; nil for a GET, which has no Digest line.
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
            bytes.append(base64: SHA256Digest(of: body))
        }
        return bytes
    }

    /// Returns the Base64 of the SHA-256 of the body's exact bytes.
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
