// A request and its correct answer, signed independently, for tests that change one of them.

import DokuSimulator
import DokuWire
import LoketCore

enum Sample {
    static let target = "/doku/inquiry"
    static let secretText = Array("SK-example-not-a-real-key".utf8)
    static let secret = Secret(utf8: secretText)
    static let doku = Doku(clientID: "MCH-1", secret: secretText, signedTarget: target)
    static let timestamp = "2020-08-11T08:45:43Z"

    static func request(_ body: [UInt8] = Array("{}".utf8), id: String = "id-1") -> DokuRequest {
        doku.request(body: body, requestID: id, timestamp: "2020-08-11T08:45:42Z")
    }

    /// Returns an answer signed as a service signs it.
    static func answer(
        _ status: Int, _ body: String, to request: DokuRequest = request(),
        target: String = target, secret: Secret = secret
    ) -> DokuAnswer {
        let id = request.header("Request-Id") ?? ""
        let component = Signature.component(
            .response, clientID: "MCH-1", requestID: id, timestamp: timestamp, target: target,
            body: Array(body.utf8))
        let signature = secret.signature(over: component)
        return DokuAnswer(
            status: status,
            headers: [
                Header("Client-Id", "MCH-1"), Header("Request-Id", id),
                Header("Response-Timestamp", timestamp), Header("Signature", signature),
            ],
            body: Array(body.utf8))
    }
}

extension DokuAnswer {
    func with(_ name: String, _ value: String?) -> DokuAnswer {
        var copy = self
        copy.headers.removeAll { $0.name == name }
        if let value { copy.headers.append(Header(name, value)) }
        return copy
    }
}
