// What happened, and THE switch from it to HTTP: no other place in the product knows which status
// answers what. Bodies come from DokuWire; the gateway only carries them.

import DokuWire
import LoketCore

/// Everything that can come of a request on the gateway.
package enum Outcome: Hashable, Sendable {
    // The gateway's own
    case unknownTarget
    case wrongMethod(allowed: String)
    case malformedHTTP
    case headTooLarge
    case bodyTooLarge
    /// The large bodies that are coming in have all the room there is for them.
    case noRoomForBody
    /// A transfer coding other than chunked.
    case codingUnknown
    case tooSlow
    case healthy
    case unhealthy
    // An inquiry's
    case unverified
    case answered(by: Guard)
    // A notification's
    case unverifiedNotification
    case recorded
    /// It is not on disk, or nobody knows: it has to be sent again.
    case notRecorded
}

/// A status line's number, and the word for DOKU where there is one.
package struct Verdict: Hashable, Sendable {
    package let http: Int
    package let status: O2OAnswer.Status?

    init(_ http: Int, _ status: O2OAnswer.Status? = nil) {
        self.http = http
        self.status = status
    }

    package init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .unknownTarget: Verdict(404)
            case .wrongMethod: Verdict(405)
            case .malformedHTTP: Verdict(400)
            case .headTooLarge: Verdict(431)
            case .bodyTooLarge: Verdict(413)
            case .noRoomForBody: Verdict(503)
            case .codingUnknown: Verdict(501)
            case .tooSlow: Verdict(408)
            case .healthy: Verdict(200)
            case .unhealthy: Verdict(503)
            case .unverified: Verdict(401, .invalidSignature)
            case .unverifiedNotification: Verdict(401)
            case .recorded: Verdict(200)
            case .notRecorded: Verdict(503)
            case .answered(let reason):
                switch reason {
                case .payable: Verdict(200, .success)
                case .stale: Verdict(401, .invalidSignature)
                case .binUnknown, .lengthWrong, .billUnknown: Verdict(404, .notFound)
                case .billPaid: Verdict(400, .alreadyPaid)
                case .billExpired: Verdict(400, .expired)
                case .unreadable, .serviceUnknown, .channelUnknown, .codeMalformed,
                    .channelNotEnabled, .paused, .billCancelled, .billHeld, .billDamaged,
                    .noRoomForSuffix, .overloaded, .storeFailed, .journalFull:
                    Verdict(400, .decline)
                }
            }
    }
}

/// An answer, ready to be written: status, the few headers of ours, body.
package struct Reply: Sendable {
    package var status: Int
    package var headers: [(name: StaticString, value: String)]
    package var body: [UInt8]
    /// Its request has proved who sent it.
    package private(set) var isSigned = false

    package init(
        status: Int, headers: [(name: StaticString, value: String)] = [], body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// What the gateway says by itself: a status, and an empty body.
    package init(_ outcome: Outcome) {
        self.init(status: Verdict(outcome).http)
        switch outcome {
        case .wrongMethod(let allowed): headers = [("Allow", allowed)]
        case .notRecorded, .noRoomForBody:
            headers = [("Retry-After", "\(Limits.retryAfterSeconds)")]
        default: break
        }
    }

    /// Unsigned JSON, for those who did not prove who they are.
    package init(unsigned outcome: Outcome) {
        let verdict = Verdict(outcome)
        self.init(status: verdict.http, headers: [("Content-Type", "application/json")])
        if let status = verdict.status {
            body = O2OAnswer.decline(status, paymentCode: nil)
        }
    }

    /// Signed JSON, with the secret that verified the request.
    ///
    /// - Parameter target: the signed path of the request.
    package init(
        signing body: [UInt8], status: Int, for proof: Credentials.Proof, target: String,
        now: Moment
    ) {
        let timestamp = now.utcText
        let component = Signature.component(
            .response, clientID: proof.clientID, requestID: proof.requestID,
            timestamp: timestamp, target: target, body: body)
        let signature = String(
            decoding: proof.secret.signature(over: component), as: UTF8.self)
        self.init(
            status: status,
            headers: [
                ("Content-Type", "application/json"),
                ("Client-Id", proof.clientID),
                ("Request-Id", proof.requestID),
                ("Response-Timestamp", timestamp),
                ("Signature", signature),
            ],
            body: body)
        isSigned = true
    }
}
