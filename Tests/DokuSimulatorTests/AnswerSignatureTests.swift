// The verification of an answer's signature: valid, absent, or wrong in any signed byte.

import DokuSimulator
import DokuWire
import Testing

struct AnswerSignatureTests {
    private static let body = #"{"online_to_offline_inquiry":{"status":"decline"}}"#

    @Test func `a signed answer verifies, in any case of its headers`() {
        let request = Sample.request()
        var answer = Sample.answer(400, Self.body)
        #expect(Sample.doku.signature(of: answer, to: request) == .verified)
        answer.headers = answer.headers.map { Header($0.name.lowercased(), $0.value) }
        #expect(Sample.doku.signature(of: answer, to: request) == .verified)
        answer.status = 200
        #expect(Sample.doku.signature(of: answer, to: request) == .verified)
    }

    @Test func `an answer without a signature is not signed, whatever else it has`() {
        let answer = Sample.answer(400, Self.body)
        #expect(
            Sample.doku.signature(of: answer.with("Signature", nil), to: Sample.request())
                == .absent)
        let bare = DokuAnswer(status: 401, headers: [], body: [])
        #expect(Sample.doku.signature(of: bare, to: Sample.request()) == .absent)
    }

    @Test func `one bit of the body makes it wrong`() {
        let answer = Sample.answer(400, Self.body)
        for index in answer.body.indices {
            var changed = answer
            changed.body[index] ^= 1
            #expect(isWrong(changed), "byte \(index)")
        }
        for body in [answer.body + [10], Array(answer.body.dropLast()), []] {
            var changed = answer
            changed.body = body
            #expect(isWrong(changed))
        }
    }

    @Test func `one character of the signature makes it wrong`() throws {
        let answer = Sample.answer(400, Self.body)
        let signature = Array(try #require(answer.header("Signature")).utf8)
        for index in signature.indices {
            var bytes = signature
            bytes[index] ^= 1
            #expect(
                isWrong(answer.with("Signature", String(decoding: bytes, as: UTF8.self))),
                "character \(index)")
        }
    }

    private static let headers: [(String, String?)] = [
        ("Client-Id", nil), ("Client-Id", ""), ("Client-Id", "MCH-2"), ("Client-Id", "mch-1"),
        ("Request-Id", nil), ("Request-Id", ""), ("Request-Id", "id-2"), ("Request-Id", "ID-1"),
        ("Response-Timestamp", nil), ("Response-Timestamp", ""),
        ("Response-Timestamp", "2020-08-11T08:45:44Z"),
        ("Response-Timestamp", "2020-08-11T08:45:43.000Z"),
        ("Response-Timestamp", "2020-08-11T15:45:43+07:00"),
        ("Signature", ""), ("Signature", "HMACSHA256="), ("Signature", "HMACSHA256=AAAA"),
    ]

    @Test(arguments: headers)
    func `another value of a header makes it wrong`(name: String, value: String?) {
        #expect(isWrong(Sample.answer(400, Self.body).with(name, value)))
    }

    @Test func `another secret, target or request makes it wrong`() {
        let other = Secret(utf8: Array("SK-example-not-a-real-kez".utf8))
        #expect(isWrong(Sample.answer(400, Self.body, secret: other)))
        #expect(isWrong(Sample.answer(400, Self.body, target: "/other")))
        #expect(isWrong(Sample.answer(400, Self.body, to: Sample.request(id: "id-2"))))
    }

    private func isWrong(_ answer: DokuAnswer) -> Bool {
        switch Sample.doku.signature(of: answer, to: Sample.request()) {
        case .wrong: true
        case .verified, .absent: false
        }
    }
}
