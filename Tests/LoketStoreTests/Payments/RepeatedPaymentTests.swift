// Payments reported more than once, by notifications and by Check Status, in the store.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct RepeatedPaymentTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    @Test func `a repeat fills in missing values and changes nothing else`() async throws {
        let bill = try await till.bill()
        let first = Notice(code: nil, date: nil, ids: ["AGENT_TRX_ID=1"])
        let payment = try await till.pay(first)
        let before = try await till.payment(payment)
        let again = Notice(ids: ["AGENT_ID=ALFA", "AGENT_TRX_ID=1"])
        let later = Sample.now.adding(milliseconds: 99_000)
        let taken = try await till.take(again, at: later)
        #expect(taken.entry?.paymentID == payment && taken.entry?.isNew == false)
        let after = try await till.payment(payment)
        #expect(after.paymentCode == Sample.codeText)
        #expect(after.paidAt == Moment(seconds: Sample.now.seconds))
        #expect(after.identifiers.map(\.value) == ["1", "ALFA"])
        #expect(after.receivedAt == before.receivedAt && after.deliveryID == before.deliveryID)
        #expect(after.standing == .settled && after.flags.isEmpty && !after.needsAttention)
        #expect(try await till.store.payment(id: payment)?.deliveryIDs == [1, 2])
        #expect(try await till.state(bill) == .paid)
        // The present values remain, whatever a third delivery contains.
        try await till.take(again.with { $0.code = "1" })
        #expect(try await till.payment(payment).paymentCode == Sample.codeText)
    }

    @Test func `a repeat reports no event and settles no bill again`() async throws {
        try await till.bill()
        try await till.take()
        let before = try await till.store.events(after: 0, limit: 100).count
        for place in 0..<5 {
            try await till.take(Notice(ids: ["N=\(place == 0 ? "a" : "a")"]))
        }
        #expect(try await till.store.events(after: 0, limit: 100).count == before)
        #expect(try await till.payments.count == 1)
    }

    /// Every order in which a notification, its repeat and Check Status may arrive.
    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func `in every order the deliveries of one payment are one payment`(order: [Int]) async throws {
        let bill = try await till.bill()
        let notices = [
            Notice(ids: ["AGENT_TRX_ID=1"]),
            Notice(date: Notice.date(3_600_000), ids: ["AGENT_TRX_ID=1"]),
            Notice(date: nil, source: .checkStatus),
        ]
        for place in order { try await till.take(notices[place]) }
        #expect(try await till.payments.map(\.standing) == [.settled])
        #expect(try await till.state(bill) == .paid)
        let totals = try await till.store.paymentTotals()
        #expect(totals.received == .init(count: 1, amount: 150_000))
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func `in every order the deliveries of two payments are two`(order: [Int]) async throws {
        try await till.bill()
        let notices = [
            Notice(ids: ["AGENT_TRX_ID=1"]), Notice(ids: ["AGENT_TRX_ID=2"]),
            Notice(date: nil, source: .checkStatus),
        ]
        for place in order { try await till.take(notices[place]) }
        #expect(try await till.payments.map(\.standing) == [.settled, .duplicate])
        #expect(try till.audit().problems == [])
    }

    @Test func `a refunded payment reported again is still refunded`() async throws {
        try await till.bill()
        let payment = try await till.pay(Notice(amount: 7))
        try await till.resolve(payment, .refunded)
        let again = try await till.take(Notice(amount: 7, ids: ["A=1"]))
        #expect(again.entry?.paymentID == payment)
        #expect(try await till.payment(payment).needsAttention == false)
        #expect(try await till.payments.count == 1)
        // Another amount means another payment.
        #expect(try await till.take().entry?.standing == .settled)
    }

    /// Foreign payments are on no list that is worked through, so ours must not be merged into one.
    @Test(arguments: [ReportedPayment.Source.notification, .checkStatus])
    func `a payment of ours is not merged into another service's`(
        source: ReportedPayment.Source
    ) async throws {
        let bill = try await till.bill()
        try await till.take(Notice(source: source, isOurService: false))
        let taken = try await till.take(Notice(ids: ["AGENT_TRX_ID=1"]))
        #expect(taken.entry?.standing == .settled)
        #expect(try await till.state(bill) == .paid)
        let totals = try await till.store.paymentTotals()
        #expect(totals.received == .init(count: 1, amount: 150_000))
    }

    @Test func `an unreadable payment that was accepted absorbs no later payment`() async throws {
        try await till.bill()
        let bill = try await till.bill("INV-2", code: "8896510000000124")
        let unreadable = try await till.pay(Notice(status: nil))
        try await till.resolve(unreadable, .accept, bill: bill)
        let taken = try await till.take()
        #expect(taken.entry?.isNew == true && taken.entry?.standing == .settled)
        #expect(try till.audit().problems == [])
    }

    /// The numbers are cut in the columns next to the body, but are still compared in full.
    @Test func `long numbers that differ near their end are two payments`() async throws {
        let long = String(repeating: "9", count: Limits.notedTextMax)
        try await till.take(Notice(number: long + "A"))
        try await till.take(Notice(number: long + "B"))
        #expect(try await till.payments.count == 2)
    }

    @Test func `two concurrent deliveries create one payment`() async throws {
        try await till.bill()
        let deliveries = (0..<60).map { till.delivery(Notice(ids: ["N=1"]), request: "R-\($0)") }
        let contents = Notice(ids: ["N=1"]).contents
        try await withThrowingTaskGroup(of: RecordedDelivery.self) { group in
            for delivery in deliveries {
                group.addTask { [till] in try await till.store.take(delivery, contents) }
            }
            let taken = try await group.reduce(into: []) { $0.append($1) }
            #expect(taken.count { $0.entry?.isNew == true } == 1)
            #expect(taken.allSatisfy { $0.entry?.standing == .settled })
        }
        #expect(try await till.payments.count == 1)
    }
}
