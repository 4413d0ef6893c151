// The search for codes and Request-Ids in a journal of several blocks, some of them empty.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct JournalKeyTests {
    private let open: OpenStore

    /// Around the ends of blocks of 16,384 rows.
    private static let ids: [Int64] = [
        1, 2, 3, 16_382, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 81_920, 81_921,
    ]

    init() throws {
        open = try OpenStore()
        for id in Self.ids { try add(id) }
    }

    /// The code and the Request-Id of a row; every third row has the same.
    private static func value(_ id: Int64) -> String { "88965\(id % 3)" }

    private func add(_ id: Int64, billID: Int64? = nil) throws {
        try RawDatabase.execute(
            open.path,
            """
            INSERT INTO inquiry (
                id, received_at, dialect, account_id, request_id, payment_code, guard, bill_id,
                invoice_number, duration_us, skew_ms
            ) VALUES (
                \(id), \(id), 'o2o', \(open.account), '\(Self.value(id))', '\(Self.value(id))',
                'payable', \(billID.map(String.init) ?? "NULL"), 'INV-1', 0, 0
            )
            """)
    }

    @Test(arguments: 0...2, [0, 1, 2, 100])
    func `the ids of a value are found in both directions`(
        _ rest: Int64, limit: Int
    ) async throws {
        let value = Self.value(rest)
        let ends = [.min, 0, 2, 16_383, 16_384, 16_385, 50_000, 81_921, 81_922, .max] as [Int64]
        let ranges = ends.flatMap { low in ends.filter { $0 >= low }.map { low..<$0 } }
        try await open.store.pool.read { database in
            for key in [JournalKey.paymentCode(value), .requestID(value)] {
                for range in ranges {
                    let all = Self.ids.filter { $0 % 3 == rest && range.contains($0) }
                    let newest = try key.ids(
                        in: range, isNewestFirst: true, limit: limit, database)
                    #expect(newest == Array(all.reversed().prefix(limit)), "\(range)")
                    let oldest = try key.ids(
                        in: range, isNewestFirst: false, limit: limit, database)
                    #expect(oldest == Array(all.prefix(limit)), "\(range)")
                }
            }
        }
    }

    @Test func `an empty journal has no ids`() async throws {
        try RawDatabase.execute(open.path, "DELETE FROM inquiry")
        try await open.store.pool.read { database in
            let ids = try JournalKey.requestID("889651").ids(
                in: .min ..< .max, isNewestFirst: true, limit: 9, database)
            #expect(ids == [])
        }
    }

    @Test func `a page after a row that never was is empty`() async throws {
        var filter = JournalFilter()
        filter.codeText = Self.value(1)
        for id in [Int64.min, -1, 0, 1] {
            let page = try await open.store.inquiries(
                filter, after: JournalPosition(id: id, receivedAt: nil), limit: 10)
            #expect(page.records.isEmpty && page.next == nil)
        }
    }

    @Test func `the newest quote of a bill is found blocks later`() async throws {
        let rows: [(id: Int64, billID: Int64)] = [
            (100_001, 7), (100_004, 8), (120_000, 9), (190_001, 7), (190_004, 7), (190_007, 10),
        ]
        for row in rows { try add(row.id, billID: row.billID) }
        var filter = JournalFilter()
        filter.isUnpaid = true
        let page = try await open.store.inquiries(filter, after: nil, limit: 10)
        #expect(page.records.map(\.id) == [190_007, 190_004, 120_000, 100_004])
    }
}
