// An open store in its own folder, with one account: the starting point of most tests here.

import GRDB
import LoketCore
import LoketStore
import TestSupport
import Testing

final class OpenStore: Sendable {
    static let clientID = "MCH-0001"

    let folder: TemporaryFolder
    let store: Store
    let account: Int64

    init(room: DiskRoom = DiskRoom()) throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.database, room: room)
        account = try #require(store.registerAccounts([Self.clientID])[Self.clientID])
    }

    deinit {
        try? store.close()
    }

    var path: String { store.path }

    /// Creates one bill at `Sample.now`.
    @discardableResult
    func create(_ draft: BillDraft, account other: Int64? = nil) async throws -> BillRecord {
        let made = try await store.create([(other ?? account, draft)], now: Sample.now)
        return try #require(made.first).record
    }

    /// Creates one bill and cancels it.
    @discardableResult
    func createCancelled(_ draft: BillDraft) async throws -> BillRecord {
        let made = try await create(draft)
        _ = try await store.cancel(id: made.bill.id, reason: nil, actor: "ops", now: Sample.now)
        return try #require(try await store.bill(id: made.bill.id))
    }

    func secondAccount() throws -> Int64 {
        try #require(store.registerAccounts(["MCH-0002"])["MCH-0002"])
    }
}

extension Store {
    /// Creates bills with the given codes, without an actor.
    @discardableResult
    func create(
        _ bills: [(accountID: Int64, draft: BillDraft)], now: Moment
    ) async throws -> [(record: BillRecord, isNew: Bool)] {
        try await create(
            bills.map { NewBill(accountID: $0.accountID, draft: $0.draft) }, actor: nil, now: now)
    }

    /// Returns a list of bills, newest first.
    func bills(
        _ filter: BillFilter, before: Int64, limit: Int
    ) async throws -> [BillRecord] {
        try await bills(filter, order: .newest, after: .id(before), limit: limit).records
    }
}

/// Runs the body with a store, which is closed and whose lock is released afterwards.
@discardableResult
func withStore<Result>(
    at path: String, room: DiskRoom = DiskRoom(), _ body: (Store) async throws -> Result
) async throws -> Result {
    let store = try Store(path: path, room: room)
    do {
        let result = try await body(store)
        try store.close()
        return result
    } catch {
        try? store.close()
        throw error
    }
}
