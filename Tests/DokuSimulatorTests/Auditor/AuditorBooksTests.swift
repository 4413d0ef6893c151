// Bills over their lifetime, the answers to inquiries about them, and the sums.

import TestSupport
import Testing

struct AuditorBooksTests {
    private func statuses(_ books: Books, at seconds: Int64) -> [String] {
        books.auditor.answers(toInquiryFor: Books.code, at: Books.at(seconds)).map(\.status)
    }

    @Test func `an inquiry returns the bill's state`() {
        var books = Books(expiresAfter: 60)
        #expect(
            books.auditor.answers(toInquiryFor: Books.code, at: Books.at(59)) == [
                Auditor.InquiryAnswer(
                    http: 200, status: "success", amount: Books.amount,
                    invoice: .exactly(Books.number))
            ])
        #expect(statuses(books, at: 60) == ["billing_was_expired"])
        let unsure = Auditor.Span(Books.moment(59), Books.moment(61))
        #expect(
            books.auditor.answers(toInquiryFor: Books.code, at: unsure).map(\.status)
                == ["success", "billing_was_expired"])
        _ = books.notify(amount: 1, dated: 10)
        #expect(statuses(books, at: 61) == ["decline"])
        _ = books.notify(dated: 10)
        #expect(statuses(books, at: 61) == ["billing_already_paid"])
        #expect(
            books.auditor.answers(toInquiryFor: "12345000", at: Books.at(0)).map(\.http) == [404])
    }

    @Test func `a reusable bill answers with a new number after a payment`() {
        var books = Books(reusable: true)
        _ = books.notify("INV-1-0123456789", dated: 10)
        let answers = books.auditor.answers(toInquiryFor: Books.code, at: Books.at(20))
        #expect(answers.map(\.invoice) == [.startsWith("INV-1-")])
        #expect(books.auditor.paid(on: Books.number).count == 1)
    }

    @Test(arguments: [(nil, "decline"), ("paid_elsewhere", "billing_already_paid")])
    func `the answer for a cancelled bill depends on its reason`(reason: String?, status: String) {
        var books = Books()
        #expect(books.auditor.cancel(Books.number, reason: reason) == .done)
        #expect(books.auditor.cancel(Books.number, reason: nil) == .already)
        #expect(statuses(books, at: 1) == [status])
    }

    @Test func `a code is free once its bill has expired, and not before`() {
        var books = Books(expiresAfter: 60)
        #expect(books.make("INV-2", at: 59) == .codeTaken)
        #expect(books.make("INV-2", at: 60) == .new)
        #expect(books.state == .replaced)
        #expect(books.make("INV-2", at: 61) == .existing)
        #expect(books.make("INV-2", amount: 1, at: 61) == .numberTaken)
        #expect(books.make("INV-3", expiresAfter: 61, at: 61) == .expiryPast)
        #expect(statuses(books, at: 61) == ["success"])
        #expect(books.auditor.cancel(Books.number, reason: nil) == .done)
    }

    @Test func `a held bill keeps its code`() {
        var books = Books(expiresAfter: 60)
        _ = books.notify(amount: 1, dated: 10)
        #expect(books.make("INV-2", at: 100) == .codeTaken)
        #expect(books.edit(amount: 7, at: 100) == false)
    }

    @Test func `a paid bill can be neither edited nor cancelled`() {
        var books = Books()
        _ = books.notify(dated: 10)
        #expect(books.edit(amount: 7, at: 20) == false)
        #expect(books.auditor.cancel(Books.number, reason: nil) == .refused)
    }

    @Test func `the sum received is the sum of the standings`() {
        var books = Books()
        _ = books.notify(amount: 1, dated: 10)
        _ = books.notify(dated: 20)
        _ = books.notify(dated: 20)
        _ = books.notify(dated: 30)
        _ = books.notify("X", amount: 9, code: "999", dated: 40)
        _ = books.notify(nil, dated: 50)
        _ = books.notify(dated: 60) { $0.status = "PENDING" }
        _ = books.notify(dated: 70, requestID: "r")
        _ = books.notify(dated: 70, requestID: "r")
        let totals = books.auditor.totals
        let one = Auditor.Sum(count: 1, amount: Books.amount)
        #expect(totals.received == Auditor.Sum(count: 4, amount: 3 * Books.amount + 1))
        #expect(totals.standings[.settled] == one)
        #expect(totals.standings[.amountMismatch] == Auditor.Sum(count: 1, amount: 1))
        #expect(totals.standings[.duplicate]?.count == 2)
        let standing = totals.standings.values.map(\.amount).reduce(0, +)
        #expect(standing == totals.received.amount)
        #expect(totals.needAttention == [.amountMismatch: 1, .duplicate: 2])
        #expect(totals.foreign == Auditor.Sum(count: 1, amount: 9))
        #expect(totals.unreadable == Auditor.Sum(count: 1, amount: Books.amount))
        #expect([totals.recorded, totals.repeats, totals.notSuccess] == [8, 1, 1])
    }
}
