// The deliveries that report the same payment, and the changes that a repeat may make.

import DokuSimulator
import TestSupport
import Testing

struct AuditorSameTests {
    struct Pair: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var transactions: (String?, String?) = ("7", "7")
        var dates: (Int64?, Int64?) = (100, 100)
        var second: @Sendable (inout PaymentNotice) -> Void = { _ in }
        let isOne: Bool
    }

    private static let day: Int64 = 24 * 3600

    private static let pairs = [
        Pair(testDescription: "all the same", isOne: true),
        Pair(testDescription: "an hour apart", dates: (100, 3700), isOne: true),
        Pair(testDescription: "a day apart", dates: (100, 100 + day), isOne: true),
        Pair(testDescription: "over a day apart", dates: (101 + day, 100), isOne: false),
        Pair(testDescription: "one date", dates: (100, nil), isOne: true),
        Pair(testDescription: "other transaction", transactions: ("7", "8"), isOne: false),
        Pair(testDescription: "one transaction", transactions: ("7", nil), isOne: true),
        Pair(
            testDescription: "one transaction, another second", transactions: (nil, "7"),
            dates: (100, 101), isOne: false),
        Pair(testDescription: "no transaction", transactions: (nil, nil), isOne: true),
        Pair(
            testDescription: "no transaction, one date", transactions: (nil, nil),
            dates: (100, nil), isOne: false),
        Pair(
            testDescription: "no transaction, no date", transactions: (nil, nil),
            dates: (nil, nil), isOne: true),
        Pair(
            testDescription: "no transaction, other unreadable dates", transactions: (nil, nil),
            dates: (nil, nil), second: { $0.date = "yesterday" }, isOne: false),
        Pair(testDescription: "other amount", second: { $0.amount = 1 }, isOne: false),
        Pair(
            testDescription: "other number", second: { $0.invoiceNumber = "INV-2" }, isOne: false),
        Pair(
            testDescription: "other shop",
            second: { $0.identifiers[1] = .init("AGENT_STORE_ID", "B072") }, isOne: false),
        Pair(testDescription: "no shop", second: { $0.identifiers.remove(at: 1) }, isOne: true),
        Pair(testDescription: "another form", second: { $0.amountForm = .string }, isOne: true),
        Pair(testDescription: "failed", second: { $0.status = "FAILED" }, isOne: false),
    ]

    @Test(arguments: pairs)
    func `two deliveries are one payment by the documented rule`(_ pair: Pair) {
        var books = Books()
        let first = books.notify(dated: pair.dates.0, transaction: pair.transactions.0)
        let second = books.notify(
            dated: pair.dates.1, transaction: pair.transactions.1, pair.second)
        #expect(first.payment == 0)
        #expect((second.payment == 0) == pair.isOne)
        #expect(second.hasJoined == pair.isOne)
    }

    @Test func `a delivery must not contradict any other of its payment`() {
        var books = Books()
        _ = books.notify(dated: 100)
        let joins = books.notify(dated: 100, transaction: "7")
        let other = books.notify(dated: 100, transaction: "8")
        #expect(joins.payment == 0)
        #expect(books.words(other) == "duplicate")
    }

    @Test func `a repeat fills in missing values and changes nothing else`() {
        var books = Books()
        _ = books.notify(code: nil, dated: nil, transaction: "7") { $0.identifiers.removeFirst(2) }
        let repeated = books.notify(code: "88965100000000", dated: 100, transaction: "7")
        let payment = books.auditor.payments[0]
        #expect(books.words(repeated) == "settled")
        #expect(payment.paymentCode == "88965100000000")
        #expect(payment.dated == Books.moment(100))
        #expect(payment.identifiers.count == 3)
        #expect(payment.deliveries == [0, 1])
    }

    @Test func `an equal delivery is counted and not recorded`() {
        var books = Books()
        _ = books.notify(dated: 100, requestID: "r")
        let again = books.notify(dated: 100, requestID: "r")
        let other = books.notify(amount: 1, dated: 100, requestID: "r")
        #expect(again.isRepeat)
        #expect(!other.isRepeat)
        #expect(books.auditor.deliveries.map(\.repeats) == [1, 0])
        #expect(books.words(other) == "duplicate")
    }
}
