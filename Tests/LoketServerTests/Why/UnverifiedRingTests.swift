// What did not verify is kept within its bounds: rows, bytes, and how often; nobody's flood washes
// away what another sent, and nothing that verified is ever in it.

import DokuSimulator
import DokuWire
import LoketCore
import LoketServer
import Testing

struct UnverifiedRingTests {
    private static let code = "88965110000001"

    private func keep(
        _ ring: UnverifiedRing, _ id: String, clientID: String = Shop.clientID, bytes: Int = 10
    ) {
        ring.keep(
            .signatureWrong, headers: [("Client-Id", clientID), ("Request-Id", id)],
            body: [UInt8](repeating: 0x20, count: bytes), now: InquiryDesk.now)
    }

    @Test func `a burst is kept, and then one a second, of each account`() async throws {
        try await withDesk { desk in
            let ring = desk.unverified
            for number in 0..<(Limits.unverifiedBurst + 50) { keep(ring, "\(number)") }
            #expect(ring.count >= Limits.unverifiedBurst)
            #expect(ring.count < Limits.unverifiedBurst + 50)
            let before = ring.count
            // Strangers share one allowance, whatever they call themselves.
            for number in 0..<(Limits.unverifiedBurst + 50) {
                keep(ring, "stranger", clientID: "MCH-9-\(number)")
            }
            #expect(ring.count - before >= Limits.unverifiedBurst)
            #expect(ring.count - before < Limits.unverifiedBurst + 50)
            keep(ring, "neighbour", clientID: Shop.neighbourID)
            #expect(ring.find(requestID: "neighbour", accountID: nil).count == 1)
            #expect(ring.find(requestID: "0", accountID: nil).count == 1)
        }
    }

    @Test func `bytes are bounded, and the oldest go first`() async throws {
        try await withDesk { desk in
            let size = Limits.unverifiedBytesMax / 10
            for number in 0..<15 { keep(desk.unverified, "\(number)", bytes: size) }
            #expect(desk.unverified.count == 9)
            #expect(desk.unverified.find(requestID: "5", accountID: nil).isEmpty)
            #expect(desk.unverified.find(requestID: "6", accountID: nil).count == 1)
        }
    }

    @Test func `an account finds its own, and nobody what has no id`() async throws {
        try await withDesk { desk in
            let ring = desk.unverified
            let own = try desk.accountID()
            let other = try desk.accountID(Shop.neighbourID)
            keep(ring, "a")
            keep(ring, "a", clientID: Shop.neighbourID)
            keep(ring, "a", clientID: "MCH-9")
            #expect(ring.find(requestID: "a", accountID: nil).count == 3)
            #expect(ring.find(requestID: "a", accountID: own).map(\.accountID) == [own])
            #expect(ring.find(requestID: "a", accountID: other).map(\.accountID) == [other])
            #expect(ring.find(requestID: "A", accountID: nil).isEmpty)
            ring.keep(
                .requestIDMissing, headers: [("Client-Id", Shop.clientID)], body: [],
                now: InquiryDesk.now)
            #expect(ring.count == 3)
        }
    }

    @Test func `only what did not verify is kept, without other header lines`() async throws {
        try await withDesk { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            _ = try desk.ask(Self.code, requestID: "right")
            _ = try desk.ask(
                Shop.doku.inquiry(
                    Self.code, requestID: "stale",
                    at: InquiryDesk.now.adding(milliseconds: 7_200_000)))
            #expect(desk.unverified.count == 0)
            let forged = Shop.forger.inquiry(Self.code, requestID: "wrong", at: InquiryDesk.now)
                .adding("Authorization", "Bearer of-somebody").adding("Cookie", "a=b")
            _ = try desk.ask(forged)
            let kept = try #require(
                desk.unverified.find(requestID: "wrong", accountID: nil).first)
            #expect(kept.cause == .signatureWrong)
            #expect(kept.body == forged.body)
            #expect(kept.receivedAt == InquiryDesk.now)
            #expect(
                kept.headers.map(\.name)
                    == ["Client-Id", "Request-Id", "Request-Timestamp", "Signature"])
        }
    }
}
