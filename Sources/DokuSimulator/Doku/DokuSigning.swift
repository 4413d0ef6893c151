// DOKU's own way to the signature, written from its documentation a second time: an error in the
// service's way must not hide by being made on both sides. Only the hash itself is shared.

import LoketSystem

struct DokuSigning: Sendable {
    private let key: HMACKey

    init(secret: [UInt8]) {
        key = HMACKey(secret)
    }

    /// - Parameters:
    ///   - timeLine: `Request-Timestamp:…` or `Response-Timestamp:…`.
    ///   - body: nil for a GET, which has no Digest line; an empty body has one.
    func signature(
        clientID: String, requestID: String, timeLine: String, target: String, body: [UInt8]?
    ) -> String {
        var lines = [
            "Client-Id:\(clientID)", "Request-Id:\(requestID)", timeLine,
            "Request-Target:\(target)",
        ]
        if let body {
            lines.append(
                "Digest:" + String(decoding: base64(SHA256Digest(of: body)), as: UTF8.self))
        }
        let mac = key.authenticate(Array(lines.joined(separator: "\n").utf8))
        return "HMACSHA256=" + String(decoding: base64(mac), as: UTF8.self)
    }
}
