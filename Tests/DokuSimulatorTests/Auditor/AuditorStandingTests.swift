// The table of standings in docs/using.md, row by row, with expectations written by hand: the
// standing of a payment, and the state of its bill.

import DokuSimulator
import TestSupport
import Testing

struct AuditorStandingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Nil: there is only a single-use bill of 150,000 with its code.
        var before: (@Sendable (inout Books) -> Void)?
        var reusable = false
        var expiresAfter: Int64?
        var number: String? = Books.number
        var amount: Int64? = Books.amount
        var code: String? = Books.code
        /// Seconds after the bill was created.
        var dated: Int64? = 100
        var edit: @Sendable (inout PaymentNotice) -> Void = { _ in }
        let words: String
        let state: Auditor.BillState
    }

    private static let day: Int64 = 24 * 3600
    private static let quarter: Int64 = 15 * 60

    private static let settled: [Row] = [
        Row(testDescription: "the bill as it is", words: "settled", state: .paid),
        Row(testDescription: "a reusable one", reusable: true, words: "settled", state: .open),
        Row(
            testDescription: "long before the bill was made", dated: -30 * day, words: "settled",
            state: .paid),
        Row(testDescription: "tomorrow", dated: 2 * day, words: "settled", state: .paid),
        Row(testDescription: "no date", dated: nil, words: "settled", state: .paid),
        Row(
            testDescription: "another code", code: "88965100000000", words: "settled code_differs",
            state: .paid),
        Row(
            testDescription: "something else than a code", code: "12 34",
            words: "settled code_differs", state: .paid),
        Row(testDescription: "no code", code: nil, words: "settled", state: .paid),
        Row(
            testDescription: "a suffix, and the code fits", number: "INV-1-0123456789",
            words: "settled", state: .paid),
        Row(
            testDescription: "status in small letters", edit: { $0.status = "success" },
            words: "settled", state: .paid),
        Row(
            testDescription: "no service", edit: { $0.serviceID = nil }, words: "settled",
            state: .paid),
    ]

    private static let expiry: [Row] = [
        Row(
            testDescription: "15 minutes past expiry", expiresAfter: 60, dated: 60 + quarter,
            words: "settled", state: .paid),
        Row(
            testDescription: "a second more", expiresAfter: 60, dated: 61 + quarter,
            words: "settled late", state: .paid),
        Row(
            testDescription: "late on a reusable one", reusable: true, expiresAfter: 60,
            dated: 61 + quarter, words: "settled late", state: .open),
        Row(
            testDescription: "replaced, in time",
            before: { _ = $0.make("INV-2", at: 60) }, expiresAfter: 60, dated: 60 + quarter,
            words: "settled", state: .paid),
        Row(
            testDescription: "replaced, late", before: { _ = $0.make("INV-2", at: 60) },
            expiresAfter: 60, dated: 61 + quarter, words: "settled late", state: .paid),
        Row(
            testDescription: "replaced, wrong amount", before: { _ = $0.make("INV-2", at: 60) },
            expiresAfter: 60, amount: 1, words: "amount_mismatch", state: .replaced),
    ]

    private static let amounts: [Row] = [
        Row(testDescription: "wrong", amount: 1, words: "amount_mismatch", state: .held),
        Row(
            testDescription: "wrong on a reusable one", reusable: true, amount: 1,
            words: "amount_mismatch", state: .open),
        Row(
            testDescription: "the first one, at the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, dated: 199, words: "settled",
            state: .paid),
        Row(
            testDescription: "the first one, after the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, dated: 201, words: "settled old_amount",
            state: .paid),
        Row(
            testDescription: "the first one, a day after the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, dated: 199 + day,
            words: "settled old_amount", state: .paid),
        Row(
            testDescription: "the first one, over a day after the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, dated: 201 + day,
            words: "amount_mismatch", state: .held),
        Row(
            testDescription: "the new one, a minute before the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, amount: 7, dated: 140, words: "settled",
            state: .paid),
        Row(
            testDescription: "the new one, over a minute before the edit",
            before: { _ = $0.edit(amount: 7, at: 200) }, amount: 7, dated: 139,
            words: "amount_mismatch", state: .held),
        Row(
            testDescription: "one that was edited away and back",
            before: {
                _ = $0.edit(amount: 7, at: 200)
                _ = $0.edit(amount: Books.amount, at: 300)
            }, dated: 400, words: "settled", state: .paid),
    ]

    private static let closed: [Row] = [
        Row(
            testDescription: "paid before", before: { _ = $0.notify(dated: 50) }, dated: 100,
            words: "duplicate", state: .paid),
        Row(
            testDescription: "paid before, wrong amount, other code",
            before: { _ = $0.notify(dated: 50) }, amount: 1, code: "1",
            words: "duplicate code_differs",
            state: .paid),
        Row(
            testDescription: "a reusable one, paid before",
            before: { _ = $0.notify(dated: 50) }, reusable: true, words: "settled", state: .open),
        Row(
            testDescription: "cancelled", before: { _ = $0.auditor.cancel("INV-1", reason: nil) },
            words: "after_cancel", state: .cancelled),
        Row(
            testDescription: "cancelled as paid elsewhere, wrong amount",
            before: { _ = $0.auditor.cancel("INV-1", reason: "paid_elsewhere") }, amount: 1,
            words: "after_cancel", state: .cancelled),
        Row(
            testDescription: "held, right amount", before: { _ = $0.notify(amount: 1, dated: 50) },
            words: "settled", state: .paid),
        Row(
            testDescription: "held, wrong amount", before: { _ = $0.notify(amount: 1, dated: 50) },
            amount: 2, words: "amount_mismatch", state: .held),
    ]

    private static let strange: [Row] = [
        Row(testDescription: "unknown number", number: "X", words: "unmatched", state: .held),
        Row(
            testDescription: "unknown number, reusable bill", reusable: true, number: "X",
            words: "unmatched", state: .open),
        Row(
            testDescription: "unknown number, paid bill", before: { _ = $0.notify(dated: 50) },
            number: "X", words: "unmatched", state: .paid),
        Row(
            testDescription: "unknown number, another code of ours", number: "X",
            code: "88965100000000", words: "unmatched", state: .open),
        Row(
            testDescription: "unknown number, no code", number: "X", code: nil,
            words: "unmatched", state: .open),
        Row(
            testDescription: "unknown number, no readable code", number: "X", code: "99 99",
            words: "unmatched", state: .open),
        Row(
            testDescription: "unknown number, 26 digits", number: "X",
            code: String(repeating: "9", count: 26), words: "unmatched", state: .open),
        Row(
            testDescription: "unknown number, somebody else's code", number: "X", code: "9990001",
            words: "foreign", state: .open),
        Row(
            testDescription: "a suffix, and another code", number: "INV-1-0123456789",
            code: "88965100000000", words: "unmatched", state: .open),
        Row(
            testDescription: "a suffix, and no code", number: "INV-1-0123456789", code: nil,
            words: "unmatched", state: .open),
        Row(
            testDescription: "a suffix with a letter that it cannot have",
            number: "INV-1-012345678U", words: "unmatched", state: .held),
        Row(
            testDescription: "another service", edit: { $0.serviceID = "VIRTUAL_ACCOUNT" },
            words: "foreign", state: .open),
        Row(
            testDescription: "another service, nothing to be read", number: nil, amount: nil,
            edit: { $0.serviceID = "VIRTUAL_ACCOUNT" }, words: "foreign", state: .open),
        Row(
            testDescription: "failed", edit: { $0.status = "FAILED" }, words: "not_success",
            state: .open),
        Row(
            testDescription: "no status", edit: { $0.status = nil }, words: "unreadable",
            state: .open),
        Row(testDescription: "no number", number: nil, words: "unreadable", state: .open),
        Row(testDescription: "no amount", amount: nil, words: "unreadable", state: .open),
        Row(testDescription: "an amount of 0", amount: 0, words: "unreadable", state: .open),
        Row(
            testDescription: "an amount of 13 digits", amount: 1_000_000_000_000,
            words: "unreadable", state: .open),
    ]

    @Test(arguments: settled + expiry + amounts + closed + strange)
    func `a payment has the standing of the documented table`(_ row: Row) {
        var books = Books(reusable: row.reusable, expiresAfter: row.expiresAfter)
        row.before?(&books)
        let reception = books.notify(
            row.number, amount: row.amount, code: row.code, dated: row.dated, at: 1000, row.edit)
        #expect(books.words(reception) == row.words)
        #expect(books.state == row.state)
    }

    @Test func `a result that depends on an unknown instant has every outcome`() {
        var books = Books()
        let edited = Auditor.Span(Books.moment(200), Books.moment(202))
        _ = books.auditor.edit(Books.number, Auditor.Edit(amount: 7), at: edited)
        let notice = PaymentNotice(
            invoiceNumber: Books.number, amount: Books.amount, paymentCode: Books.code,
            date: Books.moment(201).utcText)
        let sending = Auditor.Sending(requestID: "r", notice: notice, dated: Books.moment(201))
        #expect(books.auditor.isDoubtful(sending, at: Books.at(300)))
        for flags: Set<Auditor.Flag> in [[], [.oldAmount]] {
            var copy = books
            let reception = copy.auditor.receive(
                sending, at: Books.at(300), seen: (.settled, flags))
            #expect(reception.payment.map { copy.auditor.payments[$0].flags } == flags)
        }
    }

    @Test func `only the documented cases need attention`() {
        var books = Books()
        let calm = books.notify(dated: 10).payment
        let twice = books.notify(dated: 20).payment
        let foreign = books.notify("X", code: "999", dated: 30).payment
        let unreadable = books.notify(nil, dated: 40).payment
        let needs = [calm, twice, foreign, unreadable].map { place in
            place.map { books.auditor.payments[$0].needsAttention }
        }
        #expect(needs == [false, true, false, true])
    }
}
