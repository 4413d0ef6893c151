// A request that verifies, and variants with one change.

import DokuWire
import TestSupport
import Testing

struct SampleRequest {
    static let target = "/doku/inquiry"
    static let clientID = "MCH-0001-10791114622547"
    static let secret = Secret(utf8: Array("SK-example-not-a-real-key".utf8))
    static let credentials = Credentials([clientID: [secret]])

    var clientID = Self.clientID
    var requestID = "5b8e438f-fac1-4103-9e0e-ebfdc38b5acb"
    var timestamp = "2020-08-11T08:45:42Z"
    var signature = ""
    var body = Array(Bodies.alfa.utf8)

    /// Creates a request signed over its own values.
    init(
        clientID: String = Self.clientID, requestID: String? = nil, timestamp: String? = nil,
        secret: Secret = Self.secret
    ) {
        self.clientID = clientID
        if let requestID { self.requestID = requestID }
        if let timestamp { self.timestamp = timestamp }
        let component = Signature.component(
            .request, clientID: self.clientID, requestID: self.requestID,
            timestamp: self.timestamp, target: Self.target, body: body)
        signature = secret.signature(over: component)
    }

    var fields: [(name: String, value: String)] {
        [
            ("Client-Id", clientID), ("Request-Id", requestID),
            ("Request-Timestamp", timestamp), ("Signature", signature),
        ]
    }

    /// Returns the reason for a refusal; nil if the request verifies.
    func rejection(
        by credentials: Credentials = Self.credentials, target: String = Self.target
    ) -> WireRejection? {
        do {
            _ = try credentials.verify(try SignedHeaders(fields), target: target, body: body)
            return nil
        } catch {
            return error
        }
    }

    /// Returns the fault of the header lines; nil if there is none.
    static func rejection(of fields: [(name: String, value: String)]) -> WireRejection? {
        do {
            _ = try SignedHeaders(fields)
            return nil
        } catch {
            return error
        }
    }
}
