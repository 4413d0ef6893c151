// The clock is looked at once in a thousand steps of SQLite's machine, and the steps of one
// look-up after another are counted on. One look-up takes some sixty, so of many that come too
// late most answer at once and the others are cut off: both are right, neither is a guess.

import LoketCore
import LoketStore
import Testing

struct LookupDeadlineTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private struct Tally {
        var answered = 0
        var late = 0
        var wrong = 0
    }

    private func tally(
        _ lookup: BillLookup, times: Int, deadline: ContinuousClock.Instant, expected: Bill
    ) throws -> Tally {
        var tally = Tally()
        for _ in 0..<times {
            do throws(StoreFault) {
                let found = try lookup.find(
                    accountID: open.account, code: expected.paymentCode, deadline: deadline)
                if found.bill == expected { tally.answered += 1 } else { tally.wrong += 1 }
            } catch {
                if error == .tooLate { tally.late += 1 } else { tally.wrong += 1 }
            }
        }
        return tally
    }

    @Test func `past its deadline a look-up answers rightly or is too late`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let lookup = try open.store.makeLookup()
        let past = ContinuousClock.now.advanced(by: .seconds(-1))
        let late = try tally(lookup, times: 1000, deadline: past, expected: bill)
        #expect(late.wrong == 0)
        #expect(late.late > 0, "the clock was never looked at")
        #expect(late.late + late.answered == 1000)
    }

    @Test func `a look-up that came too late does not spoil the next one`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let lookup = try open.store.makeLookup()
        for _ in 0..<20 {
            let past = ContinuousClock.now.advanced(by: .seconds(-1))
            _ = try tally(lookup, times: 50, deadline: past, expected: bill)
            #expect(try lookup.find(open.account).bill == bill)
        }
    }

    @Test func `before its deadline no look-up is too late`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let lookup = try open.store.makeLookup()
        let far = ContinuousClock.now.advanced(by: .seconds(600))
        let tally = try tally(lookup, times: 1000, deadline: far, expected: bill)
        #expect(tally.answered == 1000)
    }

    @Test func `ten thousand closed bills under one code take no more steps than one`() throws {
        let drafts = try (0..<10_000).map { try Sample.draft("INV-\($0)") }
        try open.store.seed(drafts, accountID: open.account, state: .paid, now: Sample.now)
        let lookup = try open.store.makeLookup()
        let newest = try #require(try lookup.find(open.account).bill)
        #expect(newest.invoiceNumber.text == "INV-9999")
        // Were the closed bills walked through, not one of these would be answered.
        let past = ContinuousClock.now.advanced(by: .seconds(-1))
        let tally = try tally(lookup, times: 100, deadline: past, expected: newest)
        #expect(tally.answered > 50)
        #expect(tally.wrong == 0)
    }
}
