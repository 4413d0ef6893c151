// The signed Check Status request: its path and the number in it, its signature according to the
// published vector, and the verification of the answer's signature.

import DokuWire
import LoketCore
import Testing

struct CheckStatusTests {
    private static let targets: [(number: String, escaped: String)] = [
        ("INV-20210125-0001", "INV-20210125-0001"), ("a.b_c~d-E9", "a.b_c~d-E9"),
        ("A/B", "A%2FB"), ("A B", "A%20B"), ("50%", "50%25"), ("%2F", "%252F"), ("a?b", "a%3Fb"),
        ("a#b", "a%23b"), ("a+b&c=d", "a%2Bb%26c%3Dd"),
        ("(x);@:,!*'$", "%28x%29%3B%40%3A%2C%21%2A%27%24"),
        ("\u{E9}", "%C3%A9"), ("[\\]^`{|}\"<>", "%5B%5C%5D%5E%60%7B%7C%7D%22%3C%3E"),
    ]

    @Test func `a number is escaped in the path and found again`() {
        for (number, escaped) in Self.targets {
            for base in ["", "/sandbox", "/a/b"] {
                let target = CheckStatus.target(basePath: base, invoiceNumber: number)
                #expect(target == base + "/orders/v1/status/" + escaped)
                #expect(CheckStatus.invoiceNumber(ofTarget: target) == number)
            }
        }
    }

    @Test func `every visible character is unchanged after encoding and decoding`() {
        for byte in UInt8(0x21)...0x7E {
            let number = String(decoding: [byte, 0x41, byte], as: UTF8.self)
            let target = CheckStatus.target(basePath: "", invoiceNumber: number)
            #expect(CheckStatus.invoiceNumber(ofTarget: target) == number, "\(number)")
            #expect(
                target.utf8.allSatisfy { $0 == 0x25 || $0 == 0x2F || $0 < 0x7F && $0 > 0x2C })
        }
    }

    @Test(arguments: [
        "", "INV-1", "/", "/orders/v1/status/", "/orders/v1/status/%", "/orders/v1/status/A%2",
        "/orders/v1/status/%zz", "/orders/v1/status/%+1", "/orders/v1/status/%-1",
    ])
    func `a path without an invoice has no number`(_ target: String) {
        #expect(CheckStatus.invoiceNumber(ofTarget: target) == nil)
    }

    @Test func `the request is signed like the vector without a body`() throws {
        let vectors = try Vectors.read().signatures.filter { $0.body == nil }
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let text = try #require(vector.requestTimestamp)
            let now = try #require(Moment(dokuTimestamp: text))
            let headers = CheckStatus.headers(
                clientID: vector.clientID, requestID: vector.requestID,
                now: now.adding(milliseconds: 999), target: vector.requestTarget,
                secret: Secret(utf8: Array(vector.secret.utf8)))
            #expect(
                headers.map(\.name) == [
                    "Client-Id", "Request-Id", "Request-Timestamp", "Signature",
                ])
            #expect(
                headers.map(\.value) == [
                    vector.clientID, vector.requestID, text, vector.signature,
                ])
            let number = try #require(CheckStatus.invoiceNumber(ofTarget: vector.requestTarget))
            #expect(
                CheckStatus.target(basePath: "", invoiceNumber: number) == vector.requestTarget)
        }
    }

    // MARK: The answer

    private struct Answer {
        var signature: String
        var clientID = "MCH-1"
        var requestID = "id-1"
        var timestamp = "2020-08-11T08:45:43Z"
        var target = "/orders/v1/status/INV-1"
        var body = Array(#"{"order":{}}"#.utf8)
        var secret = SampleRequest.secret

        init() {
            signature = ""
            let component = Signature.component(
                .response, clientID: clientID, requestID: requestID, timestamp: timestamp,
                target: target, body: body)
            signature = secret.signature(over: component)
        }

        var verifies: Bool {
            CheckStatus.verifies(
                signature, clientID: clientID, requestID: requestID, timestamp: timestamp,
                target: target, body: body, secret: secret)
        }
    }

    private static let changes: [@Sendable (inout Answer) -> Void] = [
        { $0.signature = "" }, { $0.signature += " " }, { $0.signature.removeLast() },
        { $0.signature = String($0.signature.dropFirst("HMACSHA256=".count)) },
        { $0.clientID = "MCH-2" }, { $0.requestID = "id-2" }, { $0.timestamp = "" },
        { $0.timestamp = "2020-08-11T08:45:44Z" }, { $0.target = "/orders/v1/status/INV-2" },
        { $0.body = [] }, { $0.body.append(0x20) },
        { $0.secret = Secret(utf8: Array("SK-another-account-000".utf8)) },
    ]

    @Test func `an answer verifies only over exactly its own request and content`() {
        #expect(Answer().verifies)
        for (place, change) in Self.changes.enumerated() {
            var answer = Answer()
            change(&answer)
            #expect(!answer.verifies, "change \(place)")
        }
    }

    @Test func `a request's signature is not valid as an answer's`() {
        var answer = Answer()
        let component = Signature.component(
            .request, clientID: answer.clientID, requestID: answer.requestID,
            timestamp: answer.timestamp, target: answer.target, body: answer.body)
        answer.signature = answer.secret.signature(over: component)
        #expect(!answer.verifies)
    }
}
