// A Check Status client for the tests. Its requests are signed by the service's own code, so that
// the desk is not tested against itself, and are sent byte by byte over a plain socket.

import DokuSimulator
import DokuWire
import Foundation
import TestSupport

enum CheckStatusClient {
    static let clientID = "MCH-1"
    static let now = "2020-08-11T08:45:42Z"
    static let path = "/orders/v1/status/"

    /// Returns a signed GET.
    static func request(
        _ target: String, clientID: String = clientID, id: String = "id-1",
        timestamp: String = now, secret: Secret = Sample.secret,
        component spoil: ([UInt8]) -> [UInt8] = { $0 }
    ) -> DokuRequest {
        let component = Signature.component(
            .request, clientID: clientID, requestID: id, timestamp: timestamp, target: target,
            body: nil)
        let signature = secret.signature(over: spoil(component))
        return DokuRequest(
            method: "GET", target: target,
            headers: [
                Header("Client-Id", clientID), Header("Request-Id", id),
                Header("Request-Timestamp", timestamp),
                Header("Signature", signature),
            ],
            body: [])
    }

    /// Whether the answer's signature is valid for this request, by the service's own code.
    static func isSigned(_ answer: DokuAnswer, as request: DokuRequest) -> Bool {
        let component = Signature.component(
            .response, clientID: clientID, requestID: request.header("Request-Id") ?? "",
            timestamp: answer.header("Response-Timestamp") ?? "", target: request.target,
            body: answer.body)
        let expected = Sample.secret.signature(over: component)
        return answer.header("Signature") == expected
            && answer.header("Client-Id") == clientID
            && answer.header("Request-Id") == request.header("Request-Id")
    }

    /// Sends all requests on one connection and reads the answers until it is closed.
    static func ask(_ requests: [DokuRequest], at desk: CheckStatusServer) async throws
        -> [DokuAnswer]
    {
        let port = Int(desk.baseURL.split(separator: ":").last ?? "") ?? 0
        var bytes: [UInt8] = []
        for (index, request) in requests.enumerated() {
            var request = request
            request.headers.append(Header("Host", "127.0.0.1"))
            if index == requests.count - 1 { request.headers.append(Header("Connection", "close")) }
            bytes += SavedRequest.bytes(of: request)
        }
        let sent = bytes
        return try await blocking {
            let connection = try Connection(port: port)
            try connection.send(sent)
            return try connection.answersUntilEnd()
        }
    }

    static func ask(_ request: DokuRequest, at desk: CheckStatusServer) async throws -> DokuAnswer {
        guard let answer = try await ask([request], at: desk).first else {
            throw Connection.Failed("no answer")
        }
        return answer
    }
}
