// The clock is read once per thousand steps of SQLite's virtual machine, counted over consecutive
// look-ups. One look-up takes about sixty steps, so most look-ups after their deadline return a
// result and the others are interrupted. Both are correct; a result is never wrong.

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

    @Test func `after its deadline a look-up is correct or too late`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let lookup = try open.store.makeLookup()
        let past = ContinuousClock.now.advanced(by: .seconds(-1))
        let late = try tally(lookup, times: 1000, deadline: past, expected: bill)
        #expect(late.wrong == 0)
        #expect(late.late > 0, "the clock was never read")
        #expect(late.late + late.answered == 1000)
    }

    @Test func `a look-up that was too late does not affect the next one`() async throws {
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

    @Test func `ten thousand closed bills with one code take no more steps than one`() throws {
        let drafts = try (0..<10_000).map { try Sample.draft("INV-\($0)") }
        try open.store.seed(drafts, accountID: open.account, state: .paid, now: Sample.now)
        let lookup = try open.store.makeLookup()
        let newest = try #require(try lookup.find(open.account).bill)
        #expect(newest.invoiceNumber.text == "INV-9999")
        // If the closed bills were scanned, every one of these look-ups would be too late.
        let past = ContinuousClock.now.advanced(by: .seconds(-1))
        let tally = try tally(lookup, times: 100, deadline: past, expected: newest)
        #expect(tally.answered > 50)
        #expect(tally.wrong == 0)
    }
}
