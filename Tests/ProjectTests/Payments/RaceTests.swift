// Concurrent notifications, edits and cancels of one single-use bill: at most one payment settles
// it, and the books contain every rupiah received.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentRaces {
        private static let codes = PaymentSize.of(1000, otherwise: 10)
        private static let racers = 100
        private static let pairs = PaymentSize.of(500, otherwise: 10)

        @Test func `a code paid a hundred times at once is settled at most once`() async throws {
            var random = PaymentSize.random(for: "race of notifications")
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let volley = try PaymentVolley(Self.racers, at: desk)
                var sent = PaymentTotals.Sum(count: 0, amount: 0)
                var ends: [String: Int] = [:]
                for bill in try await desk.addBills(0..<Self.codes) {
                    let payments = Int.random(in: 1...2, using: &random)
                    let shots = race(for: bill, payments: payments, at: desk, &random)
                    let merchant = PaymentEdits(&random)
                    async let edits: Void = merchant.make(to: bill, at: desk)
                    try await merchant.awaitHeadStart()
                    let answers = try await volley.fire(shots)
                    try await edits

                    #expect(answers.allSatisfy { $0.status == 200 })
                    #expect(answers.allSatisfy { $0.body == bill.answerBody })
                    let end = try await expectOneSettledAtMost(
                        bill, payments: payments, at: desk)
                    ends[end, default: 0] += 1
                    sent.count += Int64(payments)
                    sent.amount += bill.amount * Int64(payments)
                }

                print("race of notifications: bills by state \(ends)")
                let totals = try await desk.totals()
                #expect(totals.received == sent)
                #expect(totals.booked == sent)
                let payments = try await desk.items("/admin/v1/payments")
                #expect(payments.count == Int(sent.count))
                let booked = payments.compactMap { $0["amount"]?.integer }.reduce(0, +)
                #expect(booked == sent.amount)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }

        /// Sends one payment or two, each in equal deliveries and in some with other Request-Ids.
        private func race(
            for bill: PaymentBill, payments: Int, at desk: PaymentDesk,
            _ random: inout SeededRandom
        ) -> [DokuRequest] {
            var shots: [DokuRequest] = []
            for payment in 0..<payments {
                let notice = bill.notice(transaction: "\(payment)")
                let share = Self.racers / payments
                let equal = Int.random(in: 1..<share, using: &random)
                shots += Array(repeating: desk.request(notice), count: equal)
                // The same facts may also be in another form.
                for _ in equal..<share { shots.append(desk.request(notice.varied(by: &random))) }
            }
            return shots.shuffled(using: &random)
        }

        /// - Returns: The bill's state.
        private func expectOneSettledAtMost(
            _ bill: PaymentBill, payments: Int, at desk: PaymentDesk
        ) async throws -> String {
            let list = try await desk.payments(of: bill)
            let standings = list.compactMap { $0["standing"]?.string }.sorted()
            let state = try await desk.bill(bill)["state"]?.string ?? "nothing"
            let others = payments - 1
            switch state {
            case "paid":
                let duplicates = Array(repeating: "duplicate", count: others)
                #expect(standings == duplicates + ["settled"], "\(bill)")
            case "cancelled":
                let refusals = Array(repeating: "after_cancel", count: payments)
                #expect(standings == refusals, "\(bill)")
            default:
                Issue.record("\(bill) is \(state) with \(standings)")
            }
            #expect(list.allSatisfy { $0["bill_id"]?.string == bill.id })
            return state
        }

        @Test func `a hundred equal notifications at once are one payment`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let volley = try PaymentVolley(Self.racers, at: desk)
                for bill in try await desk.addBills(0..<3) {
                    let request = desk.request(bill.notice())
                    let answers = try await volley.fire(
                        Array(repeating: request, count: Self.racers))
                    #expect(answers.allSatisfy { $0.status == 200 })
                    #expect(answers.allSatisfy { $0.body == bill.answerBody })
                    try await desk.expectPaidOnce(bill)
                }
                let totals = try await desk.totals()
                #expect(totals.recorded == 3)
                #expect(totals.repeats == Int64(3 * (Self.racers - 1)))
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `of two payments of a bill at once one is a duplicate`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let volley = try PaymentVolley(2, at: desk)
                for bill in try await desk.addBills(0..<Self.pairs) {
                    let answers = try await volley.fire([
                        desk.request(bill.notice(transaction: "A")),
                        desk.request(bill.notice(transaction: "B")),
                    ])
                    #expect(answers.map(\.status) == [200, 200])
                    let end = try await expectOneSettledAtMost(bill, payments: 2, at: desk)
                    #expect(end == "paid")
                }
                #expect(try await service.stop().code == 0)
            }
        }
    }
}
