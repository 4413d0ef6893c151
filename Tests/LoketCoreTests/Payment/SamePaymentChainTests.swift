// Many deliveries with one invoice number, in every order: each joins the oldest payment that it
// may report, and the order neither merges two payments nor splits one.

import LoketCore
import Testing

struct SamePaymentChainTests {
    /// Groups the deliveries in order, as the store does.
    private func payments(_ receipts: [ReportedPayment]) -> [[ReportedPayment]] {
        var payments: [[ReportedPayment]] = []
        for receipt in receipts {
            let place = payments.firstIndex { SamePayment.isSame(receipt, of: $0) }
            if let place {
                payments[place].append(receipt)
            } else {
                payments.append([receipt])
            }
        }
        return payments
    }

    private func orders(_ receipts: [ReportedPayment]) -> [[ReportedPayment]] {
        guard let first = receipts.first else { return [[]] }
        return orders(Array(receipts.dropFirst())).flatMap { rest in
            (0...rest.count).map { rest[..<$0] + [first] + rest[$0...] }
        }
    }

    private static func at(_ hours: Int64) -> String {
        Sample.date.adding(milliseconds: hours * 3_600_000).utcText
    }

    private static func sent(_ hours: Int64?, _ ids: String...) -> ReportedPayment {
        Sample.receipt(date: hours.map(at), ids: ids)
    }

    private static func asked(_ hours: Int64?, _ ids: String...) -> ReportedPayment {
        Sample.receipt(.checkStatus, date: hours.map(at), ids: ids)
    }

    struct Story: Sendable {
        let receipts: [ReportedPayment]
        let payments: Int

        init(_ payments: Int, _ receipts: [ReportedPayment]) {
            self.receipts = receipts
            self.payments = payments
        }
    }

    /// The number of payments does not depend on the order.
    static let stories: [Story] = [
        Story(1, [sent(0, "AGENT_TRX_ID=1"), sent(0), sent(0, "AGENT_TRX_ID=1")]),
        Story(1, [sent(0), sent(0), sent(0), asked(nil)]),
        Story(2, [sent(0, "AGENT_TRX_ID=1"), sent(0, "AGENT_TRX_ID=2"), asked(nil)]),
        Story(2, [sent(0, "AGENT_TRX_ID=1"), sent(0, "AGENT_TRX_ID=2"), sent(0)]),
        Story(2, [sent(0, "AGENT_TRX_ID=1"), sent(5, "AGENT_TRX_ID=2"), asked(9), asked(nil)]),
        Story(
            2,
            [
                sent(0, "AGENT_TRX_ID=1"), sent(0, "AGENT_TRX_ID=2"),
                asked(1, "AGENT_TRX_ID=1"), asked(2, "AGENT_TRX_ID=2"),
            ]),
        Story(3, [sent(0, "AGENT_TRX_ID=1"), sent(0, "AGENT_TRX_ID=2"), sent(7), asked(nil)]),
        Story(2, [sent(0), sent(1), asked(nil), asked(1)]),
        Story(1, [asked(0), asked(30), asked(nil), sent(0, "AGENT_TRX_ID=1")]),
        Story(2, [sent(0, "S=1"), sent(0, "S=2"), sent(0)]),
        Story(1, [sent(0, "AGENT_TRX_ID=1"), sent(24, "AGENT_TRX_ID=1"), asked(100)]),
        Story(2, [sent(0, "AGENT_TRX_ID=1"), sent(25, "AGENT_TRX_ID=1")]),
    ]

    @Test(arguments: stories.indices)
    func `in every order the number of payments is the same`(place: Int) {
        let story = Self.stories[place]
        for order in orders(story.receipts) {
            #expect(payments(order).count == story.payments, "\(place): \(order)")
        }
    }

    @Test(arguments: stories.indices)
    func `a repetition of all deliveries creates no payment`(place: Int) {
        for order in orders(Self.stories[place].receipts) {
            let once = payments(order)
            #expect(payments(order + order).count == once.count, "\(place): \(order)")
        }
    }

    @Test func `a chain of repeats may last longer than 24 hours`() {
        let chain = [0, 20, 40, 60].map { Self.sent($0, "AGENT_TRX_ID=1") }
        #expect(payments(chain).count == 1)
    }

    @Test func `a delivery that contradicts one of a payment does not join it`() {
        let known = [Self.sent(0), Self.sent(0, "AGENT_TRX_ID=1")]
        #expect(!SamePayment.isSame(Self.sent(0, "AGENT_TRX_ID=2"), of: known))
        #expect(SamePayment.isSame(Self.sent(0), of: known))
        #expect(SamePayment.isSame(Self.sent(9, "AGENT_TRX_ID=1"), of: known))
    }

    @Test func `a Check Status answer does not extend the time for notifications`() {
        // It has the payment's own date; otherwise any later payment of the number would join.
        let known = [Self.sent(0, "AGENT_TRX_ID=1"), Self.asked(48)]
        #expect(!SamePayment.isSame(Self.sent(48), of: known))
        #expect(!SamePayment.isSame(Self.sent(48, "AGENT_TRX_ID=2"), of: known))
        #expect(SamePayment.isSame(Self.asked(99), of: known))
    }

    @Test func `Check Status joins the oldest payment that it may report`() {
        let story = [
            Self.sent(0, "AGENT_TRX_ID=1"), Self.sent(0, "AGENT_TRX_ID=2"), Self.asked(nil),
        ]
        #expect(payments(story).map(\.count) == [2, 1])
        let named = Array(story.prefix(2)) + [Self.asked(nil, "AGENT_TRX_ID=2")]
        #expect(payments(named).map(\.count) == [1, 2])
    }
}
