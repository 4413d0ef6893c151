// An unverified sender learns nothing, and his request is only counted by its cause; a request that
// is verified but too late or too early leaves a row in the journal.

import DokuSimulator
import DokuWire
import LoketCore
import LoketStore
import Testing

struct VerificationTests {
    private static let code = "88965110000001"

    private struct Wrong {
        let cause: WireRejection
        let change: @Sendable (inout DokuRequest) -> Void
    }

    /// One of each kind; the tests of DokuWire cover the cause of each refusal.
    private static let wrongs: [Wrong] = [
        Wrong(cause: .clientIDMissing) { $0.headers.removeAll { $0.name == "Client-Id" } },
        Wrong(cause: .requestIDTwice) { $0 = $0.adding("Request-ID", "1") },
        Wrong(cause: .clientIDUnknown) { $0.set("Client-Id", "MCH-9999") },
        Wrong(cause: .timestampMalformed) { $0.set("Request-Timestamp", "2023-11-14 22:13:20Z") },
        Wrong(cause: .signatureWrong) { $0.body[40] ^= 1 },
    ]

    @Test(arguments: wrongs.indices)
    func `an unverified request is refused, counted and not journaled`(_ index: Int) async throws {
        let wrong = Self.wrongs[index]
        try await withDesk { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            var request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
            wrong.change(&request)
            let answer = try desk.ask(
                request,
                find: { (_, _, _) throws(StoreFault) in
                    Issue.record("a request that did not verify was looked up")
                    return .nothing
                })
            expectUnsigned(answer)
            #expect(desk.metrics.current.unverified == [wrong.cause: 1])
            #expect(desk.metrics.current.answered.isEmpty)
            #expect(try await desk.journaled().isEmpty)
        }
    }

    @Test func `the path that is signed is the public one`() async throws {
        try await withDesk { desk in
            let component = Doku(
                clientID: Shop.clientID, secret: [1], signedTarget: Shop.target)
            expectUnsigned(try desk.ask(component.inquiry(Self.code, at: InquiryDesk.now)))
        }
    }

    @Test(arguments: [-3601, -3600, 0, 3600, 3601])
    func `an hour of difference is fine and a second more is stale`(
        _ seconds: Int64
    ) async throws {
        try await withDesk { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            let sent = InquiryDesk.now.adding(milliseconds: seconds * 1000)
            let request = Shop.doku.inquiry(Self.code, at: sent)
            let answer = try desk.ask(request)
            let isStale = abs(seconds) > 3600
            if isStale {
                expectUnsigned(answer)
            } else {
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
                #expect(answer.status == 200)
            }
            let entry = try #require(try await desk.journaled().first)
            #expect(entry.answeredBy == (isStale ? .stale : .payable))
            #expect(entry.skewMilliseconds == -seconds * 1000)
            #expect(desk.metrics.current.unverified.isEmpty)
        }
    }

    @Test func `the bound on the difference is a setting`() async throws {
        try await withDesk(more: "limits: { timestamp_seconds: 60 }") { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            for (seconds, status) in [(Int64(60), 200), (61, 401)] {
                let sent = InquiryDesk.now.adding(milliseconds: -seconds * 1000)
                #expect(try desk.ask(Shop.doku.inquiry(Self.code, at: sent)).status == status)
            }
        }
    }

    @Test func `an answer is signed with the secret that verified its request`() async throws {
        try await withDesk { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            let pairs = [
                (Shop.doku, Shop.dokuWithSecondSecret), (Shop.dokuWithSecondSecret, Shop.doku),
            ]
            for (asks, other) in pairs {
                let request = asks.inquiry(Self.code, at: InquiryDesk.now)
                let answer = try desk.ask(request)
                #expect(asks.signature(of: answer, to: request) == .verified)
                #expect(other.signature(of: answer, to: request) != .verified)
            }
        }
    }

    @Test func `a code of a shared BIN is answered with the account's own bill`() async throws {
        try await withDesk { desk in
            try desk.seed([.sample("54321000001", "INV-1", amount: 11)])
            try desk.seed(
                [.sample("54321000001", "INV-1", amount: 22)], clientID: Shop.neighbourID)
            for (doku, amount) in [(Shop.doku, "11"), (Shop.neighboursDoku, "22")] {
                let answer = try desk.ask(doku.inquiry("54321000001", at: InquiryDesk.now))
                #expect(answer.text.contains("\"amount\":\(amount)}"))
            }
        }
    }
}

extension DokuRequest {
    mutating func set(_ name: String, _ value: String) {
        for index in headers.indices where headers[index].name == name {
            headers[index].value = value
        }
    }
}
