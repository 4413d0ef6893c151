// Bills cancelled by their invoice numbers: what becomes of each number, and a dry run that changes
// nothing.

import LoketCore
import Testing

@testable import LoketStore

struct CancelManyTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func cancel(
        _ numbers: [String], account: Int64? = nil, isDryRun: Bool = false
    ) async throws -> [String] {
        try await till.store.cancel(
            numbers.map(Sample.number), of: account ?? till.open.account, reason: "left",
            actor: "ops", now: Sample.now, isDryRun: isDryRun
        ).outcomes.map { "\($0.outcome) \($0.billID ?? 0) \($0.state?.rawValue ?? "-")" }
    }

    /// Bills 1 to 6: open, cancelled, paid, held, damaged, and one of another account.
    private func prepare() async throws {
        for place in 1...5 {
            try await till.bill("INV-\(place)", code: "889651000000010\(place)")
        }
        try await till.cancel(2)
        try await till.take(Notice(number: "INV-3", code: "8896510000000103"))
        try await till.take(Notice(number: "INV-4", amount: 7, code: "8896510000000104"))
        try RawDatabase.damage(till.path, "UPDATE bill SET amount = 9 WHERE id = 5")
        let other = try till.open.secondAccount()
        _ = try await till.open.create(try Sample.draft("INV-6", code: "1"), account: other)
    }

    private static let numbers = (1...7).map { "INV-\($0)" }
    private static let outcomes = [
        "cancelled 1 cancelled", "already 2 cancelled", "refused 3 paid", "refused 4 held",
        "damaged 5 -", "unknown 0 -", "unknown 0 -",
    ]

    @Test func `open bills are cancelled, and each other number says why not`() async throws {
        try await prepare()
        let events = try await till.store.events(after: 0, limit: 1000).count
        #expect(try await cancel(Self.numbers, isDryRun: true) == Self.outcomes)
        #expect(try await till.state(1) == .open)
        #expect(try await till.store.events(after: 0, limit: 1000).count == events)
        #expect(try await cancel(Self.numbers) == Self.outcomes)
        let bill = try #require(try await till.store.bill(id: 1))
        #expect(bill.bill.state == .cancelled && bill.bill.cancelReason == "left")
        #expect(bill.history.last?.actor == "ops")
        #expect(try await till.store.events(after: 0, limit: 1000).count == events + 1)
        #expect(try await cancel(["INV-1"]) == ["already 1 cancelled"])
        #expect(try await till.state(6) == .open)
    }

    @Test func `more bills than one commit takes are cancelled in order`() async throws {
        let count = Limits.cancelledAtOnce + 3
        for place in 0..<count {
            try await till.bill("INV-\(place)", code: "88965\(1_000_000 + place)")
        }
        let outcomes = try await cancel((0..<count).map { "INV-\($0)" })
        #expect(outcomes == (1...count).map { "cancelled \($0) cancelled" })
        #expect(
            try await cancel(["INV-1", "INV-1"]) == ["already 2 cancelled", "already 2 cancelled"])
    }
}
