// The journal's queue and thread: every accepted entry is written, in order.

import Foundation
import GRDB
import LoketCore
import LoketStore
import TestSupport
import Testing

struct JournalTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func requestIDs() throws -> [String] {
        try RawDatabase.rows(open.path, "SELECT request_id FROM inquiry ORDER BY id")
            .map { $0[0] }
    }

    @Test func `entries are written in order, and all of them before a close ends`() throws {
        let journal = Journal(on: open.store)
        let ids = (0..<500).map { "r-\($0)" }
        for id in ids {
            #expect(journal.offer(Sample.entry(id, account: open.account)))
        }
        journal.close()
        #expect(try requestIDs() == ids)
        #expect(journal.health.written == 500)
        #expect(journal.health.waiting == 0)
        #expect(journal.health.dropped == 0)
        #expect(journal.health.failing == nil)
    }

    @Test func `an entry is written without a close`() async throws {
        let journal = Journal(on: open.store)
        defer { journal.close() }
        for turn in 1...5 {
            #expect(journal.offer(Sample.entry("r-\(turn)", account: open.account)))
            try await eventually("entry \(turn) is written") { journal.health.written == turn }
            #expect(try requestIDs().count == turn)
        }
    }

    @Test func `a code is written without U+0000, and found as it was sent`() async throws {
        let journal = Journal(on: open.store)
        var entry = Sample.entry("r-1", account: open.account)
        entry.codeText = "889\u{0}651"
        #expect(journal.offer(entry))
        journal.close()
        var filter = JournalFilter()
        filter.codeText = entry.codeText
        let found = try await open.store.inquiries(filter, after: nil, limit: 10).records
        #expect(found.map(\.entry.codeText) == ["889\u{FFFD}651"])
    }

    @Test func `every field is written and read back`() async throws {
        let journal = Journal(on: open.store)
        var declined = Sample.entry("r-2", account: open.account)
        declined.codeText = nil
        declined.channel = nil
        declined.acquirer = nil
        declined.answeredBy = .unreadable
        declined.billID = nil
        declined.amount = nil
        declined.invoiceNumber = nil
        for entry in [Sample.entry("r-1", account: open.account), declined] {
            #expect(journal.offer(entry))
        }
        journal.close()
        let rows = try await open.store.inquiries(before: .max, limit: 10)
        try #require(rows.count == 2)
        for (read, wanted) in zip(rows.map(\.entry), [declined, Sample.entry("r-1", account: 1)]) {
            #expect(read.receivedAt == wanted.receivedAt && read.dialect == wanted.dialect)
            #expect(read.accountID == open.account && read.requestID == wanted.requestID)
            #expect(read.codeText == wanted.codeText && read.channel == wanted.channel)
            #expect(read.acquirer == wanted.acquirer && read.answeredBy == wanted.answeredBy)
            #expect(read.billID == wanted.billID && read.amount == wanted.amount)
            #expect(read.invoiceNumber == wanted.invoiceNumber)
            #expect(read.durationMicroseconds == wanted.durationMicroseconds)
            #expect(read.skewMilliseconds == wanted.skewMilliseconds)
        }
    }

    @Test(arguments: Guard.allCases)
    func `every guard's name is read back as that guard`(answeredBy: Guard) async throws {
        var entry = Sample.entry("r", account: open.account)
        entry.answeredBy = answeredBy
        let journal = Journal(on: open.store)
        #expect(journal.offer(entry))
        journal.close()
        let rows = try await open.store.inquiries(before: .max, limit: 1)
        #expect(rows.first?.entry.answeredBy == answeredBy)
    }

    @Test func `a text of the sender is cut to 64 characters`() async throws {
        var entry = Sample.entry("r", account: open.account)
        entry.codeText = String(repeating: "ж", count: 65)
        entry.channel = String(repeating: "c", count: 5000)
        entry.acquirer = "A'\n\u{1B}"
        let journal = Journal(on: open.store)
        #expect(journal.offer(entry))
        journal.close()
        let read = try #require(
            try await open.store.inquiries(before: .max, limit: 1).first
        ).entry
        #expect(read.codeText == String(repeating: "ж", count: 64))
        #expect(read.channel == String(repeating: "c", count: 64))
        #expect(read.acquirer == "A'\n\u{1B}")
    }

    @Test func `an empty text stays a text`() async throws {
        var entry = Sample.entry("", account: open.account)
        entry.codeText = ""
        entry.channel = ""
        let journal = Journal(on: open.store)
        #expect(journal.offer(entry))
        journal.close()
        let read = try #require(
            try await open.store.inquiries(before: .max, limit: 1).first
        ).entry
        #expect(read.requestID == "")
        #expect(read.codeText == "" && read.channel == "")
    }

    @Test func `ten thousand offers from eight threads are all written`() throws {
        let (threads, each) = (8, 1250)
        let journal = Journal(on: open.store)
        let finished = DispatchGroup()
        let account = open.account
        for thread in 0..<threads {
            finished.enter()
            Thread.detachNewThread {
                for turn in 0..<each {
                    _ = journal.offer(Sample.entry("\(thread) \(turn)", account: account))
                }
                finished.leave()
            }
        }
        finished.wait()
        journal.close()
        #expect(journal.health.written == threads * each)
        #expect(journal.health.dropped == 0)
        let ids = try requestIDs()
        #expect(Set(ids).count == threads * each)
        for thread in 0..<threads {
            let own = ids.filter { $0.hasPrefix("\(thread) ") }
            #expect(own == (0..<each).map { "\(thread) \($0)" }, "thread \(thread)")
        }
    }

    @Test func `a group of one commit is bounded, and a long queue takes several`() throws {
        let count = Limits.journalGroupMax * 2 + 1
        let journal = Journal(on: open.store)
        for turn in 0..<count {
            #expect(journal.offer(Sample.entry("\(turn)", account: open.account)))
        }
        journal.close()
        #expect(try requestIDs() == (0..<count).map(String.init))
    }

    @Test func `after a close no entry is accepted, and the refusal is counted`() throws {
        let journal = Journal(on: open.store)
        journal.close()
        #expect(!journal.offer(Sample.entry("late", account: open.account)))
        #expect(journal.health.dropped == 1)
        journal.close()
        #expect(try requestIDs().isEmpty)
    }
}
