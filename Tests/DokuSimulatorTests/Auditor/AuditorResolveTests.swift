// The effects of an operator's decision on a payment and its bill.

import TestSupport
import Testing

struct AuditorResolveTests {
    private static let other = "INV-2"

    /// Returns books with a second bill with its own code.
    private func books() -> Books {
        var books = Books()
        _ = books.make(Self.other, code: "12345000", at: 0)
        return books
    }

    private func accept(_ bill: String? = nil) -> Auditor.Resolution {
        Auditor.Resolution(.accept, bill: bill)
    }

    @Test func `accept settles the payment's own bill`() {
        var books = books()
        _ = books.notify(amount: 1, dated: 10)
        #expect(books.auditor.resolve(0, accept()) == .done)
        #expect(books.state == .paid)
        #expect(books.auditor.payments[0].standing == .settled)
        #expect(books.auditor.payments[0].classifiedAs == .amountMismatch)
        #expect(!books.auditor.payments[0].needsAttention)
        #expect(books.auditor.paid(on: Books.number) == Auditor.Sum(count: 1, amount: 1))
    }

    @Test func `accept settles a cancelled bill and refuses a paid one`() {
        var books = books()
        _ = books.auditor.cancel(Books.number, reason: nil)
        _ = books.notify(dated: 10)
        _ = books.notify(dated: 20)
        #expect(books.auditor.resolve(0, accept()) == .done)
        #expect(books.state == .paid)
        #expect(books.auditor.resolve(1, accept()) == .billPaid)
        #expect(books.auditor.resolve(1, accept("INV-9")) == .noBill)
        #expect(books.auditor.resolve(1, accept(Self.other)) == .done)
        #expect(books.auditor.bill(Self.other)?.state == .paid)
    }

    @Test func `an unmatched payment has no bill of its own`() {
        var books = books()
        _ = books.notify("X", dated: 10)
        #expect(books.auditor.resolve(0, accept()) == .noBill)
        #expect(books.auditor.resolve(0, accept(Books.number)) == .done)
        #expect(books.state == .paid)
    }

    @Test(arguments: [Auditor.Action.refunded, .dismiss])
    func `a held bill is open again once nothing holds it`(_ action: Auditor.Action) {
        var books = books()
        _ = books.notify(amount: 1, dated: 10)
        _ = books.notify("X", dated: 20)
        #expect(books.auditor.resolve(0, Auditor.Resolution(action)) == .done)
        #expect(books.state == .held)
        #expect(books.auditor.resolve(1, Auditor.Resolution(action)) == .done)
        #expect(books.state == .open)
        #expect(books.auditor.payments.map(\.standing) == [.amountMismatch, .unmatched])
        #expect(books.auditor.payments.map(\.needsAttention) == [false, false])
    }

    @Test func `a refund does not open a cancelled or paid bill`() {
        var books = books()
        _ = books.notify(amount: 1, dated: 10)
        _ = books.notify(dated: 20)
        #expect(books.auditor.resolve(0, Auditor.Resolution(.refunded)) == .done)
        #expect(books.state == .paid)
        _ = books.notify(Self.other, amount: 1, code: "12345000", dated: 30)
        _ = books.auditor.cancel(Self.other, reason: nil)
        #expect(books.auditor.resolve(2, Auditor.Resolution(.refunded)) == .done)
        #expect(books.auditor.bill(Self.other)?.state == .cancelled)
    }

    @Test func `a decision is final, and its repeat is accepted`() {
        var books = books()
        _ = books.notify(dated: 10)
        #expect(books.auditor.resolve(0, accept()) == .nothingToResolve)
        _ = books.notify(dated: 20)
        let decision = Auditor.Resolution(.refunded, note: "at the counter")
        #expect(books.auditor.resolve(1, decision) == .done)
        #expect(books.auditor.resolve(1, decision) == .again)
        #expect(books.auditor.resolve(1, Auditor.Resolution(.refunded)) == .resolvedBefore)
        #expect(books.auditor.resolve(1, Auditor.Resolution(.dismiss)) == .resolvedBefore)
    }

    @Test func `a settled payment with a flag is acknowledged`() {
        var books = books()
        _ = books.notify(code: "88965100000000", dated: 10)
        #expect(books.auditor.payments[0].needsAttention)
        #expect(books.auditor.resolve(0, accept()) == .done)
        #expect(!books.auditor.payments[0].needsAttention)
        #expect(books.auditor.paid(on: Books.number).count == 1)
    }
}
