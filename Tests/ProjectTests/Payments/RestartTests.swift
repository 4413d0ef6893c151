// A notification that was recorded but whose answer was not read: DOKU sends it again, and gets
// the same answer for the same payment.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentRestarts {
        /// Sends the whole request and disconnects without reading.
        private func sendAndLeave(_ request: DokuRequest, port: Int) async throws {
            try await blocking {
                try Connection(port: port).send(Connection.bytes(of: request))
            }
        }

        private func waitUntilRecorded(_ bill: PaymentBill, at desk: PaymentDesk) async throws {
            try await eventually("the notification is recorded") {
                try await !desk.payments(of: bill).isEmpty
            }
        }

        /// Expects one row of the ledger, one payment, and this many repeats.
        private func expectOnce(
            _ bill: PaymentBill, repeats: Int64, at desk: PaymentDesk
        ) async throws {
            try await desk.expectPaidOnce(bill)
            let totals = try await desk.totals()
            totals.expectSettled([bill])
            #expect(totals.recorded == 1)
            #expect(totals.repeats == repeats)
            let list = try await desk.items("/admin/v1/notifications")
            #expect(list.count == 1)
            #expect(list.first?["repeats"]?.integer == repeats)
            #expect(list.first?["standing"]?.string == "settled")
        }

        @Test func `a sender who disconnects and repeats is answered once`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bill = try #require(try await desk.addBills(0..<1).first)
                let request = desk.request(bill.notice())
                try await sendAndLeave(request, port: desk.gatewayPort)
                try await waitUntilRecorded(bill, at: desk)
                for repeats in 1...3 {
                    try await desk.expectTaken(request, of: bill)
                    try await expectOnce(bill, repeats: Int64(repeats), at: desk)
                }
                #expect(try await service.stop().code == 0)
            }
        }

        @Test(arguments: [SIGTERM, SIGKILL])
        func `a retry after a restart gets the same answer`(_ signal: Int32) async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bill = try #require(try await desk.addBills(0..<1).first)
                let notice = bill.notice()
                try await sendAndLeave(
                    desk.request(notice, id: "retried"), port: desk.gatewayPort)
                try await waitUntilRecorded(bill, at: desk)
                service.child.send(signal)
                _ = try await service.child.end()

                let restarted = try await site.serve()
                let again = try PaymentDesk(site, restarted)
                // Signed again, as DOKU may do; Request-Id and body make it the same delivery.
                try await again.expectTaken(again.request(notice, id: "retried"), of: bill)
                try await expectOnce(bill, repeats: 1, at: again)
                #expect(try await restarted.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }

        @Test func `a kill right after the sending records it once or not at all`() async throws {
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(0..<PaymentSize.of(50, otherwise: 4))
                for (index, bill) in bills.enumerated() {
                    let request = desk.request(bill.notice())
                    try await sendAndLeave(request, port: desk.gatewayPort)
                    service.child.send(SIGKILL)
                    _ = try await service.child.end()
                    service = try await site.serve()
                    try await desk.expectTaken(request, of: bill)
                    try await desk.expectPaidOnce(bill)
                    #expect(try await desk.totals().recorded == Int64(index + 1))
                }
                try await desk.totals().expectSettled(bills)
                #expect(try await service.stop().code == 0)
            }
        }
    }
}
