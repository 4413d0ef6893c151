// Old journal rows, and files of old imports: a wrong clock deletes none, and every deletion is
// logged.

import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing
@testable import LoketAdmin
@testable import LoketRuntime

struct JournalPruningTests {
    private static let day: Int64 = 86_400_000
    private static let now = Moment(milliseconds: 1_700_000_000_000)

    private static func moment(_ days: Int64) -> Moment { now.adding(milliseconds: days * day) }

    /// A store whose journal has a row for each of these days.
    private func withJournal(
        _ days: [Int64], _ body: (Store, JournalPruning, LogLines) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let store = try Store(path: folder.file("loket.db"))
            let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
            try write(days, account, to: store)
            let lines = LogLines()
            try await body(
                store,
                JournalPruning(store: store, keepDays: 400, importDays: 30, log: lines.logger),
                lines)
            try store.close()
        }
    }

    private func write(_ days: [Int64], _ account: Int64, to store: Store) throws {
        let journal = Journal(on: store)
        for day in days {
            let isTaken = journal.offer(
                JournalEntry(
                    receivedAt: Self.moment(day), dialect: "o2o", accountID: account,
                    requestID: "r", codeText: nil, channel: nil, acquirer: nil,
                    answeredBy: .unreadable, billID: nil, amount: nil, invoiceNumber: nil,
                    durationMicroseconds: 1, skewMilliseconds: 0))
            #expect(isTaken)
        }
        journal.close()
    }

    private func rows(_ store: Store) async throws -> [Int64] {
        try await store.inquiries(before: .max, limit: 100).reversed().map {
            ($0.entry.receivedAt.milliseconds - Self.now.milliseconds) / Self.day
        }
    }

    @Test func `a start with a clock two years ahead deletes nothing`() async throws {
        let days: [Int64] = [-390, -10, 0]
        try await withJournal(days) { store, pruning, _ in
            for wall in [730, -730] as [Int64] {
                let outcome = try await pruning.prune(
                    wall: Self.moment(wall), advancing: Self.day)
                let left = try await rows(store)
                #expect(outcome == (wall > 0 ? .refused : .nothingOld))
                #expect(left == days)
            }
            // An inquiry that arrives while the clock is wrong does not make the clock right.
            try write([730], 1, to: store)
            let outcome = try await pruning.prune(wall: Self.moment(730), advancing: Self.day)
            let left = try await rows(store)
            #expect(outcome == .pruned && left == days + [730])
        }
    }

    @Test func `a deletion with a right clock is logged`() async throws {
        try await withJournal([-402, -401, -399, 0]) { store, pruning, lines in
            let outcome = try await pruning.prune(wall: Self.now, advancing: Self.day)
            let left = try await rows(store)
            #expect(outcome == .pruned && left == [-399, 0])
            #expect(lines.text.contains("deleted old journal rows"))
            #expect(lines.text.contains(Self.moment(-400).utcText))
        }
    }

    @Test func `the time of pruning is stored and moves no further than it may`() async throws {
        try await withJournal([-402, -401, -399, 0]) { store, _, _ in
            var times = [try await store.pruningTime(wall: Self.now, advancing: 0)]
            try write([5], 1, to: store)
            for days in [1, 2, 9] as [Int64] {
                times.append(
                    try await store.pruningTime(
                        wall: Self.moment(5), advancing: days * Self.day))
            }
            #expect(times == [0, 1, 3, 5].map(Self.moment))
        }
    }

    @Test func `files of finished imports go after their days, the imports stay`() async throws {
        try await withJournal([-1, 0]) { store, pruning, lines in
            for (day, isOver) in [(-31, true), (-29, true), (-40, false)] as [(Int64, Bool)] {
                let wish = Store.NewImport(
                    accountID: nil, actor: "ops", format: .csv, amountFormat: "plain",
                    isDryRun: true)
                let begun = try #require(
                    try await store.beginImport(wish, now: Self.moment(day)))
                guard isOver else { continue }
                try await store.endImport(
                    begun.record.id, as: .failed, failure: "x", now: Self.moment(day))
            }
            let folder = URL(fileURLWithPath: store.path + ".imports")
            #expect(folder.files == ["1.db", "2.db", "3.db"])
            // A wrong clock does not delete them.
            _ = try await pruning.prune(wall: Self.moment(730), advancing: Self.day)
            #expect(folder.files == ["1.db", "2.db", "3.db"])
            _ = try await pruning.prune(wall: Self.now, advancing: Self.day)
            #expect(folder.files == ["2.db", "3.db"])
            #expect(lines.text.contains("deleted the row notes of old imports"))
            #expect(try await store.import(id: 1)?.state == .failed)
        }
    }
}
