// `kill -9` at random moments during notifications, repeatedly with one database: answered
// notifications are kept, unanswered ones are sent again, and each is recorded once.

import DokuSimulator
import Foundation
import Synchronization
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentKills {
        private static let cycles = PaymentSize.of(200, otherwise: 5)
        private static let billsPerCycle = 200
        private static let connections = 8
        /// The number of cycles between checks of the whole chain, which grows with every cycle.
        private static let cyclesPerCheck = PaymentSize.of(20, otherwise: 1)
        /// The percentage of deliveries that repeat another.
        private static let repeatsPercent = 20
        /// The payments looked up one by one in every cycle; the totals cover all of them.
        private static let samples = 8

        @Test func `kill -9 under load loses no answered notification`() async throws {
            var random = PaymentSize.random(for: "kill -9 under notifications")
            var slowest = Duration.zero
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                var paid: [PaymentBill] = []
                for cycle in 0..<Self.cycles {
                    let first = cycle * Self.billsPerCycle
                    let bills = try await desk.addBills(first..<first + Self.billsPerCycle)
                    let requests = bills.map {
                        desk.request($0.notice().varied(by: &random), id: "kill-\($0.number)")
                    }
                    let answers = try await fire(requests, at: desk, upTo: service, &random)
                    #expect(answers.differing.isEmpty)

                    if cycle.isMultiple(of: Self.cyclesPerCheck) {
                        let check = try await site.run(["check"])
                        #expect(check.code == 0, "\(check)")
                    }
                    let began = ContinuousClock.now
                    service = try await site.serve()
                    slowest = max(slowest, ContinuousClock.now - began)
                    try await eventually("ready again") { try await desk.readiness() == 200 }

                    try await expectKept(answers.answered, of: bills, at: desk, &random)
                    try await sendRest(of: requests, answered: answers, at: desk)
                    #expect(answers.differing.isEmpty)
                    paid += bills
                    let totals = try await desk.totals()
                    totals.expectSettled(paid)
                    #expect(totals.recorded == Int64(paid.count))
                }
                try await expectAllPaidOnce(paid, at: desk)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
            print("kill -9 under notifications: slowest start to listening \(slowest)")
        }

        /// Sends until the service is killed, at a random moment.
        ///
        /// - Returns: The answers received before the kill.
        private func fire(
            _ requests: [DokuRequest], at desk: PaymentDesk, upTo service: Service,
            _ random: inout SeededRandom
        ) async throws -> PaymentAnswers {
            let repeats = requests.count * Self.repeatsPercent / 100
            let again = (0..<repeats).compactMap { _ in
                requests.indices.randomElement(using: &random)
            }
            let order = (Array(requests.indices) + again).shuffled(using: &random)
            let moment = Int.random(in: 1..<order.count / 2, using: &random)
            let answers = PaymentAnswers()
            async let sending: Void = PaymentCrew.work(
                order.count, lines: Self.connections, at: desk
            ) { piece, line in
                guard let answer = try? line.tell(requests[order[piece]]) else { return false }
                #expect(answer.status == 200)
                if answer.status == 200 { answers.add(answer, to: order[piece]) }
                return true
            }
            try await eventually("notifications are answered") { answers.count >= moment }
            service.child.send(SIGKILL)
            #expect(try await service.child.end().code == -SIGKILL)
            try await sending
            return answers
        }

        /// Must be called before anything is sent again.
        private func expectKept(
            _ answered: Set<Int>, of bills: [PaymentBill], at desk: PaymentDesk,
            _ random: inout SeededRandom
        ) async throws {
            // The newest payments: a cycle has no more payments than bills.
            let newest = try await desk.admin("GET", "/admin/v1/payments?limit=\(bills.count)")
            let invoices = (newest["items"]?.elements ?? [])
                .compactMap { $0["invoice_number"]?.string }
            #expect(Set(invoices).count == invoices.count)
            #expect(answered.allSatisfy { invoices.contains(bills[$0].invoice) })
            for index in answered.sorted().shuffled(using: &random).prefix(Self.samples) {
                try await desk.expectPaidOnce(bills[index])
            }
        }

        private func sendRest(
            of requests: [DokuRequest], answered: PaymentAnswers, at desk: PaymentDesk
        ) async throws {
            let rest = requests.indices.filter { !answered.answered.contains($0) }
            try await PaymentCrew.work(rest.count, lines: Self.connections, at: desk) {
                answered.add(try $1.deliver(requests[rest[$0]]), to: rest[$0])
                return true
            }
            #expect(answered.answered.count == requests.count)
        }

        private func expectAllPaidOnce(
            _ bills: [PaymentBill], at desk: PaymentDesk
        ) async throws {
            let payments = try await desk.items("/admin/v1/payments")
            let invoices = payments.compactMap { $0["invoice_number"]?.string }
            #expect(payments.count == bills.count)
            #expect(Set(invoices) == Set(bills.map(\.invoice)))
            let paid = try await desk.items("/admin/v1/bills")
                .filter { $0["state"]?.string == "paid" }
            #expect(paid.count == bills.count)
        }
    }
}
