// Every guard of a verified inquiry: its exact signed answer, and its row in the journal
// (docs/using.md).

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct GuardTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let answeredBy: Guard
        let code: String
        var counter = Doku.Counter.alfa
        let status: Int
        let word: String
        var echoes = true

        var testDescription: String { "\(answeredBy) for \(code) at \(counter)" }

        var body: String {
            let echo = echoes ? #""online_to_offline_info":{"payment_code":"\#(code)"},"# : ""
            return #"{\#(echo)"online_to_offline_inquiry":{"status":"\#(word)"}}"#
        }
    }

    private static let cases: [Case] =
        [
            Case(answeredBy: .binUnknown, code: "9", status: 404, word: "billing_not_found"),
            Case(
                answeredBy: .binUnknown, code: "77777000001", status: 404, word: "billing_not_found"
            ),
            Case(answeredBy: .binUnknown, code: "88965", status: 404, word: "billing_not_found"),
            Case(answeredBy: .lengthWrong, code: "889651", status: 404, word: "billing_not_found"),
            Case(
                answeredBy: .lengthWrong, code: "889651123456789012345", status: 404,
                word: "billing_not_found"),
            Case(answeredBy: .lengthWrong, code: "1234501", status: 404, word: "billing_not_found"),
            Case(
                answeredBy: .channelNotEnabled, code: "88965110000001", counter: .indomaret,
                status: 400, word: "decline"),
            Case(
                answeredBy: .billUnknown, code: "88965199999999", status: 404,
                word: "billing_not_found"),
            Case(
                answeredBy: .billUnknown, code: "54321000009", status: 404,
                word: "billing_not_found"),
            Case(answeredBy: .billCancelled, code: "88965110000002", status: 400, word: "decline"),
            Case(answeredBy: .billHeld, code: "88965110000003", status: 400, word: "decline"),
            Case(
                answeredBy: .billPaid, code: "88965110000004", status: 400,
                word: "billing_already_paid"),
            Case(
                answeredBy: .billPaid, code: "88965110000005", status: 400,
                word: "billing_already_paid"),
            Case(
                answeredBy: .billExpired, code: "88965110000006", status: 400,
                word: "billing_was_expired"),
            Case(
                answeredBy: .billExpired, code: "88965110000007", status: 400,
                word: "billing_was_expired"),
            Case(
                answeredBy: .billNotYetValid, code: "88965110000008", status: 400, word: "decline"),
        ] + malformedCodes

    private static let malformedCodes: [Case] = ["", "8896511000000A"].map {
        Case(answeredBy: .codeMalformed, code: $0, status: 400, word: "decline", echoes: false)
    }

    @Test(arguments: cases)
    func `the guard answers with its status and its bytes, signed`(_ expected: Case) async throws {
        try await withDesk { desk in
            try await Self.fill(desk)
            let request = Shop.doku.inquiry(
                expected.code, counter: expected.counter, at: InquiryDesk.now)
            let answer = try desk.ask(request)
            expectSigned(
                answer, to: request, status: expected.status, body: expected.body)

            let entry = try #require(try await desk.journaled().first)
            #expect(entry.answeredBy == expected.answeredBy)
            #expect(entry.requestID == request.header("Request-Id"))
            #expect(entry.channel == expected.counter.rawValue)
            #expect(entry.acquirer == expected.counter.rawValue.uppercased())
            #expect(entry.amount == nil)
            #expect(entry.invoiceNumber == nil)
            #expect(entry.receivedAt == InquiryDesk.now)
            #expect(entry.dialect == "o2o")
            #expect(desk.metrics.current.answered == [expected.answeredBy: 1])
        }
    }

    @Test func `a payable bill is quoted and journaled with what was quoted`() async throws {
        try await withDesk { desk in
            try await Self.fill(desk)
            let request = Shop.doku.inquiry(
                "88965110000001", at: InquiryDesk.now.adding(milliseconds: -5000))
            expectSigned(
                try desk.ask(request), to: request, status: 200,
                body: """
                    {"order":{"invoice_number":"INV-1","amount":150000},\
                    "online_to_offline_info":{"payment_code":"88965110000001",\
                    "info1":"Thank you"},\
                    "online_to_offline_inquiry":{"status":"success"},\
                    "customer":{"name":"Anton Budiman"}}
                    """)
            let entry = try #require(try await desk.journaled().first)
            #expect(entry.answeredBy == .payable)
            #expect(entry.amount == 150_000)
            #expect(entry.invoiceNumber == "INV-1")
            #expect(entry.codeText == "88965110000001")
            #expect(entry.billID == 1)
            #expect(entry.skewMilliseconds == 5000)
            #expect(try desk.accountID() == entry.accountID)
        }
    }

    @Test func `a damaged bill is declined and named`() async throws {
        try await withDesk { desk in
            let request = Shop.doku.inquiry("88965110000001", at: InquiryDesk.now)
            let answer = try desk.ask(
                request, find: { (_, _, _) throws(StoreFault) in .damaged(billID: 7) })
            expectSigned(
                answer, to: request, status: 400,
                body: Case(
                    answeredBy: .billDamaged, code: "88965110000001", status: 400,
                    word: "decline"
                ).body)
            #expect(try await desk.journaled().map(\.answeredBy) == [.billDamaged])
        }
    }

    @Test func `a pause declines its account only, or all accounts if it names none`() async throws
    {
        try await withDesk { desk in
            try await Self.fill(desk)
            let code = "88965110000001"
            func pause(only accountID: Int64?) async throws {
                for pause in try desk.store.pauses() {
                    _ = try await desk.store.resume(
                        accountID: pause.accountID, actor: "test", now: InquiryDesk.now)
                }
                _ = try await desk.store.pause(
                    accountID: accountID, reason: "stock-taking", actor: "test",
                    now: InquiryDesk.now, then: desk.registry.replace)
            }
            try await pause(only: try desk.accountID(Shop.neighbourID))
            #expect(try desk.ask(code).status == 200)
            for accountID in [nil, try desk.accountID()] {
                try await pause(only: accountID)
                let request = Shop.doku.inquiry(code, at: InquiryDesk.now)
                expectSigned(
                    try desk.ask(request), to: request, status: 400,
                    body: Case(answeredBy: .paused, code: code, status: 400, word: "decline").body)
            }
            desk.registry.replace(pauses: [])
            #expect(try desk.ask(code).status == 200)
            #expect(
                try await desk.journaled().map(\.answeredBy)
                    == [.payable, .paused, .paused, .payable])
        }
    }

    /// One bill in each state; the last digit of the code says which.
    private static func fill(_ desk: InquiryDesk) async throws {
        func bill(_ digit: Int, _ change: (inout BillDraft) -> Void = { _ in }) throws -> BillDraft
        {
            try .sample("8896511000000\(digit)", "INV-\(digit)", change)
        }
        try desk.seed([
            bill(1) { $0.info = "Thank you" }, bill(2), bill(5),
            bill(6) { $0.expiresAt = InquiryDesk.now },
            bill(8) { $0.validFrom = InquiryDesk.now.adding(milliseconds: 1) },
        ])
        try desk.seed([bill(3)], state: .held)
        try desk.seed([bill(4)], state: .paid)
        try desk.seed([bill(7)], state: .replaced)
        // The neighbour's bill, under the BIN that both accounts have.
        try desk.seed([.sample("54321000009", "N-1")], clientID: Shop.neighbourID)
        for (id, reason) in [(Int64(2), "gone"), (3, Bill.paidElsewhere)] {
            _ = try await desk.store.cancel(
                id: id, reason: reason, actor: "test", now: InquiryDesk.now)
        }
    }
}
