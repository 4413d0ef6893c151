// Verification of a merchant's request and signing of the answer, with the simulator's own signing
// code.

import LoketCore
import LoketSystem

struct CheckStatusSigner: Sendable {
    /// DOKU's error code for a refused request.
    enum Refusal: String, Sendable {
        case headers = "invalid_header_request"
        case client = "invalid_client_id"
        case time = "request_time_out_of_range"
        case signature = "invalid_signature"

        var message: String {
            switch self {
            case .headers: "Invalid Header Request"
            case .client: "Invalid Client-Id"
            case .time: "Request Time Out Of Range"
            case .signature: "Invalid Header Signature"
            }
        }
    }

    /// DOKU's limit for the clock difference.
    private static let clockSeconds: Int64 = 3600

    private let clientID: String
    private let signing: DokuSigning
    private let answering: DokuSigning

    init(clientID: String, secret: [UInt8], answeringWith other: [UInt8]) {
        self.clientID = clientID
        signing = DokuSigning(secret: secret)
        answering = DokuSigning(secret: other)
    }

    // MARK: The request

    /// Returns the reason to refuse the request; nil if it verifies. The body is ignored, because a
    /// GET has none.
    func refusal(of request: DokuRequest, now: Moment) -> Refusal? {
        guard let client = request.only("Client-Id"), let requestID = request.only("Request-Id"),
            let timestamp = request.only("Request-Timestamp"),
            let signature = request.only("Signature"),
            let sentAt = Moment(dokuTimestamp: timestamp)
        else { return .headers }
        guard client == clientID else { return .client }
        guard abs(now.seconds - sentAt.seconds) <= Self.clockSeconds else { return .time }
        let expected = signing.signature(
            clientID: client, requestID: requestID, timeLine: "Request-Timestamp:\(timestamp)",
            target: request.target, body: nil)
        return equalInConstantTime(expected, signature) ? nil : .signature
    }

    // MARK: The answer

    static func answer(_ refusal: Refusal) -> DokuAnswer {
        plain(
            401,
            """
            {"error":{"code":"\(refusal.rawValue)","message":"\(refusal.message)",\
            "type":"invalid_request_error"}}
            """)
    }

    /// Returns an unsigned answer.
    static func plain(_ status: Int, _ body: String) -> DokuAnswer {
        DokuAnswer(
            status: status, headers: [Header("Content-Type", "application/json")],
            body: Array(body.utf8))
    }

    func answer(
        _ status: Int, _ body: [UInt8], to request: DokuRequest,
        manner: CheckStatusServer.Manner, now: Moment
    ) -> DokuAnswer {
        let requestID = request.header("Request-Id") ?? ""
        let timestamp = now.utcText
        var answer = DokuAnswer(
            status: status,
            headers: [
                Header("Content-Type", "application/json"),
                Header("Client-Id", clientID),
                Header("Request-Id", requestID),
                Header("Response-Timestamp", timestamp),
            ],
            body: body)
        guard manner != .unsigned else { return answer }
        // The wrong signature is a valid signature of a different body.
        let signed = manner == .wronglySigned ? body + [UInt8(ascii: " ")] : body
        let signature = answering.signature(
            clientID: clientID, requestID: requestID, timeLine: "Response-Timestamp:\(timestamp)",
            target: request.target, body: signed)
        answer.headers.append(Header("Signature", signature))
        return answer
    }
}

extension DokuRequest {
    /// Returns the header's value if there is exactly one and it is not empty.
    fileprivate func only(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        guard values.count == 1, let value = values.first, !value.isEmpty else { return nil }
        return value
    }
}
