// Many threads, each with its own look-up, during writes of the only writer.

import Foundation
import LoketCore
import LoketStore
import Synchronization
import Testing

struct LookupThreadsTests {
    private static let threads = 8
    private static let rounds = 40

    private final class Shared: Sendable {
        let wrong = Mutex<[String]>([])
        let found = Mutex(0)
        let isOver = Mutex(false)
    }

    /// The number of the newest bill; 0 if there is none yet.
    private static func newest(_ lookup: BillLookup, account: Int64) throws -> Int {
        switch try lookup.find(account) {
        case .nothing: return 0
        case .bill(let bill): return Int(bill.amounts.last.whole)
        case .damaged(let id): throw StoreFault.damagedBill(id: id)
        }
    }

    private static func look(_ store: Store, account: Int64, into shared: Shared) {
        var last = 0
        do {
            let lookup = try store.makeLookup()
            repeat {
                let now = try newest(lookup, account: account)
                if now < last { shared.wrong.withLock { $0.append("\(now) after \(last)") } }
                last = now
                shared.found.withLock { $0 += 1 }
            } while !shared.isOver.withLock { $0 }
            let end = try newest(lookup, account: account)
            if end != rounds { shared.wrong.withLock { $0.append("\(end) at the end") } }
        } catch {
            shared.wrong.withLock { $0.append("\(error)") }
        }
    }

    @Test func `every thread sees consistent bills, and never an older one again`() async throws {
        let open = try OpenStore()
        let shared = Shared()
        let finished = DispatchGroup()
        let (store, account) = (open.store, open.account)
        for _ in 0..<Self.threads {
            finished.enter()
            Thread.detachNewThread {
                Self.look(store, account: account, into: shared)
                finished.leave()
            }
        }
        // The amount is the number of the round. Each bill closes before the next is created.
        for round in 1...Self.rounds {
            let made = try await open.create(
                Sample.draft("INV-\(round)", amount: Int64(round)))
            guard round < Self.rounds else { break }
            _ = try await store.cancel(
                id: made.bill.id, reason: nil, actor: "ops", now: Sample.now)
        }
        shared.isOver.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            finished.notify(queue: .global()) { continuation.resume() }
        }
        #expect(shared.wrong.withLock { $0 } == [])
        #expect(shared.found.withLock { $0 } >= Self.threads)
    }
}
