// Notifications sent repeatedly, in any order, on many connections, while the service is stopped,
// killed and started again: each takes effect once.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentFlood {
        private static let notifications = PaymentSize.of(10_000, otherwise: 100)
        private static let restarts = PaymentSize.of(40, otherwise: 4)
        private static let connections = 64
        private static let timesSent = 2...20

        @Test func `a flood of repeats over restarts takes effect once each`() async throws {
            var random = PaymentSize.random(for: "flood of notifications")
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(0..<Self.notifications)
                let flood = bills.map { bill in
                    desk.request(bill.notice().varied(by: &random), id: "flood-\(bill.number)")
                }
                var sendings: [Int] = []
                for index in flood.indices {
                    let times = Int.random(in: Self.timesSent, using: &random)
                    sendings += Array(repeating: index, count: times)
                }
                sendings.shuffle(using: &random)

                let answers = PaymentAnswers()
                let order = sendings
                async let sending: Void = PaymentCrew.work(
                    order.count, lines: Self.connections, at: desk
                ) { piece, line in
                    answers.add(try line.deliver(flood[order[piece]]), to: order[piece])
                    return true
                }
                for restart in 1...Self.restarts {
                    try await eventually("notifications are answered") {
                        answers.count >= order.count * restart / (Self.restarts + 1)
                    }
                    let signal = restart.isMultiple(of: 2) ? SIGKILL : SIGTERM
                    service.child.send(signal)
                    let outcome = try await service.child.end()
                    #expect(outcome.code == (signal == SIGKILL ? -SIGKILL : 0))
                    service = try await site.serve()
                }
                try await sending

                #expect(answers.count == order.count)
                #expect(answers.answered.count == bills.count)
                #expect(answers.differing.isEmpty)
                try await expectOneEffectEach(bills, at: desk)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }

        private func expectOneEffectEach(
            _ bills: [PaymentBill], at desk: PaymentDesk
        ) async throws {
            let totals = try await desk.totals()
            totals.expectSettled(bills)
            #expect(totals.recorded == Int64(bills.count))

            let payments = try await desk.items("/admin/v1/payments")
            #expect(payments.count == bills.count)
            var unpaid = Dictionary(uniqueKeysWithValues: bills.map { ($0.invoice, $0) })
            for payment in payments {
                // The bill is removed from the list, so a second payment of it finds nothing.
                let bill = unpaid.removeValue(forKey: payment["invoice_number"]?.string ?? "")
                #expect(payment["standing"]?.string == "settled")
                #expect(payment["flags"]?.elements.isEmpty == true)
                #expect(payment["bill_id"]?.string == bill?.id)
                #expect(payment["amount"]?.integer == bill?.amount)
            }
            #expect(unpaid.isEmpty)

            let shown = try await desk.items("/admin/v1/bills")
            #expect(shown.count == bills.count)
            for bill in shown {
                #expect(bill["state"]?.string == "paid")
                #expect(bill["payments"]?["count"]?.integer == 1)
                #expect(bill["payments"]?["amount"]?.integer == bill["amount"]?.integer)
            }
        }
    }
}
