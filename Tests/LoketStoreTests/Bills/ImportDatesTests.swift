// Imports of bills with dates: creating, changing and undoing keep the amounts, the beginning and
// the due date.

import LoketCore
import Testing

@testable import LoketStore

struct ImportDatesTests {
    private static let dates: GivenFields = [.validFrom, .expiresAt, .dueAt]
    private let till: Till

    init() throws {
        till = try Till()
    }

    private static func at(_ milliseconds: Int64) -> Moment {
        Sample.now.adding(milliseconds: milliseconds)
    }

    /// A bill with dates; the amounts differ by number.
    private static func dated(_ number: String, code: String, amount: Int64 = 150_000) throws
        -> BillDraft
    {
        var draft = try Sample.draft(number, code: code, expiresAt: at(90_000))
        draft.amounts = try Sample.dated([(amount, 30_000), (amount + 1, 60_000)], last: 175_000)
        (draft.validFrom, draft.dueAt) = (at(1_000), at(45_000))
        return draft
    }

    /// Imports rows and returns the notes.
    private func `import`(
        _ rows: [(draft: BillDraft, given: GivenFields)]
    ) async throws -> (id: Int64, notes: [ImportNote]) {
        let wish = Store.NewImport(
            accountID: till.open.account, actor: "ops", format: .csv, amountFormat: "plain",
            isDryRun: false)
        let (record, stage) = try #require(
            try await till.store.beginImport(wish, now: Sample.now))
        let staged = rows.enumerated().map { place, row in
            StagedRow(
                line: Int64(place + 2), accountID: till.open.account, draft: row.draft,
                given: row.given)
        }
        try stage.add(staged, notes: [])
        try await till.store.importReceived(
            record.id, bytes: 1, rows: Int64(rows.count), refused: 0)
        _ = try await till.store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
        var after = try #require(try await till.store.import(id: record.id))
        while after.state == .running {
            after = try await till.store.applyBatch(of: record.id, now: Sample.now)
        }
        let notes = try await till.store.importNotes(of: after, nil, after: 0, limit: 99)
        return (record.id, notes.map(\.note))
    }

    private func undo(_ id: Int64) async throws {
        guard
            case .begun(var record) = try await till.store.beginUndo(
                of: id, accountID: nil, actor: "ops")
        else {
            Issue.record("the import was not undone")
            return
        }
        while record.state == .running {
            record = try await till.store.undoBatch(of: id, now: Self.at(5))
        }
    }

    private func bill(_ id: Int64) async throws -> Bill {
        try #require(try await till.store.bill(id: id)).bill
    }

    @Test func `an import creates bills with dates, and its undo cancels them`() async throws {
        let drafts = try [
            Self.dated("A", code: "8896510000000001"), Sample.draft("B", code: "8896510000000002"),
        ]
        let (id, notes) = try await `import`(drafts.map { ($0, Self.dates) })
        #expect(notes == [])
        for (place, draft) in drafts.enumerated() {
            #expect(try await bill(Int64(place + 1)) == Bill(draft, id: Int64(place + 1)))
        }
        // The same file again changes nothing.
        let again = try await `import`(drafts.map { ($0, Self.dates) })
        #expect(again.notes == [])
        #expect(try RawDatabase.count(till.path, "bill_change") == 0)
        try await undo(id)
        #expect(try await bill(1).state == .cancelled)
        #expect(try await bill(1).amounts == drafts[0].amounts)
        #expect(try till.audit().problems == [])
    }

    @Test func `undoing restores amounts, beginning, expiry and due date`() async throws {
        let drafts = try [
            Self.dated("DATED", code: "8896510000000001"),
            Sample.draft("PLAIN", code: "8896510000000002"),
            Self.dated("OTHER", code: "8896510000000003"),
        ]
        for draft in drafts { try await till.open.create(draft) }
        let before = try await [bill(1), bill(2), bill(3)]
        let plain = try Sample.draft("DATED", code: "8896510000000001", amount: 9)
        let rows = try [
            plain, Self.dated("PLAIN", code: "8896510000000002"),
            Self.dated("OTHER", code: "8896510000000003", amount: 200_000),
        ]
        let (id, notes) = try await `import`(rows.map { ($0, Self.dates) })
        #expect(notes.map(\.outcome) == [.changed, .changed, .changed])
        for (place, row) in rows.enumerated() {
            #expect(try await bill(Int64(place + 1)) == Bill(row, id: Int64(place + 1)))
        }
        try await undo(id)
        #expect(try await [bill(1), bill(2), bill(3)] == before)
        // The terms of the import are kept: a customer may have been quoted them.
        let terms = try RawDatabase.rows(
            till.path, "SELECT bill_id, amounts, valid_from FROM bill_terms ORDER BY id")
        #expect(terms.map { $0[0] as Int64 } == [1, 2, 3, 3, 2, 1])
        #expect(
            terms.map { $0[1] as String? } == [
                drafts[0].amounts.stored, nil, drafts[2].amounts.stored, rows[2].amounts.stored,
                rows[1].amounts.stored, nil,
            ])
        #expect(try till.audit().problems == [])
    }

    @Test func `an undone bill that is imported again gets the dates of its row`() async throws {
        let first = try Self.dated("A", code: "8896510000000001")
        let (id, _) = try await `import`([(first, Self.dates)])
        try await undo(id)
        let second = try Self.dated("A", code: "8896510000000001", amount: 200_000)
        let (other, notes) = try await `import`([(second, Self.dates)])
        #expect(notes.map(\.outcome) == [.changed])
        #expect(try await bill(1) == Bill(second, id: 1))
        try await undo(other)
        let undone = try await bill(1)
        #expect(undone.state == .cancelled && undone.amounts == first.amounts)
        #expect(try till.audit().problems == [])
    }

    @Test func `a column that the file does not have changes no date`() async throws {
        let draft = try Self.dated("A", code: "8896510000000001")
        try await till.open.create(draft)
        let row = try Sample.draft("A", code: "8896510000000001", amount: 9)
        _ = try await `import`([(row, [])])
        let after = try await bill(1)
        #expect(after.amounts == DatedAmounts(whole: 9))
        #expect(after.validFrom == draft.validFrom && after.expiresAt == draft.expiresAt)
        #expect(after.dueAt == draft.dueAt)
    }

    @Test func `a beginning that does not fit the existing bill is refused`() async throws {
        let draft = try Self.dated("A", code: "8896510000000001")
        try await till.open.create(draft)
        let before = try await bill(1)
        var late = draft
        late.validFrom = Self.at(60_000)
        var afterExpiry = try Sample.draft("A", code: "8896510000000001")
        afterExpiry.validFrom = Self.at(90_000)
        for row in [late, afterExpiry] {
            let (_, notes) = try await `import`([(row, [.validFrom])])
            #expect(notes.map(\.outcome) == [.refused] && notes.first?.column == "valid_from")
            #expect(notes.first?.reason.hasPrefix("must be before ") == true)
            #expect(try await bill(1) == before)
        }
    }
}
