// A simulation of DOKU: creates and signs inquiries and verifies the signatures of the answers. It
// shares no signing code with the service and does not check the amount of a bill.

import LoketCore
import LoketSystem

package struct Doku: Sendable {
    package let clientID: String
    private let signing: DokuSigning
    /// The registered path, which the signature covers.
    package let signedTarget: String

    /// - Parameter secret: The text of the secret key in UTF-8.
    package init(clientID: String, secret: [UInt8], signedTarget: String) {
        self.clientID = clientID
        signing = DokuSigning(secret: secret)
        self.signedTarget = signedTarget
    }

    // MARK: Requests

    package enum Counter: String, CaseIterable, Sendable {
        case alfa, indomaret

        var acquirer: String { rawValue.uppercased() }
        var channel: String { "ONLINE_TO_OFFLINE_" + acquirer }
    }

    package enum Layout: String, CaseIterable, Sendable {
        case minified
        /// Indented by two spaces per level, as in real bodies.
        case pretty
    }

    /// Returns the body of an inquiry in DOKU's format.
    package static func inquiryBody(
        code: String, counter: Counter, date: String, layout: Layout = .minified
    ) -> [UInt8] {
        switch layout {
        case .minified:
            return Array(
                """
                {"service":{"id":"ONLINE_TO_OFFLINE"},"acquirer":{"id":"\(counter.acquirer)"},\
                "channel":{"id":"\(counter.channel)"},\
                "online_to_offline_info":{"payment_code":"\(code)"},\
                "online_to_offline_inquiry":{"date":"\(date)","identifier":[]}}
                """.utf8)
        case .pretty:
            return Array(
                """
                {
                  "service": {
                    "id": "ONLINE_TO_OFFLINE"
                  },
                  "acquirer": {
                    "id": "\(counter.acquirer)"
                  },
                  "channel": {
                    "id": "\(counter.channel)"
                  },
                  "online_to_offline_info": {
                    "payment_code": "\(code)"
                  },
                  "online_to_offline_inquiry": {
                    "date": "\(date)",
                    "identifier": []
                  }
                }
                """.utf8)
        }
    }

    /// Returns a signed POST request with the body.
    ///
    /// - Parameters:
    ///   - target: The path on the wire; nil for the signed path, if no proxy rewrites paths.
    ///   - timestamp: The value of `Request-Timestamp`.
    package func request(
        body: [UInt8], target: String? = nil, requestID: String, timestamp: String
    ) -> DokuRequest {
        let signature = signing.signature(
            clientID: clientID, requestID: requestID,
            timeLine: "Request-Timestamp:\(timestamp)", target: signedTarget, body: body)
        return DokuRequest(
            method: "POST", target: target ?? signedTarget,
            headers: [
                Header("Content-Type", "application/json"),
                Header("Client-Id", clientID),
                Header("Request-Id", requestID),
                Header("Request-Timestamp", timestamp),
                Header("Signature", signature),
            ],
            body: body)
    }

    /// Returns a random UUID, like DOKU's Request-Ids.
    package static func newRequestID() -> String {
        let hex = hexadecimal(randomBytes(16))
        var parts: [Substring] = []
        var rest = hex[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    // MARK: Answers

    package enum AnswerSignature: Sendable, Equatable, CustomStringConvertible {
        case verified
        case absent
        case wrong(String)

        package var description: String {
            switch self {
            case .verified: "verified"
            case .absent: "not signed"
            case .wrong(let reason): "WRONG: \(reason)"
            }
        }
    }

    /// Returns whether the answer's signature covers its exact bytes and belongs to this request.
    package func signature(of answer: DokuAnswer, to request: DokuRequest) -> AnswerSignature {
        guard let signature = answer.header("Signature") else { return .absent }
        guard answer.header("Client-Id") == clientID else {
            return .wrong("the answer has another Client-Id")
        }
        guard let requestID = request.header("Request-Id"),
            answer.header("Request-Id") == requestID
        else { return .wrong("the answer has another Request-Id") }
        guard let timestamp = answer.header("Response-Timestamp"),
            Moment(dokuTimestamp: timestamp) != nil
        else { return .wrong("no Response-Timestamp like 2020-08-11T08:45:42Z") }
        let expected = signing.signature(
            clientID: clientID, requestID: requestID,
            timeLine: "Response-Timestamp:\(timestamp)", target: signedTarget,
            body: answer.body)
        return equalInConstantTime(expected, signature)
            ? .verified : .wrong("the HMAC does not match")
    }
}

struct DokuSigning: Sendable {
    private let key: HMACKey

    init(secret: [UInt8]) {
        key = HMACKey(secret)
    }

    /// - Parameters:
    ///   - timeLine: The line `Request-Timestamp:…` or `Response-Timestamp:…`.
    ///   - body: The body; nil for a GET, which has no Digest line. An empty body has a Digest
    ///     line.
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
