// Bills with dated amounts, a beginning and a due date: stored, found, edited and shown as they
// were, with checksums over all of it.

import LoketCore
import Testing

@testable import LoketStore

struct DatedBillTests {
    private static let minute: Int64 = 60_000
    /// 150,000 for ten minutes and 165,000 for ten more; then 175,000.
    private static let steps: [(amount: Int64, until: Int64)] = [
        (150_000, 10 * minute), (165_000, 20 * minute),
    ]

    private let till: Till

    init() throws {
        till = try Till()
    }

    private static func at(_ minutes: Int64) -> Moment {
        Sample.now.adding(milliseconds: minutes * minute)
    }

    private static func draft(_ number: String = "INV-1") throws -> BillDraft {
        var draft = try Sample.draft(number, expiresAt: at(60))
        draft.amounts = try Sample.dated(steps, last: 175_000)
        (draft.validFrom, draft.dueAt) = (at(1), at(30))
        return draft
    }

    /// The text of a moment some minutes after now.
    private static func text(_ minutes: Int64) -> String { at(minutes).exactUTCText }

    @Test func `a dated bill is stored in one row and found with its dates`() async throws {
        let draft = try Self.draft()
        let made = try await till.open.create(draft)
        #expect(made.bill == Bill(draft, id: made.bill.id))
        #expect(try till.store.makeLookup().find(till.open.account).bill == made.bill)
        #expect(try await till.store.bill(id: made.bill.id)?.bill == made.bill)
        let row = try #require(
            try RawDatabase.rows(
                till.path, "SELECT amount, amounts, valid_from, due_at, expires_at FROM bill"
            ).first)
        let (first, second) = (Self.at(10).milliseconds, Self.at(20).milliseconds)
        #expect(row[0] == 175_000 && row[1] == "\(first)=150000;\(second)=165000;175000")
        #expect(row[2] == Self.at(1).milliseconds && row[3] == Self.at(30).milliseconds)
        #expect(row[4] == Self.at(60).milliseconds)
        #expect(try till.audit().problems == [])
    }

    /// The number is the checksum by the layout of schema 6, computed without this code.
    @Test func `a bill without dates has the checksum of earlier versions`() throws {
        let bill = Bill(try Sample.draft())
        #expect(BillRow.checksum(of: bill, accountID: 1) == 2_812_149_576_092_500_331)
        var checksums = Set<Int64>()
        let changes: [(inout Bill) -> Void] = [
            { _ in }, { $0.validFrom = Sample.now }, { $0.dueAt = Sample.now },
            { ($0.validFrom, $0.dueAt) = (Sample.now, Sample.now) },
            { $0.validFrom = Moment(milliseconds: 0) }, { $0.dueAt = Moment(milliseconds: 0) },
            { $0.amounts = (try? Sample.dated([(1, 0)], last: 150_000)) ?? $0.amounts },
            { $0.amounts = (try? Sample.dated([(1, 1)], last: 150_000)) ?? $0.amounts },
            { $0.amounts = (try? Sample.dated([(2, 0)], last: 150_000)) ?? $0.amounts },
        ]
        for change in changes {
            var changed = bill
            change(&changed)
            checksums.insert(BillRow.checksum(of: changed, accountID: 1))
        }
        #expect(checksums.count == changes.count)
    }

    // MARK: Editing

    @Test func `an edit replaces all amounts and keeps the former terms`() async throws {
        let made = try await till.open.create(Self.draft())
        let amounts = try Sample.dated([(155_000, 10 * Self.minute)], last: 180_000)
        _ = try await till.edit(made.bill.id, at: Self.at(5)) {
            $0.amounts = amounts
            $0.validFrom = .some(nil)
            $0.dueAt = .some(Self.at(40))
        }
        let read = try #require(try await till.store.bill(id: made.bill.id))
        #expect(read.bill.amounts == amounts && read.bill.validFrom == nil)
        #expect(read.bill.dueAt == Self.at(40) && read.bill.expiresAt == Self.at(60))
        #expect(try till.store.makeLookup().find(till.open.account).bill == read.bill)
        let row = try #require(
            try RawDatabase.rows(
                till.path, "SELECT amount, amounts, valid_from, expires_at, until FROM bill_terms"
            ).first)
        #expect(row[0] == 175_000 && row[1] == made.bill.amounts.stored)
        #expect(row[2] == Self.at(1).milliseconds && row[3] == Self.at(60).milliseconds)
        #expect(row[4] == Self.at(5).milliseconds)
        #expect(
            read.history.map(\.detail) == [
                "amounts 150000 until \(Self.text(10)), then 165000 until \(Self.text(20)), "
                    + "then 175000 to 155000 until \(Self.text(10)), then 180000, "
                    + "valid_from \(Self.text(1)) to always, "
                    + "due_at \(Self.text(30)) to \(Self.text(40))"
            ])
        #expect(try till.audit().problems == [])
    }

    @Test func `a bill is made dated, and plain again`() async throws {
        let id = try await till.bill()
        let dated = try Sample.dated(Self.steps, last: 175_000)
        _ = try await till.edit(id, at: Self.at(1)) { $0.amounts = dated }
        #expect(try await till.store.bill(id: id)?.bill.amounts == dated)
        _ = try await till.edit(id, at: Self.at(2)) { $0.amounts = DatedAmounts(whole: 7) }
        let bill = try #require(try await till.store.bill(id: id))
        #expect(bill.bill.amounts == DatedAmounts(whole: 7))
        #expect(
            bill.history.map { $0.detail?.prefix(25) } == [
                "amounts 150000 to 150000 ", "amounts 150000 until 2020",
            ])
        let rows = try RawDatabase.rows(till.path, "SELECT amount, amounts FROM bill_terms")
        #expect(rows.map { $0[0] as Int64 } == [150_000, 175_000])
        #expect(rows.map { $0[1] as String? } == [nil, dated.stored])
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [
        "amounts = replace(amounts, '=150000', '=150001')", "amounts = NULL", "amounts = '1=1;2'",
        "valid_from = valid_from + 1", "valid_from = NULL", "amounts = NULL, valid_from = NULL",
        "amount = amount + 1", "expires_at = NULL", "until = until - 1", "checksum = NULL",
        "checksum = checksum + 1",
    ])
    func `changed former terms are named`(change: String) async throws {
        let made = try await till.open.create(Self.draft())
        _ = try await till.edit(made.bill.id, at: Self.at(5)) { $0.validFrom = .some(nil) }
        #expect(try till.audit().problems == [])
        try RawDatabase.execute(till.path, "UPDATE bill_terms SET \(change)", checked: false)
        let problem = "bill 1 has earlier terms that do not match their checksum"
        // Terms without a checksum are those of a version that had none.
        #expect(try till.audit().problems == (change == "checksum = NULL" ? [] : [problem]))
    }

    @Test func `terms that an earlier version kept are right`() async throws {
        let id = try await till.bill()
        let columns = "bill_id, amount, expires_at, until"
        try RawDatabase.execute(
            till.path,
            """
            INSERT INTO bill_terms (\(columns), checksum)
            SELECT \(columns), row_checksum(\(columns)) FROM (
                SELECT \(id) AS bill_id, 90 AS amount, NULL AS expires_at,
                    \(Self.at(1).milliseconds) AS until
            )
            """)
        #expect(try till.audit().problems == [])
    }

    // MARK: The past

    @Test func `the past state has the amounts and the beginning of its time`() async throws {
        let made = try await till.open.create(Self.draft())
        let id = made.bill.id
        let second = try Sample.dated([(155_000, 10 * Self.minute)], last: 180_000)
        _ = try await till.edit(id, at: Self.at(5)) { $0.amounts = second }
        _ = try await till.edit(id, at: Self.at(6)) { $0.validFrom = .some(nil) }
        _ = try await till.edit(id, at: Self.at(7)) { $0.dueAt = .some(nil) }
        _ = try await till.edit(id, at: Self.at(8)) { $0.amounts = DatedAmounts(whole: 9) }
        let plain = DatedAmounts(whole: 9)
        for (minute, amounts, from): (Int64, DatedAmounts?, Moment?) in [
            (0, made.bill.amounts, Self.at(1)), (4, made.bill.amounts, Self.at(1)),
            (5, second, Self.at(1)), (6, second, nil), (7, second, nil), (8, plain, nil),
            (90, plain, nil),
        ] {
            let found = try #require(try await till.store.bill(id: id, asOf: Self.at(minute)))
            #expect(found.then.amounts == amounts, "\(minute)")
            #expect(found.then.validFrom == from, "\(minute)")
            #expect(found.then.expiresAt == Self.at(60), "\(minute)")
        }
    }

    // MARK: Events

    @Test func `an event has the amounts, and the amount of its time`() async throws {
        let made = try await till.open.create(Self.draft())
        _ = try await till.edit(made.bill.id, at: Self.at(15)) { $0.info = .some("x") }
        _ = try await till.edit(made.bill.id, at: Self.at(20)) { $0.info = .some("y") }
        _ = try await till.edit(made.bill.id, at: Self.at(21)) {
            $0.amounts = DatedAmounts(whole: 9)
        }
        let paid = Notice(amount: 9, date: Self.text(22))
        try await till.take(paid, at: Self.at(22))
        let bills = try await till.store.events(after: 0, limit: 9).map(\.bill)
        let dated = made.bill.amounts
        #expect(bills.map(\.?.amount) == [150_000, 165_000, 175_000, 9, 9])
        #expect(bills.map(\.?.amounts) == [dated, dated, dated, nil, nil])
        #expect(try till.audit().problems == [])
    }

    // MARK: Damage

    /// If the steps cannot be read or do not agree with the last amount, the cancelled bill has the
    /// last amount alone.
    @Test(arguments: [
        ("amounts = replace(amounts, '=150000', '=150001')", true), ("due_at = 5", true),
        ("amount = 950000", false), ("amounts = replace(amounts, '=', '<')", false),
    ])
    func `a damaged dated bill can be cancelled, which frees its code`(
        change: String, isDated: Bool
    ) async throws {
        let made = try await till.open.create(Self.draft())
        try RawDatabase.execute(till.path, "UPDATE bill SET \(change)", checked: false)
        let id = made.bill.id
        #expect(try till.store.makeLookup().find(till.open.account).damagedID == id)
        try await till.cancel(id)
        let read = try #require(try await till.store.bill(id: id))
        #expect(read.bill.state == .cancelled && read.bill.amounts.isDated == isDated)
        #expect(read.history.map(\.change) == ["damaged", "cancelled"])
        let next = try await till.open.create(Self.draft("INV-2"))
        #expect(try till.store.makeLookup().find(till.open.account).bill == next.bill)
    }
}
