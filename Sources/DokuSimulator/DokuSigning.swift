// DOKU's own way to the signature, written from its documentation a second time: an error in the
// service's way must not hide by being made on both sides. Only the hash itself is shared.

import LoketCrypto

struct DokuSigning: Sendable {
    private let key: HMACKey

    init(secret: [UInt8]) {
        key = HMACKey(secret)
    }

    /// - Parameter timeLine: `Request-Timestamp:…` or `Response-Timestamp:…`.
    func signature(
        clientID: String, requestID: String, timeLine: String, target: String, body: [UInt8]
    ) -> String {
        let digest = String(decoding: base64(SHA256Digest(of: body)), as: UTF8.self)
        let lines = [
            "Client-Id:\(clientID)", "Request-Id:\(requestID)", timeLine,
            "Request-Target:\(target)", "Digest:\(digest)",
        ]
        let mac = key.authenticate(Array(lines.joined(separator: "\n").utf8))
        return "HMACSHA256=" + String(decoding: base64(mac), as: UTF8.self)
    }
}
