// A store that cannot write, simulated by a limit on the size of the service's files: a
// notification is refused so that DOKU repeats it, and no inquiry is answered wrongly.

import DokuSimulator
import Foundation
import LoketJSON
import Testing

extension Processes {
    @Suite struct PaymentFullDisk {
        private static let bills = 400
        /// How much the files may grow beyond the present database.
        private static let roomKibibytes = 512
        /// The number of refusals after which the store counts as full.
        private static let refusalsWanted = 5

        private struct Outcome {
            var taken: [PaymentBill] = []
            var refused: [PaymentBill] = []
            var requests: [Int: DokuRequest] = [:]
        }

        @Test func `a store that cannot write refuses, and accepts the retry once`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                let bills = try await PaymentDesk(site, first).addBills(0..<Self.bills)
                #expect(try await first.stop().code == 0)

                let full = try await serveWithinBound(site)
                let outcome = try await fill(bills, at: PaymentDesk(site, full))
                try #require(outcome.refused.count == Self.refusalsWanted)
                for bill in outcome.taken {
                    #expect(try await full.ask(bill.code).status == 400)
                }
                for bill in outcome.refused + bills.suffix(5) {
                    try await expectQuoteOrDecline(of: bill, by: full)
                }
                _ = try await full.stop()

                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                for bill in outcome.taken { try await desk.expectPaidOnce(bill) }
                for bill in outcome.taken + outcome.refused {
                    // Twice, because the retry itself may be repeated.
                    for _ in 0..<2 {
                        let request = try #require(outcome.requests[bill.number])
                        try await desk.expectTaken(request, of: bill)
                    }
                }
                for bill in outcome.refused { try await desk.expectPaidOnce(bill) }
                let totals = try await desk.totals()
                totals.expectSettled(outcome.taken + outcome.refused)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }

        /// Starts the service with a limit on its file sizes and without the signal that would then
        /// end it: for the store, the disk is full.
        private func serveWithinBound(_ site: Site) async throws -> Service {
            let size = try FileManager.default.attributesOfItem(atPath: site.database)[.size]
            let kibibytes = ((size as? NSNumber)?.intValue ?? 0) / 1024 + Self.roomKibibytes
            let script = """
                trap '' XFSZ
                ulimit -f \(kibibytes)
                exec "$0" serve --config loket.yaml
                """
            let child = try site.start(
                ["-c", script, Project.command().path], program: "bash")
            return try await Service(child, on: site)
        }

        /// Pays bills until notifications are refused.
        private func fill(_ bills: [PaymentBill], at desk: PaymentDesk) async throws -> Outcome {
            var outcome = Outcome()
            for bill in bills.dropLast(5) where outcome.refused.count < Self.refusalsWanted {
                let request = desk.request(bill.notice())
                outcome.requests[bill.number] = request
                let answer = try await desk.tell(request)
                if answer.status == 200 {
                    outcome.taken.append(bill)
                } else {
                    #expect(answer.status == 503)
                    #expect(answer.body.isEmpty)
                    #expect(answer.header("Retry-After") == "60")
                    outcome.refused.append(bill)
                }
            }
            return outcome
        }

        private func expectQuoteOrDecline(
            of bill: PaymentBill, by service: Service
        ) async throws {
            let answer = try await service.ask(bill.code)
            let body = try StrictJSON(answer.body).root
            let word = body["online_to_offline_inquiry"]?["status"]?.string
            if answer.status == 200 {
                #expect(word == "success")
                #expect(body["order"]?["invoice_number"]?.string == bill.invoice)
                #expect(body["order"]?["amount"]?.integer == bill.amount)
            } else {
                #expect(answer.status == 400)
                #expect(word == "decline")
            }
        }
    }
}
