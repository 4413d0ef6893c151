// `why` for every guard: which guard it was, the bill then and now, and what would have made the
// inquiry pass, after real inquiries to a running service.

import DokuSimulator
import DokuWire
import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

struct WhyGuardTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let answeredBy: Guard
        let code: String
        var counter = Doku.Counter.alfa
        /// Words that the remedy contains.
        let says: [String]
        var states: [String]?

        var testDescription: String { "\(answeredBy) for \(code)" }
    }

    static let cases = [
        Case(answeredBy: .codeMalformed, code: "8896511000000A", says: ["1 to 25 digits", "A`"]),
        Case(answeredBy: .binUnknown, code: "77777000001", says: ["889651", "bins", "BRN-0227"]),
        Case(answeredBy: .lengthWrong, code: "1234501", says: ["8 to 25", "12345", "has 7"]),
        Case(
            answeredBy: .channelNotEnabled, code: "88965110000001", counter: .indomaret,
            says: ["indomaret", "889651", "alfa", "direct BINs only"]),
        Case(answeredBy: .billUnknown, code: "88965199999999", says: ["loket bills add"]),
        Case(answeredBy: .billUnknown, code: "54321000009", says: ["has a bill", "BRN-0227"]),
        Case(
            answeredBy: .billCancelled, code: "88965110000002", says: ["`first`", "ordered twice"],
            states: ["cancelled", "cancelled"]),
        Case(
            answeredBy: .billHeld, code: "88965110000003", says: ["--needs-attention"],
            states: ["held", "held"]),
        Case(
            answeredBy: .billPaid, code: "88965110000004", says: ["paid once"],
            states: ["paid", "paid"]),
        Case(
            answeredBy: .billPaid, code: "88965110000005", says: ["paid_elsewhere"],
            states: ["cancelled", "cancelled"]),
        Case(
            answeredBy: .billExpired, code: "88965110000006",
            says: ["expires_at", "2020-01-01T00:00:00Z", "before the inquiry"],
            states: ["open", "open"]),
        Case(
            answeredBy: .billNotYetValid, code: "88965110000007",
            says: ["can be paid from 2099-01-01T00:00:00Z on", "`valid_from`", "/admin/v1/bills/"],
            states: ["open", "open"]),
        Case(
            answeredBy: .noRoomForSuffix, code: "88965110000008", says: ["53 characters"],
            states: ["open", "open"]),
    ]

    @Test func `every guard that meets a bill or a setting is explained`() async throws {
        try await withService { service in
            try await Self.fill(service)
            for (place, expected) in Self.cases.enumerated() {
                let id = "asked-\(place)"
                _ = try await service.ask(
                    Shop.doku.inquiry(expected.code, counter: expected.counter, requestID: id))
                let found = try await service.why(id)
                #expect(found["count"]?.integer == 1)
                #expect(found["inquiry"]?["request_id"]?.string == id)
                try expect(expected, found)
            }
        }
    }

    private func expect(_ expected: Case, _ found: JSONValue) throws {
        #expect(found["answer"]?["guard"]?.string == expected.answeredBy.rawValue)
        #expect(found["answer"]?["meaning"]?.string == expected.answeredBy.meaning)
        let verdict = O2OVerdict(expected.answeredBy)
        #expect(found["answer"]?["http_status"]?.integer == Int64(verdict.http))
        #expect(found["answer"]?["status"]?.string == verdict.status?.rawValue)
        #expect(found["signature"]?.isNull == true)
        let text = try #require(found["would_have_passed"]?.string)
        for word in expected.says { #expect(text.contains(word), "\(word) in \(text)") }
        guard let states = expected.states else {
            #expect(found["bill"]?.isNull == true, "\(expected)")
            return
        }
        let bill = found["bill"]
        #expect([bill?["then"]?["state"]?.string, bill?["now"]?["state"]?.string] == states)
        #expect(bill?["then"]?["amount"]?.integer == 150_000)
        #expect(bill?["now"]?["id"]?.string == found["inquiry"]?["bill_id"]?.string)
    }

    struct Unread: Sendable {
        let answeredBy: Guard
        let body: String
        let says: String
    }

    @Test(arguments: [
        Unread(answeredBy: .unreadable, body: "{}", says: "strict JSON"),
        Unread(
            answeredBy: .serviceUnknown,
            body: #"""
                {"service":{"id":"VIRTUAL_ACCOUNT"},"channel":{"id":"ONLINE_TO_OFFLINE_ALFA"},
                "online_to_offline_info":{"payment_code":"88965110000001"}}
                """#, says: "ONLINE_TO_OFFLINE"),
        Unread(
            answeredBy: .channelUnknown,
            body: #"""
                {"service":{"id":"ONLINE_TO_OFFLINE"},"channel":{"id":"LAWSON"},
                "online_to_offline_info":{"payment_code":"88965110000001"}}
                """#, says: "had `LAWSON`"),
    ])
    func `an unreadable inquiry is explained`(_ expected: Unread) async throws {
        try await withService { service in
            _ = try await service.ask(
                Shop.doku.signed(Array(expected.body.utf8), requestID: "asked"))
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == expected.answeredBy.rawValue)
            let text = found["would_have_passed"]?.string ?? ""
            #expect(text.contains(expected.says), "\(text)")
        }
    }

    @Test func `a payable inquiry needs nothing, and its bill is shown as it was`() async throws {
        try await withService { service in
            try await Self.fill(service)
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "asked"))
            try await eventually { try await service.admin.get(path("asked")).status == 200 }
            #expect(try await service.edit(#"{"amount":170000}"#).status == 200)
            _ = try await service.store.cancel(id: 1, reason: nil, actor: "ops", now: .now)
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "payable")
            #expect(found["would_have_passed"]?.isNull == true)
            let bill = found["bill"]
            #expect(bill?["then"]?["state"]?.string == "open")
            #expect(bill?["then"]?["amount"]?.integer == 150_000)
            #expect(bill?["now"]?["state"]?.string == "cancelled")
            #expect(bill?["now"]?["amount"]?.integer == 170_000)
        }
    }

    @Test func `a bill created after the inquiry is named`() async throws {
        try await withService { service in
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "asked"))
            _ = try await service.why("asked")
            try service.seed([.sample("88965110000001", "INV-9")])
            let text = try await service.why("asked")["would_have_passed"]?.string ?? ""
            #expect(text.contains("INV-9") && text.contains("after the inquiry"), "\(text)")
        }
    }

    @Test func `a pause is explained with who paused and why`() async throws {
        try await withService { service in
            let answer = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"stock-taking"}"#)
            #expect(answer.status == 200)
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "asked"))
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "paused")
            #expect(found["would_have_passed"]?.string?.contains("`first` paused all") == true)
            // As a client that pauses writes the row.
            try await service.python(
                """
                INSERT INTO pause_change (account_id, at, change, reason, actor)
                VALUES (NULL, 0, 'paused', 'stock-taking', 'night shift')
                """)
            let text = try await service.why("asked")["would_have_passed"]?.string ?? ""
            for word in ["night shift", "stock-taking", "all inquiries", "still paused"] {
                #expect(text.contains(word), "\(word) in \(text)")
            }
        }
    }

    struct Skew: Sendable {
        let ahead: Int64
        let mistake: String
        let word: String
    }

    private static let hour: Int64 = 3600
    private static let skews = [
        Skew(ahead: 7 * hour, mistake: "wib_for_utc", word: "7 hours"),
        Skew(ahead: -7 * hour - 60, mistake: "wib_for_utc", word: "Jakarta"),
        Skew(ahead: 8 * hour, mistake: "clock_time_zone", word: "8 hours: a wrong time zone"),
        Skew(ahead: -6 * hour, mistake: "clock_time_zone", word: "6 hours: a wrong time zone"),
        Skew(ahead: 7 * hour + 600, mistake: "clock_off", word: "7 h "),
        Skew(ahead: 9 * hour, mistake: "clock_time_zone", word: "9 hours"),
        Skew(ahead: -5 * hour - 1800, mistake: "clock_time_zone", word: "5.5 hours"),
        Skew(ahead: 4 * hour + 600, mistake: "clock_off", word: "4 h "),
        Skew(ahead: 9600 * hour + 660, mistake: "clock_off", word: "400 d "),
    ]

    @Test(arguments: skews)
    func `a stale time is explained by zones and clocks`(_ skew: Skew) async throws {
        try await withService { service in
            let sent = Moment.now.adding(milliseconds: skew.ahead * 1000)
            _ = try await service.ask(
                Shop.doku.inquiry("88965110000001", requestID: "asked", at: sent))
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "stale")
            #expect(found["answer"]?["status"]?.string == "invalid_signature")
            let findings = found["signature"]?["findings"]?.elements ?? []
            #expect(findings.compactMap { $0["mistake"]?.string } == [skew.mistake])
            #expect(found["signature"]?["verdict"]?.string == "verified")
            // The difference is reported once.
            let detail = findings.first?["detail"]?.string ?? ""
            #expect(detail.contains(skew.word), "\(detail)")
            #expect(found["would_have_passed"]?.string == findings.first?["fix"]?.string)
        }
    }

    @Test func `a minute and a half is not a time zone`() async throws {
        try await withService({ $0.limits.timestampSeconds = 30 }) { service in
            let sent = Moment.now.adding(milliseconds: -90_000)
            _ = try await service.ask(
                Shop.doku.inquiry("88965110000001", requestID: "asked", at: sent))
            let findings = try await service.why("asked")["signature"]?["findings"]?.elements
            #expect(findings?.compactMap { $0["mistake"]?.string } == ["clock_off"])
        }
    }

    /// One bill in each state; the last digit of the code says which.
    static func fill(_ service: RunningService) async throws {
        func bill(_ digit: Int, _ change: (inout BillDraft) -> Void = { _ in }) throws -> BillDraft
        {
            try .sample("8896511000000\(digit)", "INV-\(digit)", change)
        }
        try service.seed([
            bill(1), bill(2), bill(5),
            bill(6) { $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z") },
            bill(7) { $0.validFrom = Moment(rfc3339: "2099-01-01T00:00:00Z") },
            .sample("88965110000008", String(repeating: "N", count: 64)) { $0.reusable = true },
        ])
        try service.seed([bill(3)], state: .held)
        try service.seed([bill(4)], state: .paid)
        let neighbour = try service.store.registerAccounts([Shop.neighbourID])[Shop.neighbourID]
        try service.store.seed(
            [.sample("54321000009", "N-1")], accountID: try #require(neighbour), state: .open,
            now: .now)
        for (id, reason) in [(2, "ordered twice"), (3, Bill.paidElsewhere)] {
            let answer = try await service.admin.post(
                "/admin/v1/bills/\(id)/cancel", #"{"reason":"\#(reason)"}"#)
            #expect(answer.status == 200)
        }
    }
}
