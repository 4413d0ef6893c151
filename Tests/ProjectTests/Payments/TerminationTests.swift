// SIGTERM while notifications are in flight: these are answered, answered ones are on disk, and
// the service exits with 0.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentTermination {
        private static let connections = 16
        private static let bills = PaymentSize.of(5_000, otherwise: 400)
        private static let rounds = PaymentSize.of(20, otherwise: 2)

        @Test func `SIGTERM under load answers with a 2xx or not at all`() async throws {
            var random = PaymentSize.random(for: "SIGTERM under notifications")
            for _ in 0..<Self.rounds {
                try await withSite { site in
                    let service = try await site.serve()
                    let desk = try PaymentDesk(site, service)
                    let bills = try await desk.addBills(0..<Self.bills)
                    let answers = PaymentAnswers()
                    let moment = Int.random(in: 1...bills.count / 2, using: &random)
                    async let sending: Void = PaymentCrew.work(
                        bills.count, lines: Self.connections, at: desk
                    ) { piece, line in
                        let request = desk.request(bills[piece].notice())
                        guard let answer = try? line.tell(request) else { return false }
                        #expect(answer.status == 200)
                        #expect(answer.body == bills[piece].answerBody)
                        if answer.status == 200 { answers.add(answer, to: piece) }
                        return true
                    }
                    try await eventually("load") { answers.count >= moment }
                    #expect(try await service.stop().code == 0)
                    try await sending
                    try await expectKept(answers.answered.map { bills[$0] }, on: site)
                }
            }
        }

        @Test func `a notification half sent at SIGTERM is still accepted`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(0..<2)
                let bytes = Connection.bytes(of: desk.request(bills[0].notice()))
                var connection: Connection? = try Connection(port: desk.gatewayPort)
                try connection?.send(bytes.dropLast(20))
                // An answer to a second notification shows that the first one's bytes have arrived.
                try await desk.expectTaken(desk.request(bills[1].notice()), of: bills[1])

                service.child.send(SIGTERM)
                try await service.logged("stopping")
                try connection?.send(bytes.suffix(20))
                let answer = try connection?.answer()
                connection = nil
                #expect(answer?.status == 200)
                #expect(answer?.body == bills[0].answerBody)
                #expect(try await service.child.end().code == 0)
                try await expectKept(bills, on: site)
            }
        }

        /// Expects every notification with a 2xx answer once after a restart.
        private func expectKept(_ bills: [PaymentBill], on site: Site) async throws {
            let service = try await site.serve()
            let desk = try PaymentDesk(site, service)
            let payments = try await desk.items("/admin/v1/payments?standing=settled")
            let invoices = payments.compactMap { $0["invoice_number"]?.string }
            #expect(Set(invoices).count == invoices.count)
            #expect(Set(bills.map(\.invoice)).isSubset(of: invoices))
            for bill in bills.suffix(5) { try await desk.expectPaidOnce(bill) }
            let totals = try await desk.totals()
            #expect(totals.received == totals.booked)
            #expect(totals.recorded == Int64(payments.count))
            #expect(try await service.stop().code == 0)
        }
    }
}
