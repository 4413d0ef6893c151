// DOKU's signature over a message's headers and body.

import Crypto
import Foundation

struct Signing: Sendable {
    let clientID: String
    let target: String
    private let key: SymmetricKey

    private static let prefix = "HMACSHA256="

    init(clientID: String, target: String, secret: Data) {
        self.clientID = clientID
        self.target = target
        key = SymmetricKey(data: secret)
    }

    enum Direction: String {
        case request = "Request"
        case response = "Response"
    }

    func signature(
        of body: some DataProtocol, _ direction: Direction, requestID: String, timestamp: String
    ) -> String {
        let text = component(of: body, direction, requestID: requestID, timestamp: timestamp)
        let code = HMAC<SHA256>.authenticationCode(for: text, using: key)
        return Self.prefix + Data(code).base64EncodedString()
    }

    func isValid(
        _ signature: String, of body: some DataProtocol, requestID: String, timestamp: String
    ) -> Bool {
        guard signature.hasPrefix(Self.prefix),
            let code = Data(base64Encoded: String(signature.dropFirst(Self.prefix.count)))
        else { return false }
        let text = component(of: body, .request, requestID: requestID, timestamp: timestamp)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: text, using: key)
    }

    private func component(
        of body: some DataProtocol, _ direction: Direction, requestID: String, timestamp: String
    ) -> Data {
        let digest = Data(SHA256.hash(data: body)).base64EncodedString()
        return Data(
            """
            Client-Id:\(clientID)
            Request-Id:\(requestID)
            \(direction.rawValue)-Timestamp:\(timestamp)
            Request-Target:\(target)
            Digest:\(digest)
            """.utf8)
    }
}

/// The ten characters that make the invoice number of a reusable bill new.
func invoiceSuffix(requestID: String, code: String, date: String) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let bits = SHA256.hash(data: Data("\(requestID)\n\(code)\n\(date)".utf8))
        .prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return String((0..<10).map { alphabet[Int(bits >> UInt64(59 - 5 * $0) & 31)] })
}
