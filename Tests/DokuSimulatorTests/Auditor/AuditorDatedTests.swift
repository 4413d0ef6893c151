// Bills with amounts by date: what an inquiry is answered, and what a payment settles, with
// expectations written by hand. The bill costs 100 for an hour, then 110 for two days, then 120.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct AuditorDatedTests {
    private static let hour: Int64 = 3600
    private static let day = 24 * hour
    private static let second = hour + 2 * day

    private static func books() -> Books {
        var books = Books.empty
        _ = books.make(steps: [(100, hour), (110, second)], last: 120)
        return books
    }

    private static let answers: [(at: Int64, amount: Int64)] = [
        (-day, 100), (0, 100), (hour - 1, 100), (hour, 110), (second - 1, 110), (second, 120),
        (400 * day, 120),
    ]

    @Test(arguments: answers)
    func `an inquiry is answered with the amount of its time`(at: Int64, amount: Int64) {
        let answers = Self.books().auditor.answers(toInquiryFor: Books.code, at: Books.at(at))
        #expect(answers.map(\.amount) == [amount])
        #expect(answers.map(\.invoice) == [.startsWith("INV-1-")])
    }

    @Test func `every amount within an unknown instant is valid`() {
        let unsure = Auditor.Span(Books.moment(0), Books.moment(Self.second))
        let answers = Self.books().auditor.answers(toInquiryFor: Books.code, at: unsure)
        #expect(answers.map(\.amount) == [100, 110, 120])
    }

    @Test func `a bill is declined until it is valid, unless it has expired`() {
        var books = Books.empty
        _ = books.make(steps: [(100, 1000)], last: 110, validFrom: 500, expiresAfter: 2000)
        let statuses = [499, 500, 1999, 2000].flatMap { seconds in
            books.auditor.answers(toInquiryFor: Books.code, at: Books.at(seconds)).map(\.status)
        }
        #expect(statuses == ["decline", "success", "success", "billing_was_expired"])
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let amount: Int64
        let dated: Int64
        let words: String
    }

    /// An amount settles in its time, a minute before it and a day after it; after 15 minutes it is
    /// an old amount.
    private static let rows = [
        Row(testDescription: "the first", amount: 100, dated: hour - 1, words: "settled"),
        Row(testDescription: "as it ends", amount: 100, dated: hour, words: "settled"),
        Row(
            testDescription: "less than 15 minutes past it", amount: 100, dated: hour + 899,
            words: "settled"),
        Row(
            testDescription: "15 minutes past it", amount: 100, dated: hour + 900,
            words: "settled old_amount"),
        Row(
            testDescription: "less than a day past it", amount: 100, dated: hour + day - 1,
            words: "settled old_amount"),
        Row(
            testDescription: "a day past it", amount: 100, dated: hour + day,
            words: "amount_mismatch"),
        Row(
            testDescription: "over a minute before it", amount: 110, dated: hour - 61,
            words: "amount_mismatch"),
        Row(
            testDescription: "a minute before it", amount: 110, dated: hour - 60,
            words: "settled"),
        Row(testDescription: "the last", amount: 120, dated: 400 * day, words: "settled"),
        Row(
            testDescription: "the second in its day", amount: 110, dated: second + day - 1,
            words: "settled old_amount"),
        Row(testDescription: "another", amount: 105, dated: 10, words: "amount_mismatch"),
    ]

    @Test(arguments: rows)
    func `a payment settles at an amount that was valid shortly before`(_ row: Row) {
        var books = Self.books()
        let reception = books.notify(amount: row.amount, dated: row.dated, at: 500 * Self.day)
        #expect(books.words(reception) == row.words)
    }

    /// The list is replaced ten minutes after the first amount has ended, or ten minutes before.
    private static let edits: [(editedAt: Int64, amount: Int64, dated: Int64, words: String)] = [
        (hour + 600, 100, hour + 800, "settled"), (hour + 600, 110, hour + 599, "settled"),
        (hour + 600, 110, hour + 601, "settled old_amount"),
        (hour + 600, 120, second, "amount_mismatch"), (hour + 600, 7, hour + 540, "settled"),
        (hour - 600, 100, hour - 601, "settled"),
        (hour - 600, 100, hour - 599, "settled old_amount"),
        (hour - 600, 100, hour - 600 + day, "amount_mismatch"),
        (hour - 600, 110, hour + 1, "amount_mismatch"), (hour - 600, 7, hour - 660, "settled"),
        (hour - 600, 7, hour - 661, "amount_mismatch"),
    ]

    @Test(arguments: edits)
    func `an edit ends the amount of its time`(
        editedAt: Int64, amount: Int64, dated: Int64, words: String
    ) {
        var books = Self.books()
        let isEdited = books.edit(amount: 7, at: editedAt)
        #expect(isEdited)
        let reception = books.notify(amount: amount, dated: dated, at: 500 * Self.day)
        #expect(books.words(reception) == words)
    }

    @Test func `an edit that leaves the amounts alone ends none of them`() {
        var books = Self.books()
        var edit = Auditor.Edit()
        edit.dueAt = .at(Books.moment(5))
        let outcome = books.auditor.edit(Books.number, edit, at: Books.at(Self.hour - 1))
        #expect(outcome == .done)
        #expect(books.auditor.bill(Books.number)?.dueAt == Books.moment(5))
        let reception = books.notify(amount: 100, dated: Self.hour + 800)
        #expect(books.words(reception) == "settled")
    }

    @Test func `faulty lists and times are refused`() {
        var books = Self.books()
        typealias Steps = [(amount: Int64, until: Int64)]
        let tooMany: Steps = (1...12).map { (amount: Int64($0), until: Int64($0)) }
        let lists: [(steps: Steps, isRight: Bool)] = [
            (tooMany.dropLast(), true), (tooMany, false), ([(1, 5), (2, 5)], false),
            ([(1, 5), (2, 4)], false), ([(1, 5), (2, 6)], true),
        ]
        for (steps, isRight) in lists {
            let edit = Auditor.Edit(amounts: Books.list(steps, last: 9))
            let outcome = books.auditor.edit(Books.number, edit, at: Books.at(0))
            #expect(outcome == (isRight ? .done : .invalid(.amounts)))
        }
        for (validFrom, made): (Int64, Auditor.Made) in [
            (100, .invalid(.validFrom)), (50, .invalid(.validFrom)), (49, .new),
        ] {
            let outcome = books.make(
                "INV-\(validFrom)", code: "1234500\(validFrom)", steps: [(1, 100)], last: 2,
                validFrom: validFrom, expiresAfter: 50)
            #expect(outcome == made)
        }
        var edit = Auditor.Edit()
        edit.validFrom = .at(Books.moment(50))
        let outcome = books.auditor.edit("INV-49", edit, at: Books.at(0))
        #expect(outcome == .invalid(.validFrom))
        #expect(books.auditor.bill("INV-49")?.validFrom == Books.moment(49))
    }
}
