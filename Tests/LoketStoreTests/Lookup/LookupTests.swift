// The bill that answers an inquiry: which bill it is, and that its data is current.

import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

struct LookupTests {
    private let open: OpenStore
    private let lookup: BillLookup

    init() throws {
        open = try OpenStore()
        lookup = try open.store.makeLookup()
    }

    @Test func `the open bill is found with all values of its draft`() async throws {
        for draft in [try Sample.fullDraft(), try Sample.draft("INV-2", code: "8896519")] {
            let made = try await open.create(draft)
            let found = try #require(try lookup.find(open.account, draft.paymentCode.digits).bill)
            #expect(found == made.bill)
            #expect(found.amounts == draft.amounts)
            #expect(found.reusable == draft.reusable)
            #expect(found.validFrom == draft.validFrom)
            #expect(found.expiresAt == draft.expiresAt)
            #expect(found.dueAt == draft.dueAt)
            #expect(found.customerEmail == draft.customerEmail)
            #expect(found.info == draft.info)
        }
    }

    @Test func `nothing is found if no bill ever had the code`() async throws {
        #expect(try lookup.find(open.account).isNothing)
        try await open.create(Sample.draft())
        for other in ["889651000000012", "88965100000001230", "8896510000000124"] {
            #expect(try lookup.find(open.account, other).isNothing, "\(other)")
        }
    }

    @Test func `look-ups share a snapshot while it is held, and no longer`() async throws {
        try await open.create(Sample.draft("INV-1", code: "8896511"))
        lookup.holdSnapshot()
        // A look-up that finds nothing keeps no snapshot.
        #expect(try lookup.find(open.account, "8896512").isNothing)
        try await open.create(Sample.draft("INV-2", code: "8896512"))
        for code in ["8896512", "8896511", "8896512"] {
            #expect(try lookup.find(open.account, code).bill != nil)
        }
        let third = try await open.create(Sample.draft("INV-3", code: "8896513"))
        for code in ["8896513", "8896511", "8896513"] {
            #expect(try lookup.find(open.account, code).isNothing == (code == "8896513"))
        }
        lookup.releaseSnapshot()
        #expect(try lookup.find(open.account, "8896513").bill == third.bill)
        _ = try await open.store.cancel(
            id: third.bill.id, reason: nil, actor: "ops", now: Sample.now)
        #expect(try lookup.find(open.account, "8896513").bill?.state == .cancelled)
    }

    @Test(arguments: [Bill.State.open, .held])
    func `the bill that holds a code is preferred to a newer closed one`(
        state: Bill.State
    ) async throws {
        try open.store.seed(
            [Sample.draft("INV-1")], accountID: open.account, state: state, now: Sample.now)
        for closed in [Bill.State.paid, .replaced] {
            try open.store.seed(
                [Sample.draft("INV-2-\(closed)")], accountID: open.account, state: closed,
                now: Sample.now)
        }
        let found = try #require(try lookup.find(open.account).bill)
        #expect(found.invoiceNumber.text == "INV-1")
        #expect(found.state == state)
    }

    @Test(arguments: [Bill.State.paid, .replaced, .cancelled])
    func `without an active bill the newest closed bill is found`(last: Bill.State) async throws {
        let states: [Bill.State] = [.cancelled, .paid, .replaced, last]
        for (place, state) in states.enumerated() {
            try open.store.seed(
                [Sample.draft("INV-\(place)")], accountID: open.account, state: state,
                now: Sample.now)
        }
        let found = try #require(try lookup.find(open.account).bill)
        #expect(found.invoiceNumber.text == "INV-3")
        #expect(found.state == last)
    }

    @Test func `another account's bill with the same code is not found`() async throws {
        let other = try open.secondAccount()
        try await open.create(Sample.draft(), account: other)
        #expect(try lookup.find(open.account).isNothing)
        let own = try await open.create(Sample.draft(amount: 2))
        #expect(try lookup.find(open.account).bill == own.bill)
        #expect(try lookup.find(other).bill?.amounts == DatedAmounts(whole: 150_000))
        #expect(try lookup.find(404).isNothing)
    }

    @Test func `leading zeros are significant`() async throws {
        let codes = ["1", "01", "001", "0000000000000000000000001"]
        for (place, code) in codes.enumerated() {
            try await open.create(Sample.draft("INV-\(place)", code: code))
        }
        for (place, code) in codes.enumerated() {
            let found = try #require(try lookup.find(open.account, code).bill)
            #expect(found.invoiceNumber.text == "INV-\(place)", "\(code)")
            #expect(found.paymentCode.digits == code)
        }
        #expect(try lookup.find(open.account, "0001").isNothing)
    }

    @Test func `the next look-up sees the writer's changes`() async throws {
        #expect(try lookup.find(open.account).isNothing)
        let made = try await open.create(Sample.draft())
        #expect(try lookup.find(open.account).bill?.state == .open)
        _ = try await open.store.cancel(
            id: made.bill.id, reason: Bill.paidElsewhere, actor: "ops", now: Sample.now)
        #expect(try lookup.find(open.account).bill?.state == .cancelled)
        #expect(try lookup.find(open.account).bill?.cancelReason == Bill.paidElsewhere)
        let next = try await open.create(Sample.draft("INV-2"))
        #expect(try lookup.find(open.account).bill == next.bill)
    }

    @Test func `a look-up never writes and a missing file is a fault`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreFault.self) { try gone(folder) }
        #expect(try folder.names().isEmpty)
    }

    /// A look-up on a store whose files were deleted.
    private func gone(_ folder: TemporaryFolder) throws {
        let store = try Store(path: folder.database)
        try store.close()
        for name in try folder.names() {
            try FileManager.default.removeItem(atPath: folder.path(name))
        }
        _ = try store.makeLookup()
    }
}
