// A bit flipped on disk in the ledger, a payment or a bill: `check` names the row, and the service
// continues with all undamaged data.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentBitFlips {
        private static let mark = "a-text-that-is-nowhere-else"

        /// Creates two paid bills and two open bills, then stops the service.
        private func prepare(_ site: Site) async throws -> [PaymentBill] {
            let service = try await site.serve()
            let desk = try PaymentDesk(site, service)
            let bills = try await desk.addBills(0..<4)
            try await desk.expectTaken(desk.request(bills[0].notice()), of: bills[0])
            var marked = bills[1].notice().body
            marked.removeLast()
            marked += Array(#","remark":"\#(Self.mark)"}"#.utf8)
            try await desk.expectTaken(desk.request(marked), of: bills[1])
            #expect(try await service.stop().code == 0)
            let check = try await site.run(["check"])
            #expect(check.code == 0, "\(check)")
            return bills
        }

        /// Expects that `check` fails and names the row.
        private func expectFound(
            _ row: String, _ id: String, on site: Site,
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let check = try await site.run(["check"])
            #expect(check.code == 1, "\(check)", sourceLocation: location)
            let name = try Regex("\\b\(row) \(id)\\b").ignoresCase()
            let named = check.output.split(separator: "\n").filter { $0.contains(name) }
            #expect(
                named.contains { $0.hasPrefix("problem") }, "\(row) \(id) in \(check)",
                sourceLocation: location)
        }

        /// Expects that undamaged bills can be inquired about and paid.
        private func expectService(
            for bill: PaymentBill, by service: Service, at desk: PaymentDesk,
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let quote = try await service.ask(bill.code)
            #expect(quote.status == 200, sourceLocation: location)
            let order = try StrictJSON(quote.body).root["order"]
            #expect(order?["amount"]?.integer == bill.amount, sourceLocation: location)
            try await desk.expectTaken(
                desk.request(bill.notice()), of: bill, location: location)
            try await desk.expectPaidOnce(bill, location: location)
        }

        @Test func `a flipped bit in the ledger is found and the service continues`() async throws {
            try await withSite { site in
                let bills = try await prepare(site)
                try site.flipText(Self.mark)
                try await expectFound("notification", "2", on: site)

                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                try await eventually("the damage is said aloud") {
                    let errors = service.log.filter {
                        ["error", "critical"].contains($0["level"]?.string)
                    }
                    let status = try await desk.readiness()
                    return status == 503 || !errors.isEmpty
                }
                try await expectService(for: bills[2], by: service, at: desk)
                #expect(try await service.stop().code == 0)
                try await expectFound("notification", "2", on: site)
            }
        }

        @Test func `a flipped bit in a payment is found and the service continues`() async throws {
            try await withSite { site in
                let bills = try await prepare(site)
                try await site.flipAmount(in: "payment", id: "2")
                try await expectFound("payment", "2", on: site)

                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                try await expectService(for: bills[2], by: service, at: desk)
                #expect(try await service.stop().code == 0)
                try await expectFound("payment", "2", on: site)
            }
        }

        @Test func `a bill with a flipped bit is declined, others are paid`() async throws {
            try await withSite { site in
                let bills = try await prepare(site)
                let damaged = bills[3]
                try await site.flipAmount(in: "bill", id: damaged.id)
                try await expectFound("bill", damaged.id, on: site)

                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let answer = try await service.ask(damaged.code)
                #expect(answer.status == 400)
                let body = try StrictJSON(answer.body).root
                #expect(body["online_to_offline_inquiry"]?["status"]?.string == "decline")
                #expect(body["order"] == nil)
                try await expectService(for: bills[2], by: service, at: desk)

                // A payment for the bill is recorded, and settles nothing.
                try await desk.expectTaken(desk.request(damaged.notice()), of: damaged)
                let payments = try await desk.payments(of: damaged)
                #expect(payments.count == 1)
                #expect(payments.first?["standing"]?.string == "unmatched")
                #expect(payments.first?["bill_id"]?.string == damaged.id)
                let flags = payments.first?["flags"]?.elements.compactMap(\.string)
                #expect(flags == ["bill_damaged"])
                #expect(try await service.ask(damaged.code).status == 400)
                #expect(try await service.stop().code == 0)
                try await expectFound("bill", damaged.id, on: site)
            }
        }
    }
}
