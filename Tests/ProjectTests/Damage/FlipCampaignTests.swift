// One bit of the database or its WAL is flipped after a `kill -9`, followed by a start and `check`:
// no bill is payable that must not be, and no loss in bills, payments, the ledger or their indexes
// is unreported.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct FlipCampaign {
        private static let flips = 1_000
        private static let bills = 60
        /// Commits this long before the end must not be lost without a report.
        private static let settled = Duration.seconds(2)

        /// Only in full size, because a short run flips random bits: PaymentBitFlips, MarkTests and
        /// PageWalkTests flip one of each kind on every run.
        @Test(.enabled(if: isTorture))
        func `a flipped bit causes no wrong answer and is reported`() async throws {
            var random = PaymentSize.random(for: "flipped bits")
            try await withSite { site in
                let books = try await Self.fill(site)
                let whole = try DamagedFiles(site)
                let before = try await whole.contents(on: site)
                var silent: [String: Int] = [:]
                var loud = 0
                for _ in 0..<Self.flips {
                    let place = try whole.flip(by: &random)
                    let after = try await whole.contents(on: site)
                    let words = try await Self.start(site, books, place, &random)
                    if !words.isEmpty { loud += 1 }
                    for name in after.differences(from: before) where words.isEmpty {
                        silent[name, default: 0] += 1
                        #expect(!FileContents.promises(name), "\(place): \(name)")
                    }
                    try whole.restore()
                }
                print("flipped bits: \(Self.flips), \(loud) reported; silent: \(silent)")
            }
        }

        /// The expected answer of each bill.
        private struct Books {
            var open: [PaymentBill] = []
            var closed: [PaymentBill] = []
        }

        /// Bills in every state: the first half is in the database, the rest in the WAL.
        private static func fill(_ site: Site) async throws -> Books {
            var books = Books()
            for half in 0..<2 {
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(half * Self.bills..<(half + 1) * Self.bills)
                for (place, bill) in bills.enumerated() {
                    switch place % 4 {
                    case 0:
                        try await desk.expectTaken(desk.request(bill.notice()), of: bill)
                        books.closed.append(bill)
                    case 1:
                        _ = try await desk.admin("POST", "/admin/v1/bills/\(bill.id)/cancel", "{}")
                        books.closed.append(bill)
                    default: books.open.append(bill)
                    }
                }
                guard half == 1 else {
                    #expect(try await service.stop().code == 0)
                    continue
                }
                // The promise is about elapsed time, so the test must wait.
                try await Task.sleep(for: Self.settled)
                service.child.send(SIGKILL)
                _ = try await service.child.end()
            }
            return books
        }

        /// Starts with the damaged files, inquires, stops and checks.
        ///
        /// - Returns: All reports about the damage.
        private static func start(
            _ site: Site, _ books: Books, _ place: String, _ random: inout SeededRandom
        ) async throws -> [String] {
            var words: [String] = []
            let child = try site.start(["serve", "--config", "loket.yaml"])
            if let service = try? await Service(child, on: site) {
                for bill in books.closed.shuffled(using: &random).prefix(8) {
                    let answer = try await service.ask(bill.code)
                    #expect(answer.status != 200, "\(place): \(bill)")
                }
                for bill in books.open.shuffled(using: &random).prefix(8) {
                    let answer = try await service.ask(bill.code)
                    guard answer.status == 200 else { continue }
                    let order = try StrictJSON(answer.body).root["order"]
                    #expect(order?["amount"]?.integer == bill.amount, "\(place): \(bill)")
                    #expect(order?["invoice_number"]?.string == bill.invoice, "\(place): \(bill)")
                }
                #expect(try await service.stop().code == 0, "\(place)")
                words = service.log.filter { ["warning", "error"].contains($0["level"]?.string) }
                    .compactMap { $0["message"]?.string }
            } else {
                words.append("\(try await child.end())")
            }
            let check = try await site.run(["check"])
            let lines = check.output.split(separator: "\n").filter { $0.hasPrefix("problem") }
            return words + lines.map(String.init)
        }
    }
}
