// A database that is slow or fails, or a full journal: never a guessed answer, and never an invoice
// number that is not recorded.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct TroubleTests {
    private static let code = "88965110000001"
    private static let decline = """
        {"online_to_offline_info":{"payment_code":"88965110000001"},\
        "online_to_offline_inquiry":{"status":"decline"}}
        """

    private static func payable(
        _ account: Int64, _ code: PaymentCode, _ deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> LookupResult {
        guard let number = InvoiceNumber("INV-1"), let amount = Rupiah(whole: 5) else {
            throw .tooLate
        }
        return .bill(
            Bill(
                id: 1, paymentCode: code, invoiceNumber: number, amounts: DatedAmounts(amount),
                reusable: true, expiresAt: nil, state: .open, cancelReason: nil,
                customerName: "Anton", customerEmail: nil, info: nil))
    }

    @Test func `a store that answers too late is a signed decline`() async throws {
        try await withDesk { desk in
            let request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
            let answer = try desk.ask(
                request, answerMilliseconds: 10,
                find: { (account, code, deadline) throws(StoreFault) in
                    while ContinuousClock.now < deadline {}
                    return try Self.payable(account, code, deadline)
                })
            expectSigned(answer, to: request, status: 400, body: Self.decline)
            #expect(desk.metrics.current.answered == [.storeFailed: 1])
            #expect(desk.metrics.current.storeFailures == 1)
            let entry = try #require(try await desk.journaled().first)
            #expect(entry.answeredBy == .storeFailed)
            #expect(entry.codeText == Self.code)
            #expect(entry.durationMicroseconds >= 10_000)
        }
    }

    @Test func `a damaged page is reported from its look-up to the next full check`() async throws {
        try await withDesk { desk in
            let request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
            _ = try desk.ask(
                request,
                find: { (_, _, _) throws(StoreFault) in
                    throw .damagedFile(path: "loket.db", said: "malformed")
                })
            let bills = desk.metrics.damagedBills
            #expect(bills.damagedPage(checkedAt: nil)?.contains("loket restore") == true)
            #expect(bills.damagedPage(checkedAt: Moment(seconds: 0)) != nil)
            #expect(bills.damagedPage(checkedAt: Moment.now.adding(milliseconds: 1)) == nil)
        }
    }

    @Test func `a failing store causes signed declines, and a report after three`() async throws {
        try await withDesk { desk in
            for count in 1...4 {
                let request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
                let answer = try desk.ask(
                    request,
                    find: { (_, _, _) throws(StoreFault) in
                        throw .sqlite("disk I/O error")
                    })
                expectSigned(answer, to: request, status: 400, body: Self.decline)
                #expect(desk.metrics.current.storeFailures == count)
                #expect((desk.metrics.storeFailure != nil) == (count >= 3))
            }
            #expect(
                try await desk.journaled().map(\.answeredBy)
                    == Array(repeating: .storeFailed, count: 4))
        }
    }

    @Test func `the deadline reaches the store and lies in the future`() async throws {
        try await withDesk { desk in
            let began = ContinuousClock.now
            _ = try desk.ask(
                Shop.doku.inquiry(Self.code, at: InquiryDesk.now), answerMilliseconds: 7000,
                find: { (account, code, deadline) throws(StoreFault) in
                    if deadline < began + .milliseconds(7000) {
                        Issue.record("the deadline came too early")
                    }
                    return .nothing
                })
        }
    }

    @Test func `a full journal means that no number is made for an inquiry`() async throws {
        try await withDesk(journalCapacity: 0) { desk in
            let request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
            let answer = try desk.ask(request, find: Self.payable)
            expectSigned(answer, to: request, status: 400, body: Self.decline)
            #expect(desk.metrics.current.answered == [.journalFull: 1])
            #expect(desk.journal.health.dropped == 1)
        }
    }

    @Test func `with a full journal an ordinary answer is still given`() async throws {
        try await withDesk(journalCapacity: 0) { desk in
            try desk.seed([.sample(Self.code, "INV-1")])
            let request = Shop.doku.inquiry(Self.code, at: InquiryDesk.now)
            let answer = try desk.ask(request)
            #expect(answer.status == 200)
            #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            #expect(try desk.ask("88965199999999").status == 404)
            #expect(desk.journal.health.dropped == 2)
            #expect(desk.metrics.current.answered == [.payable: 1, .billUnknown: 1])
            #expect(try await desk.journaled().isEmpty)
        }
    }

    @Test func `a closed journal counts as a full one`() async throws {
        try await withDesk { desk in
            desk.journal.close()
            let answer = try desk.ask(Self.code, find: Self.payable)
            #expect(answer.status == 400)
        }
    }
}
