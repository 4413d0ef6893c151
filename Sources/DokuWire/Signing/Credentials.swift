// Verifies signatures with the active secrets of a Client-Id. An unknown Client-Id requires the
// same work as a known one, so that the response time does not reveal which Client-Ids exist.

import LoketCore
import LoketSystem

/// The secrets of each Client-Id.
///
///     let credentials = Credentials(["MCH-0001": [Secret(utf8: Array(text.utf8))]])
///     let headers = try SignedHeaders(lines)
///     let proof = try credentials.verify(headers, target: "/doku/inquiry", body: body)
///     proof.secret   // the secret that verified, which also signs the answer
package struct Credentials: Sendable {
    /// The secrets by Client-Id, filled up so that all accounts have the same number.
    private let secrets: [String: [Secret]]
    /// The secrets tried for an unknown Client-Id.
    private let stranger: [Secret]

    package init(_ secrets: [String: [Secret]]) {
        let most = secrets.values.map(\.count).max() ?? 1
        let filling = (0..<most).map { _ in Secret(utf8: randomBytes(32)) }
        self.secrets = secrets.mapValues { $0 + filling.dropFirst($0.count) }
        stranger = filling
    }

    /// The facts that a verified request proves.
    package struct Proof: Sendable {
        package let clientID: String
        package let requestID: String
        /// The time in the request's header; nil only if a timestamp of any form was permitted.
        package let sentAt: Moment?
        /// The secret that verified, which also signs the answer.
        package let secret: Secret
    }

    /// Verifies a request over its raw body; a GET has no body. The caller checks the timestamp's
    /// age, after the signature.
    ///
    /// - Parameter anyTimestamp: whether to accept a timestamp of any form: a notification is
    ///   money, and is not refused for its timestamp's form.
    package func verify(
        _ headers: SignedHeaders, target: String, body: [UInt8]?, anyTimestamp: Bool = false
    ) throws(WireRejection) -> Proof {
        let component = Signature.component(
            .request, clientID: headers.clientID, requestID: headers.requestID,
            timestamp: headers.timestamp, target: target, body: body)
        let active = secrets[headers.clientID]
        // No early exit: every secret is tried, whichever matches.
        var fitting: Secret?
        for secret in active ?? stranger {
            let expected = secret.signature(over: component)
            if equalInConstantTime(expected, headers.signature) { fitting = secret }
        }
        guard active != nil else { throw .clientIDUnknown }
        let sentAt = Moment(dokuTimestamp: headers.timestamp)
        guard sentAt != nil || anyTimestamp else { throw .timestampMalformed }
        guard let fitting else { throw .signatureWrong }
        return Proof(
            clientID: headers.clientID, requestID: headers.requestID, sentAt: sentAt,
            secret: fitting)
    }
}

/// The reasons why a request did not verify, in the order of the checks. Counted by cause,
/// but never sent in the reply: the refusal must not help a sender that cannot sign.
package enum WireRejection: String, Error, CaseIterable, Hashable, Sendable {
    case clientIDMissing = "client_id_missing"
    case clientIDTwice = "client_id_twice"
    case clientIDMalformed = "client_id_malformed"
    case requestIDMissing = "request_id_missing"
    case requestIDTwice = "request_id_twice"
    case requestIDMalformed = "request_id_malformed"
    case timestampMissing = "timestamp_missing"
    case timestampTwice = "timestamp_twice"
    case signatureMissing = "signature_missing"
    case signatureTwice = "signature_twice"
    case clientIDUnknown = "client_id_unknown"
    case timestampMalformed = "timestamp_malformed"
    case signatureWrong = "signature_wrong"
}
