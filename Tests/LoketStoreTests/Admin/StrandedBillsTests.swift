// Open bills whose code starts with no configured BIN are counted, whichever codes lie between.

import LoketCore
import Testing

@testable import LoketStore

struct StrandedBillsTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func make(_ codes: [String], state: Bill.State = .open) throws {
        let drafts = try codes.map { try Sample.draft("\(state)-\($0)", code: $0) }
        try open.store.seed(drafts, accountID: open.account, state: state, now: Sample.now)
    }

    private func bin(_ digits: String) throws -> BIN {
        let type: BINType = digits.utf8.count == BIN.directDigits ? .direct : .dokuExclusive
        return try BIN(digits: digits, type: type, channels: [.alfa])
    }

    private func stranded(_ bins: [String]) throws -> [String: Int] {
        let table = BINTable(try bins.map(bin))
        let found = try open.store.strandedBills(bins: [OpenStore.clientID: table])
        #expect(found.allSatisfy { $0.clientID == OpenStore.clientID })
        // Each prefix is reported once, because a count of only some of its bills would be wrong.
        #expect(Set(found.map(\.prefix)).count == found.count, "\(found.map(\.prefix))")
        return Dictionary(found.map { ($0.prefix, $0.count) }, uniquingKeysWith: +)
    }

    struct Row: Sendable {
        let codes: [String]
        let bins: [String]
        let found: [String: Int]
    }

    static let rows: [Row] = [
        Row(codes: [], bins: [], found: [:]),
        Row(codes: [], bins: ["889651"], found: [:]),
        Row(codes: ["8896511", "88965199"], bins: ["889651"], found: [:]),
        Row(codes: ["8896511", "8896521"], bins: ["88965"], found: [:]),
        Row(codes: ["8896511", "8896521"], bins: ["889651"], found: ["889652": 1]),
        Row(codes: ["8896511", "8896521"], bins: ["889652"], found: ["889651": 1]),
        Row(
            codes: ["8896511", "8896512", "8896521"], bins: [],
            found: ["889651": 2, "889652": 1]),
        // Before, between and after the remaining BINs.
        Row(
            codes: ["0000001", "1111111", "5555551", "5555552", "8888881", "9999991"],
            bins: ["111111", "888888"], found: ["000000": 1, "555555": 2, "999999": 1]),
        // A code that equals a BIN belongs to the BIN.
        Row(codes: ["889651"], bins: ["889651"], found: [:]),
        // A shorter BIN also covers the codes after those of a longer BIN.
        Row(codes: ["8896500", "8896510", "8896520"], bins: ["88965", "889651"], found: [:]),
        Row(
            codes: ["8896500", "8896510", "8896520"], bins: ["889651"],
            found: ["889650": 1, "889652": 1]),
        // A longer BIN in a gap.
        Row(
            codes: ["88965110", "88965111", "88965120", "88965130", "88965131", "88965132"],
            bins: ["8896512"], found: ["889651": 5]),
        Row(codes: ["88965120", "88965130"], bins: ["8896512"], found: ["889651": 1]),
        Row(codes: ["88965110", "88965120"], bins: ["8896512"], found: ["889651": 1]),
        Row(
            codes: ["0012341", "012341", "12341"], bins: ["12341"],
            found: ["001234": 1, "012341": 1]),
    ]

    @Test(arguments: rows.indices)
    func `stranded bills are counted by their first six digits`(place: Int) throws {
        let row = Self.rows[place]
        try make(row.codes)
        #expect(try stranded(row.bins) == row.found, "\(row.codes) with \(row.bins)")
    }

    @Test func `held bills count and closed ones do not`() throws {
        try make(["8896511"], state: .held)
        try make(["8896512"], state: .paid)
        try make(["8896513"], state: .cancelled)
        try make(["8896514"], state: .replaced)
        #expect(try stranded([]) == ["889651": 1])
    }

    @Test func `all bills of an account that is no longer configured are stranded`() throws {
        try make(["8896511", "8896512"])
        let other = try open.secondAccount()
        try open.store.seed(
            [Sample.draft("B", code: "8896513")], accountID: other, state: .open,
            now: Sample.now)
        let table = BINTable([try bin("889651")])
        #expect(
            try open.store.strandedBills(bins: ["MCH-0002": table]) == [
                StrandedBills(clientID: OpenStore.clientID, prefix: "889651", count: 2)
            ])
        #expect(try open.store.strandedBills(bins: [:]).map(\.count) == [2, 1])
    }

    @Test func `a hundred thousand bills take only a few queries`() throws {
        let binsAndCounts = [(111_111, 40_000), (555_555, 35_000), (888_888, 25_000)]
        for (bin, count) in binsAndCounts {
            try RawDatabase.execute(
                open.path, Flood.bills(count, account: open.account, codesFrom: bin * 1_000_000))
        }
        let log = try ReaderLog(of: open.store)
        #expect(try stranded(["111111", "555555", "888888"]) == [:])
        // One query for the accounts, one for each BIN, and one that finds nothing more.
        #expect(log.selects.count == 5)
        #expect(try stranded(["111111", "888888"]) == ["555555": 35_000])
        #expect(log.selects.count < 15)
        for sql in log.selects where sql.contains("FROM bill") {
            let plan = try QueryPlan.lines(sql, in: open.path)
            #expect(plan.count == 1)
            #expect(
                plan.allSatisfy {
                    $0.hasPrefix("SEARCH bill") && $0.contains("bill_by_code")
                }, "\(plan)")
        }
    }
}
