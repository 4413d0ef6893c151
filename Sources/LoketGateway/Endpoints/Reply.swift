// The possible outcomes of a request on the gateway, and the answer to each. DokuWire defines the
// answer to each guard, and the bodies.

import DokuWire
import LoketCore

/// An outcome of a request on the gateway.
package enum Outcome: Hashable, Sendable {
    // The gateway
    case unknownTarget
    case wrongMethod(allowed: String)
    case malformedHTTP
    case headTooLarge
    case bodyTooLarge
    /// The large bodies being received use all the room reserved for them.
    case noRoomForBody
    /// The request uses a transfer coding other than chunked.
    case codingUnknown
    case tooSlow
    case healthy
    case unhealthy
    // Inquiries
    case unverified
    case answered(by: Guard)
    // Notifications
    case unverifiedNotification
    case recorded
    /// The notification is not on disk, or that is unknown; it has to be sent again.
    case notRecorded
}

extension O2OVerdict {
    package init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .unknownTarget: .unknownPath
            case .wrongMethod: O2OVerdict(405)
            case .malformedHTTP: O2OVerdict(400)
            case .headTooLarge: O2OVerdict(431)
            case .bodyTooLarge: O2OVerdict(413)
            case .noRoomForBody: O2OVerdict(503)
            case .codingUnknown: O2OVerdict(501)
            case .tooSlow: O2OVerdict(408)
            case .healthy: O2OVerdict(200)
            case .unhealthy: O2OVerdict(503)
            case .unverified: .unverifiedInquiry
            case .unverifiedNotification: .unverifiedNotification
            case .recorded: O2OVerdict(200)
            case .notRecorded: O2OVerdict(503)
            case .answered(let reason): O2OVerdict(reason)
            }
    }
}

/// A complete answer: its status, the few headers that the gateway sets, and its body.
package struct Reply: Sendable {
    package var status: Int
    package var headers: [(name: StaticString, value: String)]
    package var body: [UInt8]
    /// Whether the request has proved its sender.
    package private(set) var isSigned = false

    package init(
        status: Int, headers: [(name: StaticString, value: String)] = [], body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Creates a reply of the gateway: a status and an empty body.
    package init(_ outcome: Outcome) {
        self.init(status: O2OVerdict(outcome).http)
        switch outcome {
        case .wrongMethod(let allowed): headers = [("Allow", allowed)]
        case .notRecorded, .noRoomForBody:
            headers = [("Retry-After", "\(Limits.retryAfterSeconds)")]
        default: break
        }
    }

    /// Creates an unsigned JSON reply, for senders that did not prove their identity.
    package init(unsigned outcome: Outcome) {
        let verdict = O2OVerdict(outcome)
        self.init(status: verdict.http, headers: [("Content-Type", "application/json")])
        if let status = verdict.status {
            body = O2OAnswer.decline(status, paymentCode: nil)
        }
    }

    /// Creates a JSON reply signed with the secret that verified the request.
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
        self.init(
            status: status,
            headers: [
                ("Content-Type", "application/json"),
                ("Client-Id", proof.clientID),
                ("Request-Id", proof.requestID),
                ("Response-Timestamp", timestamp),
                ("Signature", proof.secret.signature(over: component)),
            ],
            body: body)
        isSigned = true
    }
}
