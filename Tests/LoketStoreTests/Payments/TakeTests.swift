// The booking of a delivery: its standing, the bill that it pays, and the bill's new state.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct TakeTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    @Test func `a payment settles its bill, once`() async throws {
        let bill = try await till.bill()
        let taken = try await till.take(Notice(ids: ["AGENT_TRX_ID=1", "AGENT_ID=ALFA"]))
        #expect(taken.entry?.standing == .settled && taken.entry?.isNew == true)
        let payment = try await till.payment(try #require(taken.entry?.paymentID))
        #expect(payment.billID == bill && payment.paidBillID == bill)
        #expect(payment.amount == 150_000 && payment.invoiceNumber == "INV-1")
        #expect(payment.paymentCode == Sample.codeText && payment.source == .notification)
        #expect(payment.paidAt == Moment(seconds: Sample.now.seconds))
        #expect(payment.receivedAt == Sample.now && payment.heldBillID == nil)
        #expect(payment.flags.isEmpty && !payment.needsAttention && payment.resolution == nil)
        #expect(payment.identifiers.map(\.name) == ["AGENT_TRX_ID", "AGENT_ID"])
        let record = try #require(try await till.store.bill(id: bill))
        #expect(record.bill.state == .paid && record.settled == .init(count: 1, amount: 150_000))
        #expect(record.history.map(\.change) == ["paid"])
    }

    struct Row: Sendable {
        let prepare: @Sendable (Till) async throws -> Void
        let notice: Notice
        let standing: Standing
        var flags: Set<PaymentFlag> = []
        /// The state of bill 1 afterwards.
        var state = Bill.State.open
        /// Whether the payment belongs to bill 1.
        var isBills = true
    }

    static let rows: [Row] = [
        Row(
            prepare: { try await $0.take() },
            notice: Notice(ids: ["AGENT_TRX_ID=9"])
                .with { $0.date = Notice.date(1000) }, standing: .duplicate, state: .paid),
        Row(
            prepare: { try await $0.take() }, notice: Notice(amount: 7), standing: .duplicate,
            state: .paid),
        Row(
            prepare: { try await $0.cancel(1) }, notice: Notice(), standing: .afterCancel,
            state: .cancelled),
        Row(
            prepare: { _ in }, notice: Notice(amount: 7), standing: .amountMismatch,
            state: .held),
        Row(
            prepare: { _ in }, notice: Notice(code: "1"), standing: .settled,
            flags: [.codeDiffers], state: .paid),
        Row(prepare: { _ in }, notice: Notice(code: nil), standing: .settled, state: .paid),
        Row(
            prepare: { _ in }, notice: Notice(codeIsOurs: false), standing: .settled,
            state: .paid),
        Row(
            prepare: { _ in }, notice: Notice(number: "X"), standing: .unmatched, state: .held,
            isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "X", code: "1"), standing: .unmatched,
            isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "X", code: nil), standing: .unmatched,
            isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "X", codeIsOurs: false),
            standing: .foreign, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(isOurService: false), standing: .foreign,
            isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: nil, amount: nil, isOurService: false),
            standing: .foreign, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(amount: nil, isUnreadable: true),
            standing: .unreadable, isBills: false),
        // The number of one inquiry: the bill's own number and a suffix, if the code is the bill's.
        Row(
            prepare: { _ in }, notice: Notice(number: "INV-1-0123456789"), standing: .settled,
            state: .paid),
        Row(
            prepare: { _ in }, notice: Notice(number: "INV-1-0123456789", code: "1"),
            standing: .unmatched, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "INV-1-0123456789", code: nil),
            standing: .unmatched, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "INV-1-012345678U"), standing: .unmatched,
            state: .held, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: "inv-1"), standing: .unmatched,
            state: .held, isBills: false),
        Row(
            prepare: { _ in }, notice: Notice(number: String(repeating: "9", count: 300)),
            standing: .unmatched, state: .held, isBills: false),
        Row(
            prepare: { try await $0.take(Notice(amount: 9)) }, notice: Notice(number: "X"),
            standing: .unmatched, state: .held, isBills: false),
        Row(
            prepare: { try await $0.spoilBill() }, notice: Notice(), standing: .unmatched,
            flags: [.billDamaged]),
    ]

    @Test(arguments: rows.indices)
    func `each delivery has one standing, and its bill one state`(place: Int) async throws {
        let row = Self.rows[place]
        try await till.bill()
        try await row.prepare(till)
        let taken = try await till.take(row.notice)
        #expect(taken.fault == nil && taken.entry?.standing == row.standing, "\(row.notice)")
        let payment = try await till.payment(try #require(taken.entry?.paymentID))
        #expect(payment.classifiedAs == row.standing && payment.standing == row.standing)
        #expect(payment.flags == row.flags)
        #expect(payment.billID == (row.isBills ? 1 : nil))
        #expect(payment.needsAttention == (row.standing.needsDecision || !row.flags.isEmpty))
        #expect(payment.heldBillID == (row.state == .held ? 1 : nil))
        let sql = "SELECT state FROM bill WHERE id = 1"
        #expect(try RawDatabase.rows(till.path, sql).first?[0] == row.state.rawValue)
    }

    @Test(arguments: ["PENDING", "FAILED", "EXPIRED", "anything"])
    func `a delivery without success makes and prevents no payment`(status: String) async throws {
        let bill = try await till.bill()
        let taken = try await till.take(Notice().with { $0.status = status })
        #expect(taken.entry?.standing == .notSuccess && taken.entry?.paymentID == nil)
        #expect(try await till.payments.isEmpty)
        #expect(try await till.state(bill) == .open)
        let paid = try await till.take()
        #expect(paid.entry?.standing == .settled)
        #expect(try await till.store.notification(id: 1)?.standing == .notSuccess)
        #expect(try await till.store.notification(id: 2)?.standing == .settled)
    }

    @Test func `a payment without a status belongs to no bill and keeps its values`()
        async throws
    {
        let bill = try await till.bill()
        let taken = try await till.take(Notice(status: nil))
        let payment = try await till.payment(try #require(taken.entry?.paymentID))
        #expect(payment.standing == .unreadable && payment.needsAttention)
        #expect(payment.billID == nil)
        #expect(payment.amount == 150_000 && payment.invoiceNumber == "INV-1")
        #expect(try await till.store.paymentTotals().received == .init())
        #expect(try await till.state(bill) == .open)
    }

    /// DOKU may send any text that JSON can represent.
    @Test(arguments: ["INV-1\u{0}", "\u{0}", "e\u{301}", "\u{E9}", "😀", "a\nb", "' OR 1 --", "%"])
    func `unusual texts are recorded as received`(text: String) async throws {
        try await till.bill()
        let notice = Notice(number: text, code: text, ids: ["N=\(text)", "\(text)=1"])
        let taken = try await till.take(notice.with { $0.date = text })
        #expect(taken.entry?.standing == .unmatched && taken.fault == nil)
        let payment = try await till.payment(try #require(taken.entry?.paymentID))
        // The raw body keeps U+0000; a column would end there for some readers.
        let kept = text.replacing("\0", with: "\u{FFFD}")
        #expect(Array((payment.invoiceNumber ?? "").utf8) == Array(kept.utf8))
        try await till.take(notice.with { ($0.status, $0.date) = ("FAILED\(text)", text) })
        #expect(try till.audit().problems == [])
    }

    @Test func `an unreadable payment's number is kept, and blocks no payment`() async throws {
        let bill = try await till.bill()
        try await till.take(Notice(amount: nil, isUnreadable: true))
        #expect(try await till.take().entry?.standing == .settled)
        #expect(try await till.state(bill) == .paid)
        #expect(try await till.payments.map(\.invoiceNumber) == ["INV-1", "INV-1"])
    }

    @Test func `a reusable bill is paid repeatedly under its numbers`() async throws {
        let bill = try await till.bill(reusable: true)
        for place in 0..<5 {
            let taken = try await till.take(Notice(number: "INV-1-012345678\(place)"))
            #expect(taken.entry?.standing == .settled)
        }
        #expect(try await till.take(Notice(amount: 9)).entry?.standing == .amountMismatch)
        let record = try #require(try await till.store.bill(id: bill))
        #expect(record.bill.state == .open)
        #expect(record.settled == .init(count: 5, amount: 750_000))
    }

    @Test func `a replaced bill is paid by its own number, not its successor`() async throws {
        let first = try await till.bill(expiresAt: Sample.now.adding(milliseconds: 1))
        let later = Sample.now.adding(milliseconds: 5)
        let made = try await till.store.create(
            [(till.open.account, Sample.draft("INV-2"))], now: later)
        #expect(try await till.state(first) == .replaced)
        #expect(try await till.take(Notice(amount: 3)).entry?.standing == .amountMismatch)
        #expect(try await till.state(first) == .replaced)
        let taken = try await till.take()
        #expect(taken.entry?.standing == .settled)
        #expect(try await till.state(first) == .paid)
        #expect(try await till.state(try #require(made.first).record.bill.id) == .open)
    }

    @Test func `the number alone finds the bill, only in its account`() async throws {
        let other = try till.open.secondAccount()
        let bill = try await till.open.create(Sample.draft(), account: other).bill.id
        #expect(try await till.take().entry?.standing == .unmatched)
        #expect(try await till.state(bill) == .open)
    }

    @Test func `a payment reported again after its bill stays unmatched`() async throws {
        let payment = try await till.pay()
        let bill = try await till.bill()
        // The same payment, reported again, is unchanged.
        let again = try await till.take(Notice(ids: ["AGENT_ID=ALFA"]))
        #expect(again.entry?.paymentID == payment && again.entry?.standing == .unmatched)
        #expect(try await till.state(bill) == .held)
        #expect(try await till.payment(payment).needsAttention)
    }
}

extension Till {
    /// Changes the first bill as a flipped bit would.
    fileprivate func spoilBill() async throws {
        try RawDatabase.execute(path, "UPDATE bill SET amount = amount + 1 WHERE id = 1")
    }
}
