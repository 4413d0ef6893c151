// Creating bills: the stored values, whole batches or nothing, and repeated bills.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct CreateTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func create(
        _ drafts: [BillDraft], now: Moment = Sample.now
    ) async throws -> [(record: BillRecord, isNew: Bool)] {
        try await open.store.create(drafts.map { (open.account, $0) }, now: now)
    }

    @Test func `one bill is created with all values of its draft`() async throws {
        let draft = try Sample.fullDraft()
        let made = try #require(try await create([draft]).first)
        #expect(made.isNew)
        let read = try #require(try await open.store.bill(id: made.record.bill.id))
        for record in [made.record, read] {
            #expect(
                record.bill
                    == Bill(
                        id: made.record.bill.id, paymentCode: draft.paymentCode,
                        invoiceNumber: draft.invoiceNumber, amounts: draft.amounts, reusable: true,
                        validFrom: draft.validFrom, expiresAt: draft.expiresAt,
                        dueAt: draft.dueAt, state: .open, cancelReason: nil,
                        customerName: draft.customerName, customerEmail: draft.customerEmail,
                        info: draft.info))
            #expect(record.accountID == open.account)
            #expect(record.metadata == draft.metadata)
            #expect(record.createdAt == Sample.now)
            #expect(record.changedAt == Sample.now)
            #expect(record.history.isEmpty)
        }
    }

    @Test func `values missing in a draft are not stored`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let row = try #require(
            try RawDatabase.rows(
                open.path,
                """
                SELECT amounts, valid_from, expires_at, due_at, customer_email, info, metadata
                FROM bill
                """
            ).first)
        #expect(row.databaseValues.allSatisfy { $0.isNull })
        #expect(bill.validFrom == nil && bill.expiresAt == nil && bill.dueAt == nil)
        #expect(bill.customerEmail == nil && bill.info == nil)
    }

    @Test func `names in every script are read back as they were written`() async throws {
        let names = ["Siti Nurhalizah", "ꦱꦶꦠꦶ", "Ñandú 🏪", "e\u{301}", "O'Neil; --"]
        for (place, name) in names.enumerated() {
            var draft = try Sample.draft("INV-\(place)", code: "88965\(place)")
            draft.customerName = name
            let made = try await open.create(draft)
            let found = try open.store.makeLookup().find(open.account, "88965\(place)")
            #expect(made.bill.customerName.utf8.elementsEqual(name.utf8))
            #expect(found.bill == made.bill)
        }
    }

    @Test func `a batch of a thousand is created in its order`() async throws {
        let drafts = try (0..<1000).map { try Sample.draft("INV-\($0)", code: "889651\($0)") }
        let made = try await create(drafts)
        #expect(made.allSatisfy { $0.isNew })
        #expect(made.map(\.record.bill.invoiceNumber) == drafts.map(\.invoiceNumber))
        #expect(Set(made.map(\.record.bill.id)).count == 1000)
        #expect(try RawDatabase.count(open.path, "bill") == 1000)
    }

    @Test func `an empty batch creates nothing`() async throws {
        #expect(try await create([]).isEmpty)
    }

    @Test func `one bad bill at the end of a batch prevents all bills`() async throws {
        try await open.create(Sample.draft("HELD", code: "8896519"))
        var drafts = try (0..<200).map { try Sample.draft("INV-\($0)", code: "8896510\($0)") }
        drafts.append(try Sample.draft("INV-200", code: "8896519"))
        let conflict = BillConflict(index: 200, cause: .codeTaken(by: try Sample.number("HELD")))
        await #expect(throws: conflict) { try await create(drafts) }
        #expect(try RawDatabase.count(open.path, "bill") == 1)
        #expect(try RawDatabase.count(open.path, "bill_change") == 0)
        // The good bills can be created afterwards.
        #expect(try await create(drafts.dropLast()).allSatisfy { $0.isNew })
    }

    @Test func `a failed batch does not replace an expired bill`() async throws {
        let expiry = Sample.now.adding(milliseconds: 1)
        let old = try await open.create(Sample.draft("OLD", expiresAt: expiry))
        let drafts = try [Sample.draft("NEW"), Sample.draft("OLD")]
        await #expect(throws: BillConflict.self) { try await create(drafts, now: expiry) }
        let after = try #require(try await open.store.bill(id: old.bill.id))
        #expect(after.bill == old.bill)
        #expect(after.history.isEmpty)
    }
}
