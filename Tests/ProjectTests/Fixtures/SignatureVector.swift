// The signature vectors of DokuWireTests as saved requests, as a user would save them.

import DokuSimulator
import Foundation
import LoketJSON
import Testing

struct SignatureVector: CustomTestStringConvertible {
    let name: String
    let secret: String
    let component: String
    let signature: String
    let request: DokuRequest

    var testDescription: String { name }

    /// Returns the vectors of requests, without those of answers.
    static func requests() throws -> [SignatureVector] {
        let text = try Project.text("Tests/DokuWireTests/Vectors/signatures.json")
        let list = try StrictJSON(Array(text.utf8)).root["signatures"]?.elements ?? []
        return list.compactMap(SignatureVector.init)
    }

    private init?(_ value: JSONValue) {
        func text(_ name: String) -> String? {
            value.members.first { $0.name == name }?.value.string
        }
        guard let name = text("name"), let secret = text("secret"),
            let client = text("client_id"), let id = text("request_id"),
            let time = text("request_timestamp"), let target = text("request_target"),
            let component = text("component"), let signature = text("signature")
        else { return nil }
        self.name = name
        self.secret = secret
        self.component = component
        self.signature = signature
        let body = text("body")
        request = DokuRequest(
            method: body == nil ? "GET" : "POST", target: target,
            headers: [
                Header("Host", "merchant.example"), Header("Client-Id", client),
                Header("Request-Id", id), Header("Request-Timestamp", time),
                Header("Signature", signature),
            ],
            body: Array((body ?? "").utf8))
    }

    /// Request line, headers, empty line, body.
    func saved(lineEnd: String = "\r\n", without dropped: String? = nil) -> [UInt8] {
        var lines = ["\(request.method) \(request.target) HTTP/1.1"]
        for header in request.headers where header.name != dropped {
            lines.append("\(header.name): \(header.value)")
        }
        return Array((lines.joined(separator: lineEnd) + lineEnd + lineEnd).utf8) + request.body
    }
}
