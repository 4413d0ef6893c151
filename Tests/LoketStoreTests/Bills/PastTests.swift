// The state at a past moment: a bill through edits and moves, the kill switch, the bill with a
// code, and the quarantine by Request-Id.

import LoketCore
import LoketStore
import Testing

struct PastTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func at(_ seconds: Int64) -> Moment { Sample.now.adding(milliseconds: seconds * 1000) }

    private func edit(_ id: Int64, _ seconds: Int64, _ change: (inout BillEdit) -> Void)
        async throws
    {
        var edit = BillEdit()
        change(&edit)
        _ = try await open.store.edit(
            id: id, edit, actor: "ops", now: at(seconds), mayEdit: { _ in true })
    }

    @Test func `a bill is shown with its state between its changes`() async throws {
        let made = try await open.create(Sample.draft(expiresAt: at(1_000)))
        let id = made.bill.id
        try await edit(id, 10) { $0.amounts = DatedAmounts(whole: 200_000) }
        try await edit(id, 20) { $0.expiresAt = .some(nil) }
        try await edit(id, 30) { $0.amounts = DatedAmounts(whole: 250_000) }
        _ = try await open.store.cancel(id: id, reason: nil, actor: "ops", now: at(40))
        let table: [(Int64, Int64, Moment?, Bill.State)] = [
            (0, 150_000, at(1_000), .open), (9, 150_000, at(1_000), .open),
            (10, 200_000, at(1_000), .open), (19, 200_000, at(1_000), .open),
            (20, 200_000, nil, .open), (30, 250_000, nil, .open), (39, 250_000, nil, .open),
            (40, 250_000, nil, .cancelled), (4_000, 250_000, nil, .cancelled),
        ]
        for (seconds, amount, expiresAt, state) in table {
            let found = try #require(
                try await open.store.bill(id: id, asOf: at(seconds)))
            #expect(found.then.amounts == DatedAmounts(whole: amount), "\(seconds)")
            #expect(found.then.expiresAt == expiresAt, "\(seconds)")
            #expect(found.then.state == state, "\(seconds)")
            #expect(found.now.bill.state == .cancelled)
            #expect(found.now.history.count >= 4)
        }
        let none = try await open.store.bill(id: 99, asOf: at(0))
        #expect(none == nil)
    }

    @Test func `history entries that are not states do not count`() async throws {
        let made = try await open.createCancelled(Sample.draft())
        try RawDatabase.execute(
            open.path,
            """
            INSERT INTO bill_change (bill_id, at, change) VALUES (\(made.bill.id), 0, 'forgotten')
            """)
        let found = try #require(
            try await open.store.bill(id: made.bill.id, asOf: at(1)))
        #expect(found.then.state == .cancelled)
    }

    @Test func `the past kill switch is shown, for every key that used it`() async throws {
        let other = try open.secondAccount()
        func switched(_ seconds: Int64, _ account: String, _ change: String) throws {
            try RawDatabase.execute(
                open.path,
                """
                INSERT INTO pause_change (account_id, at, change, reason, actor)
                VALUES (\(account), \(at(seconds).milliseconds), '\(change)', 'why', 'ops')
                """)
        }
        try switched(10, "\(open.account)", "paused")
        try switched(20, "NULL", "paused")
        try switched(30, "NULL", "resumed")
        try switched(40, "\(open.account)", "resumed")
        let table: [(Int64, Int64?, Int64?, Int64?)] = [
            (9, nil, nil, nil), (10, 10, 40, open.account), (20, 20, 30, nil),
            (30, 10, 40, open.account), (40, nil, nil, nil),
        ]
        for (seconds, from, to, scope) in table {
            let pause = try await open.store.pause(ofAccount: open.account, at: at(seconds))
            #expect(pause?.pausedAt == from.map(at), "\(seconds)")
            #expect(pause?.resumedAt == to.map(at), "\(seconds)")
            #expect(pause?.accountID == scope, "\(seconds)")
            #expect(pause == nil || pause?.reason == "why" && pause?.actor == "ops")
        }
        #expect(try await open.store.pause(ofAccount: other, at: at(15)) == nil)
        #expect(try await open.store.pause(ofAccount: other, at: at(25))?.pausedAt == at(20))
    }

    @Test func `a code leads to one bill of each account`() async throws {
        let other = try open.secondAccount()
        #expect(
            try await open.store.bills(answering: Sample.codeText, accountID: nil).records.isEmpty)
        try await open.createCancelled(Sample.draft("INV-1"))
        let newest = try await open.createCancelled(Sample.draft("INV-2"))
        let theirs = try await open.create(Sample.draft("INV-1"), account: other)
        #expect(
            try await open.store.bills(answering: Sample.codeText, accountID: nil).records.map(
                \.bill.id)
                == [newest.bill.id, theirs.bill.id])
        let held = try await open.create(Sample.draft("INV-3"))
        #expect(
            try await open.store.bills(answering: Sample.codeText, accountID: nil).records.map(
                \.bill.id)
                == [theirs.bill.id, held.bill.id])
    }

    @Test func `the quarantine is searched by the Request-Id as received`() async throws {
        let other = try open.secondAccount()
        let ids = [#"a/b%2F"c\"#, "a", "é"]
        for (account, body) in [(open.account, 1), (open.account, 2), (other, 3)] {
            for id in ids {
                let request = QuarantinedRequest(
                    accountID: account, receivedAt: Sample.now, cause: "signature_wrong",
                    headers: [("Client-Id", "a"), ("REQUEST-ID", id)], body: [UInt8(body)])
                await withCheckedContinuation { done in
                    open.store.quarantine(request) { _ in done.resume() }
                }
            }
        }
        for (place, id) in ids.enumerated() {
            let found = try await open.store.quarantineIDs(requestID: id, accountID: nil)
            #expect(found == [7, 4, 1].map { Int64($0 + place) })
            let own = try await open.store.quarantineIDs(requestID: id, accountID: other)
            #expect(own == [Int64(7 + place)])
        }
        #expect(try await open.store.quarantineIDs(requestID: "b", accountID: nil).isEmpty)
    }
}
