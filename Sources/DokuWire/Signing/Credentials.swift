// Verifies a signature with the active secrets of the Client-Id. An unknown Client-Id costs the same
// work as a known one, so that the time taken does not reveal which ones exist.

import LoketCore
import LoketSystem

/// The secrets by Client-Id.
///
///     let credentials = Credentials(["MCH-0001": [Secret(utf8: Array(text.utf8))]])
///     let headers = try SignedHeaders(lines)
///     let proof = try credentials.verify(headers, target: "/doku/inquiry", body: body)
///     proof.secret   // the one that verified, which also signs the answer
package struct Credentials: Sendable {
    /// As many for each as the account with the most has.
    private let secrets: [String: [Secret]]
    /// Tried for an unknown Client-Id.
    private let stranger: [Secret]

    package init(_ secrets: [String: [Secret]]) {
        let most = secrets.values.map(\.count).max() ?? 1
        let filling = (0..<most).map { _ in Secret(utf8: randomBytes(32)) }
        self.secrets = secrets.mapValues { $0 + filling.dropFirst($0.count) }
        stranger = filling
    }

    /// What a verified request proves.
    package struct Proof: Sendable {
        package let clientID: String
        package let requestID: String
        /// When DOKU sent the request, by its header; nil only if any form of it was accepted.
        package let sentAt: Moment?
        /// The secret that verified, which also signs the answer.
        package let secret: Secret
    }

    /// Verifies a request over its raw body; a GET has none. The timestamp's age is not judged:
    /// that is the caller's, after the signature.
    ///
    /// - Parameter anyTimestamp: its form is not judged either: a notification is money, and is
    ///   not refused for the form of its timestamp.
    package func verify(
        _ headers: SignedHeaders, target: String, body: [UInt8]?, anyTimestamp: Bool = false
    ) throws(WireRejection) -> Proof {
        let component = Signature.component(
            .request, clientID: headers.clientID, requestID: headers.requestID,
            timestamp: headers.timestamp, target: target, body: body)
        let active = secrets[headers.clientID]
        // No early way out: every secret is tried, whichever one fits.
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

/// Why a request did not verify, in the order in which it is checked. It is counted by cause and is
/// never in the reply: a sender that cannot sign learns nothing from the refusal.
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
