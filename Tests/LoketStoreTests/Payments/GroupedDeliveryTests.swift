// Deliveries that share a commit have the same effect as deliveries recorded one after the other,
// also if the group has to run a second time because one of its writes failed.

import Foundation
import GRDB
import LoketCore
import Synchronization
import TestSupport
import Testing

@testable import LoketStore

struct GroupedDeliveryTests {
    private static let groups = 6
    private static let size = 64
    /// The deliveries of one invoice in each group.
    private static let ofOneInvoice = 8

    /// Everything that deliveries leave in the books.
    private static let books = [
        "SELECT * FROM delivery ORDER BY id", "SELECT * FROM notification ORDER BY delivery_id",
        "SELECT * FROM payment ORDER BY id", "SELECT * FROM bill_change ORDER BY id",
        "SELECT * FROM event ORDER BY id", "SELECT * FROM attention ORDER BY id",
        "SELECT hour, account_id, kind, cause, channel, count, amount FROM hour_sum ORDER BY 1, 2, "
            + "3, 4, 5",
        "SELECT id, state, checksum FROM bill ORDER BY id",
    ]

    private struct Refused: Error {}

    /// Returns a group: most deliveries pay a bill as expected, some with another amount or code,
    /// some for no bill, and some are not payments.
    private static func group(_ random: inout SeededRandom, number: Int) -> [Notice] {
        let shared = "INV-\(number * size)"
        var group = (0..<size - ofOneInvoice).map { place in
            let other = Int.random(in: 0..<groups * size, using: &random)
            var notice = Notice(number: "INV-\(other)", code: code(other))
            notice.date = Notice.date(Int64(place % 3))
            switch Int.random(in: 0..<16, using: &random) {
            case 0: notice.amount = 7
            case 1: notice.number = "X-\(other)"
            case 2: notice.code = code(other + 1)
            case 3: notice.isUnreadable = true
            case 4: notice.status = "FAILED"
            default: break
            }
            return notice
        }
        group += (0..<ofOneInvoice).map { place in
            Notice(
                number: shared, amount: place % 4 == 3 ? 7 : 150_000, code: code(number * size),
                date: Notice.date(Int64(place / 2)))
        }
        return group.shuffled(using: &random)
    }

    private static func code(_ place: Int) -> String { "889651\(10_000 + place)" }

    private func till() async throws -> Till {
        let till = try Till()
        for place in 0..<Self.groups * Self.size {
            try await till.bill(
                "INV-\(place)", code: Self.code(place), reusable: place % 5 == 1)
        }
        return till
    }

    private func rows(_ till: Till) throws -> [[String]] {
        try Self.books.map { sql in try RawDatabase.rows(till.path, sql).map { "\($0)" } }
    }

    /// Records a group in one commit, between writes that fail.
    private func take(_ group: [Notice], request: Int, in till: Till, failing: Int) async throws {
        let commits = till.store.commits
        let (entered, opened) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isAgain = Mutex(false)
        commits.submit(
            { _ in
                let isFirst = isAgain.withLock { isAgain in
                    defer { isAgain = true }
                    return !isAgain
                }
                guard isFirst else { return }
                entered.signal()
                opened.wait()
            }, then: { _ in })
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                entered.wait()
                continuation.resume()
            }
        }
        let before = commits.health.writes
        for (place, notice) in group.enumerated() {
            let delivery = till.delivery(notice, request: "R-\(request)-\(place)")
            till.store.take(delivery, notice.contents) { _ in }
            if place < failing {
                commits.submit(
                    { database in
                        try database.execute(sql: "UPDATE bill SET info = 'x'")
                        throw Refused()
                    }, then: { (_: Result<Void, any Error>) in })
            }
        }
        opened.signal()
        let count = group.count + failing + 1
        try await eventually("the group is done") { commits.health.writes - before == count }
    }

    @Test(arguments: [0, 3])
    func `a group has the same effect as its deliveries one after the other`(
        failing: Int
    ) async throws {
        var random = SeededRandom(seed: 17)
        let (together, single) = (try await till(), try await till())
        for number in 0..<Self.groups {
            let group = Self.group(&random, number: number)
            try await take(group, request: number, in: together, failing: failing)
            for (place, notice) in group.enumerated() {
                try await single.take(notice, request: "R-\(number)-\(place)")
            }
        }
        #expect(together.store.commits.health.commits < single.store.commits.health.commits)
        let (left, right) = (try rows(together), try rows(single))
        for (place, sql) in Self.books.enumerated() {
            #expect(left[place] == right[place], "\(sql)")
        }
        #expect(try together.audit().problems == [])
    }

    /// A classification that fails leaves its delivery on record, and changes nothing else.
    @Test func `a failed classification in a group leaves the others as they are`() async throws {
        let till = try await till()
        try RawDatabase.execute(
            till.path,
            """
            CREATE TRIGGER no_event BEFORE INSERT ON event WHEN new.paid_invoice_number = 'INV-3'
            BEGIN SELECT raise(ABORT, 'no event'); END
            """)
        let group = (0..<9).map { Notice(number: "INV-\($0)", code: Self.code($0)) }
        try await take(group, request: 0, in: till, failing: 0)
        #expect(try RawDatabase.count(till.path, "delivery") == 9)
        #expect(try RawDatabase.count(till.path, "payment") == 8)
        #expect(try RawDatabase.count(till.path, "notification") == 8)
        #expect(try await till.store.notification(id: 4)?.standing == nil)
    }
}
