// Refused requests are kept at a limited rate, counted and logged; verified requests are not.

import DokuSimulator
import DokuWire
import Foundation
import Logging
import LoketCore
import LoketRuntime
import LoketStore
import Testing

struct RefusalDeskTests {
    private static let code = "88965110000001"

    private func keep(
        _ desk: InquiryDesk, _ id: String, clientID: String = Shop.clientID, bytes: Int = 10
    ) {
        desk.refusals.refused(
            .signatureWrong, .inquiry, headers: [("Client-Id", clientID), ("Request-Id", id)],
            body: [UInt8](repeating: 0x20, count: bytes), now: InquiryDesk.now)
    }

    private func found(
        _ desk: InquiryDesk, _ id: String, _ account: Int64? = nil
    ) async throws -> [RefusedRequest] {
        try await desk.refusals.flush()
        return try await desk.store.refusedRequests(requestID: id, accountID: account)
            .map(\.request)
    }

    @Test func `for each account a burst is kept, and then one request a second`() async throws {
        try await withDesk { desk in
            for number in 0..<(Limits.refusedBurst + 50) {
                keep(desk, number < 100 ? "own" : "own-\(number)")
            }
            // The example is a request that is kept.
            let example = try #require(
                desk.refusals.window.counts(now: InquiryDesk.now).sum()
                    .refused[.signature]?.example)
            #expect(try await found(desk, example).isEmpty == false)
            let own = try await found(desk, "own").count
            #expect((Limits.refusedBurst..<Limits.refusedBurst + 50).contains(own))
            // Strangers share one allowance, whatever Client-Id they send.
            for number in 0..<(Limits.refusedBurst + 50) {
                keep(desk, "stranger", clientID: "MCH-9-\(number)")
            }
            let strangers = try await found(desk, "stranger").count
            #expect((Limits.refusedBurst..<Limits.refusedBurst + 50).contains(strangers))
            keep(desk, "neighbour", clientID: Shop.neighbourID)
            #expect(try await found(desk, "neighbour").count == 1)
            // Requests that are not kept are counted too.
            let hour = InquiryDesk.now.milliseconds / 3_600_000 * 3_600_000
            let sums = try await desk.store.hourSums(
                from: Moment(milliseconds: hour), to: Moment(milliseconds: hour + 1))
            #expect(sums.map(\.count).sorted() == [1, 150, 150])
            #expect(Set(sums.map(\.cause)) == ["signature_wrong"])
            #expect(desk.refusals.window.counts(now: InquiryDesk.now).sum().total == 301)
        }
    }

    @Test func `an account finds its own requests, and none finds those without an id`()
        async throws
    {
        try await withDesk { desk in
            let own = try desk.accountID()
            keep(desk, "a")
            keep(desk, "a", clientID: Shop.neighbourID)
            keep(desk, "a", clientID: "MCH-9")
            desk.refusals.refused(
                .requestIDMissing, .inquiry, headers: [("Client-Id", Shop.clientID)], body: [],
                now: InquiryDesk.now)
            keep(desk, "long", bytes: Limits.inquiryBodyBytesMax + 1)
            #expect(try await found(desk, "a").count == 3)
            #expect(try await found(desk, "a", own).map(\.accountID) == [own])
            #expect(try await found(desk, "A").isEmpty)
            #expect(try await found(desk, "").isEmpty)
            #expect(try await found(desk, "long").first?.body.isEmpty == true)
        }
    }

    @Test func `only unverified requests are kept, without other header lines`() async throws {
        try await withDesk { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            _ = try desk.ask(Self.code, requestID: "right")
            let ahead = InquiryDesk.now.adding(milliseconds: 7_200_000)
            _ = try desk.ask(Shop.doku.inquiry(Self.code, requestID: "stale", at: ahead))
            let forged = Shop.forger.inquiry(Self.code, requestID: "wrong", at: InquiryDesk.now)
                .adding("Authorization", "Bearer of-somebody").adding("Cookie", "a=b")
            _ = try desk.ask(forged)
            _ = try desk.ask("999", requestID: "bin")
            #expect(try await found(desk, "right").isEmpty)
            #expect(try await found(desk, "stale").isEmpty)
            let kept = try #require(try await found(desk, "wrong").first)
            let whole = try #require(try await desk.store.refusedRequest(id: 1))
            #expect(whole.body == forged.body && kept.cause == "signature_wrong")
            #expect(kept.receivedAt == InquiryDesk.now && kept.kind == .inquiry)
            #expect(
                kept.headers.map(\.name)
                    == ["Client-Id", "Request-Id", "Request-Timestamp", "Signature"])
            let counts = desk.refusals.window.counts(now: InquiryDesk.now).sum()
            #expect(counts.verified == 2)
            #expect(counts.refused[.clock]?.example == "stale")
            #expect(counts.refused[.signature]?.example == "wrong")
            #expect(desk.log.text.contains("`loket why stale`"))
            #expect(desk.log.text.contains("2 h 0 min 0 s ahead of this machine's clock"))
            #expect(desk.log.text.contains("signature_wrong; for details, run `loket why wrong`"))
            #expect(desk.log.text.contains("bin_unknown; for details, run `loket why bin`"))
            for secret in ["of-somebody", "HMACSHA256", Self.code] {
                #expect(!desk.log.text.contains(secret))
            }
        }
    }

    @Test(arguments: [
        ("abc-1.2:3_4", "loket why abc-1.2:3_4"), ("-x", "loket why -- -x"),
        ("$(reboot)", "loket why '$(reboot)'"), ("a'b`c`", #"loket why 'a'\''b`c`'"#),
    ])
    func `the command for an id is one word to a shell`(_ id: String, _ command: String) {
        #expect(whyCommand(id) == command)
    }

    @Test func `the log of a day of forged requests of every kind stays under 1 MB`()
        async throws
    {
        try await withDesk { desk in
            let file = desk.settings.database + ".log"
            let descriptor = creat(file, 0o600)
            defer { close(descriptor) }
            let queue = LogQueue(to: descriptor)
            let refusals = RefusalMonitor(
                settings: desk.settings, store: desk.store, registry: desk.registry,
                log: Logger(label: "day") { _ in JSONLog(to: queue) })
            // The number of lines depends on causes and hours, not on the requests per minute.
            let id = String(repeating: "x", count: Limits.headerIdentifierMax)
            let (count, causes) = (14_400, WireRejection.allCases)
            for number in 0..<count {
                refusals.refused(
                    causes[number % causes.count], .inquiry,
                    headers: [("Client-Id", Shop.clientID), ("Request-Id", id)], body: [],
                    source: { "2001:db8:1234:5678:9abc:def0:1234:5678" },
                    now: InquiryDesk.now.adding(milliseconds: Int64(number) * 6_000))
            }
            queue.close()
            let log = try String(contentsOfFile: file, encoding: .utf8)
            #expect(log.utf8.count < 1_000_000)
            let lines = log.split(separator: "\n").count
            #expect(lines >= causes.count * 70 && lines <= causes.count * 83)
            #expect(log.contains("not_logged"))
        }
    }
}
