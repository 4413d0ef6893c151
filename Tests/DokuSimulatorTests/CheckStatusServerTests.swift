// DOKU's Check Status desk over a real socket: the requests that it answers, the content, and the
// signature, compared with the service's own signing code and the published vector.

import DokuSimulator
import DokuWire
import LoketCore
import LoketJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct CheckStatusDeskTests {
    private typealias Client = CheckStatusClient

    private static let notice = PaymentNotice(
        invoiceNumber: "INV-1", amount: 150_000, paymentCode: "88965112345678",
        date: "2020-08-11T08:44:00Z", agentTransactionID: "1246")
    private static let question = Client.request(Client.path + "INV-1")

    private func withDesk(
        clientID: String = Client.clientID, at time: String = Client.now,
        _ body: (CheckStatusServer) async throws -> Void
    ) async throws {
        let now = try #require(Moment(dokuTimestamp: time))
        let desk = try await CheckStatusServer.start(
            clientID: clientID, secret: Sample.secretText, now: { now })
        do {
            try await body(desk)
        } catch {
            try await desk.stop()
            throw error
        }
        try await desk.stop()
    }

    // MARK: Answers

    @Test func `a known invoice returns its notice unchanged, signed`() async throws {
        try await withDesk { desk in
            desk.put(Self.notice)
            let answer = try await Client.ask(Self.question, at: desk)
            #expect(answer.status == 200)
            #expect(answer.body == Self.notice.body)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.header("Response-Timestamp") == Client.now)
            #expect(Client.isSigned(answer, as: Self.question))

            var sparse = PaymentNotice(
                invoiceNumber: "INV-1", amount: nil, paymentCode: nil, date: nil)
            sparse.identifiers = []
            sparse.rotation = 2
            desk.put(sparse)
            #expect(try await Client.ask(Self.question, at: desk).body == sparse.body)
        }
    }

    @Test func `an unknown invoice is 404, signed too`() async throws {
        try await withDesk { desk in
            desk.put(Self.notice)
            let question = Client.request(Client.path + "INV-2")
            let answer = try await Client.ask(question, at: desk)
            #expect(answer.status == 404)
            let body = try StrictJSON(answer.body).root
            #expect(body["message"]?.elements.count == 1)
            #expect(Client.isSigned(answer, as: question))
            #expect(desk.requests == ["INV-2": 1])
        }
    }

    @Test func `an answer may have another number, or not be a notice`() async throws {
        try await withDesk { desk in
            var other = Self.notice
            other.invoiceNumber = "INV-9"
            desk.put(other, for: "INV-1")
            #expect(try await Client.ask(Self.question, at: desk).body == other.body)
            desk.put(Array("[".utf8), for: "INV-1")
            let answer = try await Client.ask(Self.question, at: desk)
            #expect(answer.body == Array("[".utf8))
            #expect(Client.isSigned(answer, as: Self.question))
        }
    }

    @Test func `a number is found through its percent-encoding`() async throws {
        try await withDesk { desk in
            var notice = Self.notice
            notice.invoiceNumber = "INV/1 #%é"
            desk.put(notice)
            for escaped in ["INV%2F1%20%23%25%C3%A9", "%49NV%2f1%20%23%25%c3%a9"] {
                let question = Client.request(Client.path + escaped)
                let answer = try await Client.ask(question, at: desk)
                #expect(answer.status == 200, "\(escaped)")
                #expect(Client.isSigned(answer, as: question))
            }
            #expect(desk.requests == ["INV/1 #%é": 2])
            #expect(desk.targets.last == Client.path + "%49NV%2f1%20%23%25%c3%a9")
        }
    }

    @Test(arguments: [
        "/orders/v1/status/", "/orders/v1/status", "/orders/v1/status/INV%2", "/",
        "/orders/v1/status/INV-1/", "/orders/v1/status/INV-1?a=b", "/orders/v1/status/INV%+1",
        "/orders/v2/status/INV-1",
    ])
    func `a target without an invoice is 404`(_ target: String) async throws {
        try await withDesk { desk in
            desk.put(Self.notice)
            let status = try await Client.ask(Client.request(target), at: desk).status
            #expect(status == 404)
            #expect(desk.requests.isEmpty)
        }
    }

    @Test func `another method is 405`() async throws {
        try await withDesk { desk in
            desk.put(Self.notice)
            var request = Self.question
            request.method = "POST"
            let status = try await Client.ask(request, at: desk).status
            #expect(status == 405)
        }
    }

    // MARK: Authentication

    @Test func `the published vector of a GET verifies`() async throws {
        try await withDesk(clientID: "MCH-0001-10791114622547") { desk in
            var request = Client.request(
                Client.path + "INV-123123-12313", clientID: "MCH-0001-10791114622547",
                id: "d895fb53-479c-4f77-a76a-ab81b40d77cb")
            request.headers[3].value =
                "HMACSHA256=lcSoRl0WvkSfmGHpy5fuwPSukqiVtY8MlpXc7CLk+6w="
            let status = try await Client.ask(request, at: desk).status
            #expect(status == 404)
            #expect(desk.requests == ["INV-123123-12313": 1])
            #expect(desk.refusals.isEmpty)
        }
    }

    private static func spoilt(_ spoil: (inout [Header]) -> Void) -> DokuRequest {
        var request = question
        spoil(&request.headers)
        return request
    }

    private static let target = Client.path + "INV-1"
    private static let refused: [(DokuRequest, String)] =
        (0..<4).flatMap { index in
            [
                (spoilt { $0.remove(at: index) }, "invalid_header_request"),
                (spoilt { $0[index].value = "" }, "invalid_header_request"),
                (spoilt { $0.append($0[index]) }, "invalid_header_request"),
            ]
        } + [
            (Client.request(target, clientID: "MCH-2"), "invalid_client_id"),
            (
                Client.request(target, timestamp: "2020-08-11T08:45:42+00:00"),
                "invalid_header_request"
            ),
            (
                Client.request(target, timestamp: "2020-08-11T07:45:41Z"),
                "request_time_out_of_range"
            ),
            (
                Client.request(target, timestamp: "2020-08-11T09:45:43Z"),
                "request_time_out_of_range"
            ),
            (
                Client.request(target, secret: Secret(utf8: Array("SK-another-secret".utf8))),
                "invalid_signature"
            ),
            (Client.request(target) { $0 + [0x0A] }, "invalid_signature"),
            (
                Client.request(target) { component in
                    component + Array("\nDigest:".utf8) + Signature.digest(of: [])
                }, "invalid_signature"
            ),
            (spoilt { $0[3].value = $0[3].value.lowercased() }, "invalid_signature"),
            (spoilt { $0[3].value = String($0[3].value.dropLast()) }, "invalid_signature"),
            (spoilt { $0[1].value = "id-2" }, "invalid_signature"),
            (spoilt { $0[2].value = "2020-08-11T08:45:43Z" }, "invalid_signature"),
        ]

    @Test(arguments: refused.indices)
    func `a request that does not verify is 401 in DOKU's form`(_ index: Int) async throws {
        let (request, code) = Self.refused[index]
        try await withDesk { desk in
            desk.put(Self.notice)
            let answer = try await Client.ask(request, at: desk)
            #expect(answer.status == 401)
            let error = try #require(try StrictJSON(answer.body).root["error"])
            #expect(error["code"]?.string == code)
            #expect(error["message"]?.string?.isEmpty == false)
            #expect(error["type"]?.string == "invalid_request_error")
            #expect(answer.header("Signature") == nil)
            #expect(desk.requests.isEmpty)
            #expect(desk.refusals == [code])
        }
    }

    @Test(arguments: ["2020-08-11T07:45:42Z", "2020-08-11T09:45:42Z"])
    func `a difference of an hour is still accepted`(_ timestamp: String) async throws {
        try await withDesk { desk in
            desk.put(Self.notice)
            let question = Client.request(Self.target, timestamp: timestamp)
            let status = try await Client.ask(question, at: desk).status
            #expect(status == 200)
        }
    }
}
