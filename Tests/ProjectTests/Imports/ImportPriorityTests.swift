// A large import during constant payments: every notification is recorded meanwhile, and bills
// paid before their turn are reported as overtaken.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ImportPriority {
        private static let rows = PaymentSize.of(300_000, otherwise: 20_000)
        private static let paid = PaymentSize.of(5_000, otherwise: 300)

        @Test func `notifications continue while an import applies, and win`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let counter = try ImportCounter(site, service)
                let desk = counter.desk
                // Bills at the end of the file, whose amount the import would change.
                let first = Self.rows - Self.paid
                let bills = try await desk.addBills(first..<Self.rows)
                let id = try await counter.send(
                    ImportCounter.file(0..<Self.rows) { PaymentBill.amount($0) + 1 })
                try await eventually("applying") {
                    let fate = try await counter.report(id)
                    return fate.created > 0 || fate.state != "running"
                }
                let during = PaymentCounter()
                try await PaymentCrew.work(bills.count, lines: 4, at: desk) { piece, line in
                    let bill = bills[bills.count - 1 - piece]
                    let answer = try line.deliver(desk.request(bill.notice()))
                    #expect(answer.status == 200)
                    #expect(answer.body == bill.answerBody)
                    during.increment()
                    return true
                }
                let fate = try await counter.ended(id)
                #expect(fate.state == "applied")
                #expect(fate.created == Int64(first))
                #expect(fate.overtaken + fate.skipped + fate.changed == Int64(bills.count))
                #expect(during.value == bills.count)
                // Each is paid in either order, because the bill recently had the old amount.
                for bill in bills.suffix(5) { try await desk.expectPaidOnce(bill) }
                try await desk.totals().expectSettled(bills)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }
    }
}
