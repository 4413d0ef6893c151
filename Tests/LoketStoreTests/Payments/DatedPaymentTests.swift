// Payments of bills with dated amounts: the audit derives each of them again from the amounts that
// the bill had when the payment arrived.

import LoketCore
import Testing

@testable import LoketStore

struct DatedPaymentTests {
    private static let hour: Int64 = 3_600_000
    /// 150,000 for ten hours and 165,000 for ten more; then 175,000.
    private static let steps: [(amount: Int64, until: Int64)] = [
        (150_000, 10 * hour), (165_000, 20 * hour),
    ]

    private let till: Till

    init() throws {
        till = try Till()
    }

    private func bill(reusable: Bool = false) async throws -> Int64 {
        var draft = try Sample.draft()
        draft.amounts = try Sample.dated(Self.steps, last: 175_000)
        draft.reusable = reusable
        return try await till.open.create(draft).bill.id
    }

    private static func at(_ hours: Int64) -> Moment {
        Sample.now.adding(milliseconds: hours * hour)
    }

    /// A payment under the number of an inquiry, with a date this many hours after now.
    private static func notice(_ amount: Int64, _ hours: Int64, _ place: Int = 0) -> Notice {
        Notice(
            number: "INV-1-012345678\(place)", amount: amount, date: Notice.date(hours * hour))
    }

    @Test(
        arguments: [
            (150_000, 9, Standing.settled, []), (150_000, 10, .settled, []),
            (150_000, 11, .settled, [PaymentFlag.oldAmount]), (150_000, 33, .settled, [.oldAmount]),
            (150_000, 34, .amountMismatch, []), (165_000, 9, .amountMismatch, []),
            (165_000, 10, .settled, []), (165_000, 40, .settled, [.oldAmount]),
            (175_000, 19, .amountMismatch, []), (175_000, 20, .settled, []),
            (175_000, 9_000, .settled, []), (160_000, 12, .amountMismatch, []),
        ] as [(Int64, Int64, Standing, Set<PaymentFlag>)])
    func `the audit agrees on a payment of any step`(
        amount: Int64, hours: Int64, standing: Standing, flags: Set<PaymentFlag>
    ) async throws {
        let bill = try await bill()
        // The payment is reported long after its date, as by Check Status.
        let id = try await till.pay(Self.notice(amount, hours), at: Self.at(hours + 50))
        let payment = try await till.payment(id)
        #expect(payment.standing == standing && payment.flags == flags)
        #expect(try await till.state(bill) == (standing == .settled ? .paid : .held))
        #expect(try till.audit().problems == [])
    }

    @Test func `later edits do not change what the audit derives`() async throws {
        let bill = try await bill(reusable: true)
        try await till.take(Self.notice(150_000, 11, 0), at: Self.at(11))
        try await till.take(Self.notice(165_000, 12, 1), at: Self.at(12))
        _ = try await till.edit(bill, at: Self.at(13)) { $0.amounts = DatedAmounts(whole: 7) }
        try await till.take(Self.notice(165_000, 14, 2), at: Self.at(14))
        try await till.take(Self.notice(150_000, 15, 3), at: Self.at(15))
        try await till.take(Self.notice(175_000, 25, 4), at: Self.at(25))
        let later = try Sample.dated([(8, 30 * Self.hour)], last: 9)
        _ = try await till.edit(bill, at: Self.at(26)) { $0.amounts = later }
        try await till.take(Self.notice(7, 27, 5), at: Self.at(27))
        try await till.take(Self.notice(9, 31, 6), at: Self.at(31))
        let payments = try await till.payments
        #expect(
            payments.map(\.standing) == [
                .settled, .settled, .settled, .settled, .amountMismatch, .settled, .settled,
            ])
        #expect(
            payments.map(\.flags) == [
                [.oldAmount], [], [.oldAmount], [.oldAmount], [], [.oldAmount], [],
            ])
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [
        "standing = 'amount_mismatch', classified_as = 'amount_mismatch'", "flags = ''",
        "flags = '', needs_attention = 0", "amount = 165000",
    ])
    func `a changed payment of a past step is named`(change: String) async throws {
        _ = try await bill()
        let id = try await till.pay(Self.notice(150_000, 11), at: Self.at(11))
        #expect(try till.audit().problems == [])
        try till.tamper(payment: id, change)
        #expect(try !till.audit().problems.isEmpty)
    }

    @Test func `a changed amount that was paid is named despite its checksum`() async throws {
        let bill = try await bill()
        try await till.take(Self.notice(150_000, 9), at: Self.at(9))
        try till.tamper(bill: bill, "amounts = replace(amounts, '=150000', '=150001')")
        #expect(
            try till.audit().problems.first
                == "payment 1 is recorded as settled, but by the ledger it is amount_mismatch")
    }

    @Test func `the number of an inquiry leads to the dated bill`() async throws {
        let bill = try await bill()
        let id = try await till.pay(Self.notice(150_000, 1))
        let payment = try await till.payment(id)
        #expect(payment.billID == bill && payment.paidBillID == bill)
        // A second quote that was paid too.
        let other = try await till.pay(Self.notice(165_000, 12, 1), at: Self.at(12))
        #expect(try await till.payment(other).standing == .duplicate)
        #expect(try till.audit().problems == [])
    }
}
