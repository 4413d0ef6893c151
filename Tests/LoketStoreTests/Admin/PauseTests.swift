// The kill switch is stored: a restart does not sell what was stopped.

import LoketCore
import LoketStore
import Testing

struct PauseTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func pause(_ account: Int64?, _ reason: String = "audit") throws {
        try open.store.pause(accountID: account, reason: reason, actor: "ops", now: Sample.now)
    }

    private func paused() throws -> [Int64?] {
        try open.store.pauses().map(\.accountID)
    }

    @Test func `nothing is paused at first, and resuming that is no fault`() throws {
        #expect(try paused() == [])
        try open.store.resume(accountID: nil)
        try open.store.resume(accountID: open.account)
        #expect(try paused() == [])
    }

    @Test func `a pause is read back with who, when and why`() throws {
        try pause(open.account, "wrong prices")
        let pause = try #require(try open.store.pauses().first)
        #expect(pause.accountID == open.account)
        #expect(pause.reason == "wrong prices")
        #expect(pause.actor == "ops")
        #expect(pause.pausedAt == Sample.now)
    }

    @Test func `one account and all of them are paused and resumed by themselves`() throws {
        let other = try open.secondAccount()
        for account in [nil, open.account, other] { try pause(account) }
        #expect(try paused() == [nil, open.account, other])
        try open.store.resume(accountID: nil)
        #expect(try paused() == [open.account, other])
        try open.store.resume(accountID: open.account)
        #expect(try paused() == [other])
        try open.store.resume(accountID: other)
        #expect(try paused() == [])
    }

    @Test func `paused again, the newer reason stands and there is one pause`() throws {
        for account in [nil, open.account] {
            try pause(account, "first")
            try pause(account, "second")
        }
        #expect(try open.store.pauses().map(\.reason) == ["second", "second"])
    }

    @Test func `an account that is not there cannot be paused`() throws {
        #expect(throws: (any Error).self) { try pause(404) }
        #expect(try paused() == [])
    }

    @Test func `pauses survive a restart until they are resumed`() async throws {
        let folder = try TemporaryFolder()
        let account = try await withStore(at: folder.database) { store in
            let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
            for paused in [nil, account] {
                try store.pause(accountID: paused, reason: "r", actor: "ops", now: Sample.now)
            }
            return account
        }
        try await withStore(at: folder.database) { store in
            let found = try store.pauses().map(\.accountID)
            #expect(found == [nil, account])
            try store.resume(accountID: nil)
        }
        try await withStore(at: folder.database) { store in
            let found = try store.pauses().map(\.accountID)
            #expect(found == [account])
        }
    }
}
