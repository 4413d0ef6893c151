// Fifty concurrent tasks request the same thing, and only one of them succeeds.

import GRDB
import LoketCore
import LoketStore
import Testing

struct RaceTests {
    private static let tasks = 50

    private enum Outcome: Sendable, Equatable {
        case made(id: Int64, isNew: Bool)
        case refused(BillConflict.Cause)
        case failed(String)
    }

    private static func race(
        _ open: OpenStore, _ draft: @escaping @Sendable (Int) throws -> BillDraft
    ) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            for place in 0..<tasks {
                group.addTask {
                    do {
                        let made = try await open.store.create(
                            [(open.account, draft(place))], now: Sample.now)
                        guard let bill = made.first else { return .failed("nothing made") }
                        return .made(id: bill.record.bill.id, isNew: bill.isNew)
                    } catch let conflict as BillConflict {
                        return .refused(conflict.cause)
                    } catch {
                        return .failed("\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `the same bill from all tasks is created exactly once`() async throws {
        let open = try OpenStore()
        let outcomes = await Self.race(open) { _ in try Sample.fullDraft() }
        let row = try #require(try RawDatabase.rows(open.path, "SELECT id FROM bill").first)
        let id: Int64 = row[0]
        #expect(outcomes.count { $0 == .made(id: id, isNew: true) } == 1)
        #expect(outcomes.count { $0 == .made(id: id, isNew: false) } == Self.tasks - 1)
        #expect(try RawDatabase.count(open.path, "bill") == 1)
    }

    @Test func `of different bills with one code exactly one is created`() async throws {
        let open = try OpenStore()
        let outcomes = await Self.race(open) { try Sample.draft("INV-\($0)") }
        let winner = try #require(try open.store.makeLookup().find(open.account).bill)
        #expect(outcomes.count { $0 == .made(id: winner.id, isNew: true) } == 1)
        let taken = Outcome.refused(.codeTaken(by: winner.invoiceNumber))
        #expect(outcomes.count { $0 == taken } == Self.tasks - 1)
        #expect(try RawDatabase.count(open.path, "bill") == 1)
    }

    @Test func `of different bills with one number the first remains`() async throws {
        let open = try OpenStore()
        let outcomes = await Self.race(open) { place in
            try Sample.draft("INV-1", code: "889651\(place)", amount: Int64(place + 1))
        }
        let row = try #require(try RawDatabase.rows(open.path, "SELECT id FROM bill").first)
        let taken = Outcome.refused(.invoiceNumberTaken(billID: row[0]))
        #expect(outcomes.count { $0 == taken } == Self.tasks - 1)
        #expect(outcomes.contains(.made(id: row[0], isNew: true)))
    }

    @Test func `a bill that all tasks cancel is cancelled exactly once`() async throws {
        let open = try OpenStore()
        let id = try await open.create(Sample.draft()).bill.id
        let cancels = try await withThrowingTaskGroup(of: Bool.self) { group in
            for place in 0..<Self.tasks {
                group.addTask {
                    let outcome = try await open.store.cancel(
                        id: id, reason: "\(place)", actor: "ops \(place)", now: Sample.now)
                    guard case .cancelled = outcome else { return false }
                    return true
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(cancels == 1)
        #expect(try await open.store.bill(id: id)?.history.count == 1)
    }
}
