// The kill switch and its user are stored, so that a restart does not end a pause.

import LoketCore
import LoketStore
import Synchronization
import TestSupport
import Testing

struct PauseTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func pause(_ account: Int64?, _ reason: String = "audit") async throws {
        _ = try await open.store.pause(
            accountID: account, reason: reason, actor: "ops", now: Sample.now)
    }

    private func resume(_ account: Int64?, _ reason: String? = nil) async throws {
        _ = try await open.store.resume(
            accountID: account, reason: reason, actor: "boss", now: Sample.now)
    }

    private func paused() throws -> [Int64?] {
        try open.store.pauses().map(\.accountID)
    }

    private func history(_ account: Int64? = nil) async throws -> [String] {
        try await open.store.pauseHistory(accountID: account).map { change in
            let who = change.accountID.map { "\($0)" } ?? "all"
            return "\(change.kind.rawValue) \(who) \(change.actor) \(change.reason ?? "-")"
        }
    }

    @Test func `nothing is paused at first, and resuming it is not an error`() async throws {
        #expect(try paused() == [])
        try await resume(nil)
        try await resume(open.account)
        #expect(try paused() == [])
        #expect(try await history() == [])
    }

    @Test func `a pause is read back with its actor, time and reason`() async throws {
        try await pause(open.account, "wrong prices")
        let pause = try #require(try open.store.pauses().first)
        #expect(pause.accountID == open.account)
        #expect(pause.reason == "wrong prices")
        #expect(pause.actor == "ops")
        #expect(pause.pausedAt == Sample.now)
    }

    @Test func `one account and all accounts are paused and resumed independently`() async throws {
        let other = try open.secondAccount()
        for account in [nil, open.account, other] { try await pause(account) }
        #expect(try paused() == [nil, open.account, other])
        try await resume(nil)
        #expect(try paused() == [open.account, other])
        try await resume(open.account)
        #expect(try paused() == [other])
        try await resume(other)
        #expect(try paused() == [])
    }

    @Test func `of two pauses the newer reason is active and both are recorded`() async throws {
        for account in [nil, open.account] {
            try await pause(account, "first")
            try await pause(account, "second")
        }
        #expect(try open.store.pauses().map(\.reason) == ["second", "second"])
        let own = open.account
        #expect(
            try await history() == [
                "paused \(own) ops second", "paused \(own) ops first", "paused all ops second",
                "paused all ops first",
            ])
    }

    @Test func `a resume is recorded if it ended a pause`() async throws {
        try await pause(nil, "flood")
        try await resume(nil, "dry again")
        try await resume(nil, "once more")
        #expect(try await history() == ["resumed all boss dry again", "paused all ops flood"])
    }

    @Test func `an account's history has its own entries and those of all accounts`() async throws {
        let other = try open.secondAccount()
        for account in [nil, open.account, other] { try await pause(account) }
        #expect(try await history(other) == ["paused \(other) ops audit", "paused all ops audit"])
    }

    /// A reader of the changes must not end with an older state than that of the database.
    @Test func `a caller receives every change in the order of the commits`() async throws {
        let heard = Heard()
        let store = open.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in 0..<200 {
                group.addTask {
                    guard place.isMultiple(of: 3) else {
                        _ = try await store.pause(
                            accountID: nil, reason: "\(place)", actor: "a", now: Sample.now,
                            then: heard.hear)
                        return
                    }
                    _ = try await store.resume(
                        accountID: nil, actor: "b", now: Sample.now, then: heard.hear)
                }
            }
            try await group.waitForAll()
        }
        let now = try store.pauses()
        #expect(heard.last == now)
    }

    @Test func `an unknown account cannot be paused`() async throws {
        await #expect(throws: (any Error).self) { try await pause(404) }
        #expect(try paused() == [])
        #expect(try await history() == [])
    }

    @Test func `pauses survive a restart until they are resumed`() async throws {
        let folder = try TemporaryFolder()
        let account = try await withStore(at: folder.database) { store in
            let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
            for paused in [nil, account] {
                _ = try await store.pause(
                    accountID: paused, reason: "r", actor: "ops", now: Sample.now)
            }
            return account
        }
        try await withStore(at: folder.database) { store in
            let found = try store.pauses().map(\.accountID)
            #expect(found == [nil, account])
            _ = try await store.resume(accountID: nil, actor: "ops", now: Sample.now)
        }
        try await withStore(at: folder.database) { store in
            let found = try store.pauses().map(\.accountID)
            #expect(found == [account])
        }
    }
}

/// The last reported pauses.
private final class Heard: Sendable {
    private let pauses = Mutex<[Pause]>([])

    var last: [Pause] { pauses.withLock { $0 } }

    @Sendable func hear(_ now: [Pause]) { pauses.withLock { $0 = now } }
}
