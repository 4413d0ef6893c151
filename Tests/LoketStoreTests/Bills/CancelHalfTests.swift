// Many bills are cancelled, and the request stops between two commits: the result says which bills
// are cancelled and how many are left.

import GRDB
import LoketCore
import Synchronization
import Testing

@testable import LoketStore

struct CancelHalfTests {
    private static let count = 250
    /// The bills of the first commit.
    private static let first = 100

    private let gauge = Gauge()
    private let open: OpenStore

    init() throws {
        open = try OpenStore(room: gauge.room())
        let drafts = try (1...Self.count).map {
            try Sample.draft("INV-\($0)", code: "88965\(1_000_000 + $0)")
        }
        try open.store.seed(drafts, accountID: open.account, state: .open, now: Sample.now)
    }

    /// Queues a write while the bills of the first commit are cancelled: a batch ends for it, and
    /// it runs before the next commit.
    private func between(_ body: @escaping @Sendable () -> Void = {}) async throws {
        let commits = open.store.commits
        let isQueued = Mutex(false)
        try await commits.write { database in
            database.add(
                function: DatabaseFunction("knock", argumentCount: 0) { _ in
                    let isFirst = isQueued.withLock { isQueued in
                        defer { isQueued = true }
                        return !isQueued
                    }
                    if isFirst { commits.submit({ _ in body() }, then: { _ in }) }
                    return nil
                })
            try database.execute(
                sql: """
                    CREATE TEMP TRIGGER knock AFTER UPDATE ON main.bill BEGIN
                        SELECT knock();
                    END
                    """)
        }
    }

    private func cancelNumbers() async throws -> CancelledNumbers {
        try await open.store.cancel(
            (1...Self.count).map { try Sample.number("INV-\($0)") }, of: open.account, reason: nil,
            actor: "ops", now: Sample.now, isDryRun: false)
    }

    private func cancelFilter(
        isStopping: @Sendable () -> Bool = { false }
    ) async throws -> CancelledMatching {
        var filter = BillFilter()
        filter.state = .stored(.open)
        filter.invoicePrefix = InvoiceNumber("INV-")
        let found = try await open.store.openBills(matching: filter, now: Sample.now)
        return try await open.store.cancel(
            found, matching: filter, reason: nil, actor: "ops", now: Sample.now,
            isStopping: isStopping)
    }

    private func cancelledCount() throws -> Int {
        try RawDatabase.count(open.path, "bill WHERE state = 'cancelled'")
    }

    @Test func `numbers are left when the disk fills between two commits`() async throws {
        try await between { [gauge] in gauge.free = 0 }
        let result = try await cancelNumbers()
        #expect(result.failure is DiskRoom.Shortage)
        let outcomes = result.outcomes.map(\.outcome)
        #expect(outcomes.prefix(Self.first).allSatisfy { $0 == .cancelled })
        #expect(outcomes.dropFirst(Self.first).allSatisfy { $0 == .left })
        #expect(result.outcomes.map(\.number.text) == (1...Self.count).map { "INV-\($0)" })
        #expect(try cancelledCount() == Self.first)
        // The first commit throws. Numbers that need no write do not need room.
        await #expect(throws: DiskRoom.Shortage.self) {
            _ = try await open.store.cancel(
                [try Sample.number("INV-\(Self.count)")], of: open.account, reason: nil,
                actor: "ops", now: Sample.now, isDryRun: false)
        }
        let again = try await open.store.cancel(
            [try Sample.number("INV-1")], of: open.account, reason: nil, actor: "ops",
            now: Sample.now, isDryRun: false)
        #expect(again.failure == nil && again.outcomes.map(\.outcome) == [.already])
        gauge.free = .max
        #expect(try await cancelNumbers().failure == nil)
        #expect(try cancelledCount() == Self.count)
    }

    @Test func `bills of a filter are left when the disk fills between two batches`() async throws {
        try await between { [gauge] in gauge.free = 0 }
        let result = try await cancelFilter()
        #expect(result.failure is DiskRoom.Shortage)
        #expect(result.cancelled.count == Self.first && result.damaged == [])
        #expect(result.left == Self.count - Self.first)
        #expect(try cancelledCount() == Self.first)
        await #expect(throws: DiskRoom.Shortage.self) { _ = try await cancelFilter() }
        #expect(try cancelledCount() == Self.first)
        gauge.free = .max
        let rest = try await cancelFilter()
        #expect(rest.failure == nil && rest.left == 0)
        #expect(try cancelledCount() == Self.count)
    }

    @Test func `bills of a filter are left when the service stops`() async throws {
        try await between()
        let batches = Mutex(0)
        let result = try await cancelFilter {
            batches.withLock { batches in
                batches += 1
                return batches > 1
            }
        }
        #expect(result.failure is CancellationError)
        #expect(result.cancelled.count == Self.first)
        #expect(result.left == Self.count - Self.first)
        await #expect(throws: CancellationError.self) {
            _ = try await cancelFilter(isStopping: { true })
        }
        #expect(try cancelledCount() == Self.first)
    }
}
