// A disk that other programs fill, with the real service: work that can wait is refused with the
// cause, payments are recorded in the reserve, and payments without room are recorded when they
// are sent again.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite(.enabled(if: SmallDisk.isPermitted, "a tmpfs of its own needs root"))
    struct PaymentNoRoom {
        private static let bills = 300
        /// The disk's size; the database reserves 62.5 for its log, and the settings 8.
        private static let mebibytes = 96

        private func text(_ rows: Int, from first: Int = 0) -> String {
            let head = "payment_code,invoice_number,amount,customer_name\n"
            return (first..<first + rows).reduce(into: head) {
                $0 += "8896\(5_190_000_000 + $1),BULK-\($1),150000,Anton Budiman\n"
            }
        }

        private func run(
            _ words: String..., on site: Site, at service: Service
        ) async throws -> Child.Outcome {
            try await site.run(
                words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"])
        }

        private func expectNoRoom(
            _ outcome: Child.Outcome, on disk: SmallDisk,
            location: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.code == 1, "\(outcome)", sourceLocation: location)
            #expect(
                outcome.errors.contains("\(disk.path) has ")
                    && outcome.errors.contains(" free, but "), "\(outcome)",
                sourceLocation: location)
        }

        @Test func `a file that a command writes leaves room for a service`() async throws {
            try await withSite { site in
                let disk = try SmallDisk(at: site.path("disk"), kibibytes: 32 << 10)
                defer { disk.remove() }
                let service = try await site.serve()
                try await service.addBill("88965110000001", invoice: "INV-1")
                for words in [
                    ["backup", "disk/copy.db"], ["bills", "export", "--output", "disk/bills.csv"],
                ] {
                    let outcome = try await site.run(
                        words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"])
                    #expect(outcome.code == 1, "\(outcome)")
                    #expect(outcome.errors.contains("give a file on another disk"), "\(outcome)")
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
                #expect(try await service.stop().code == 0)

                try site.writeSettings([
                    (of: "disk_reserve_mib: 64", with: "disk_reserve_mib: 1048576")
                ])
                let check = try await site.run(["check"])
                #expect(check.code == 1, "\(check)")
                #expect(check.output.contains(" free, but "), "\(check)")
            }
        }

        @Test func `payments go on where imports, backups and new bills are refused`() async throws
        {
            try await withSite { site in
                let disk = try SmallDisk(at: site.path("disk"), kibibytes: Self.mebibytes << 10)
                defer { disk.remove() }
                try site.writeSettings([
                    (of: "database: loket.db", with: "database: disk/loket.db"),
                    (of: "disk_reserve_mib: 64", with: "disk_reserve_mib: 8"),
                ])
                let service = try await site.serve()
                try FileManager.default.copyItem(
                    atPath: site.path("disk/loket.db.admin-key"),
                    toPath: site.path("loket.db.admin-key"))
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(0..<Self.bills)
                try site.write(text(100), to: "small.csv")
                let small = try await run("bills", "import", "small.csv", on: site, at: service)
                #expect(small.code == 0, "\(small)")

                // There is room for its rows, but not for its bills.
                try site.write(text(130_000, from: 1_000), to: "large.csv")
                let large = try await run("bills", "import", "large.csv", on: site, at: service)
                #expect(large.code == 1 && large.output.contains("\(disk.path) has "), "\(large)")
                let words = "free some space there; nothing was applied"
                #expect(large.output.contains(words), "\(large)")
                let bulk = "/admin/v1/bills?invoice_number=BULK-1000"
                #expect(try await desk.items(bulk).isEmpty)

                // Other programs fill the disk.
                try disk.fill(leaving: 4 << 20)
                for words in [["bills", "import", "small.csv"], ["backup", "copy.db"]] {
                    let outcome = try await site.run(
                        words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"])
                    expectNoRoom(outcome, on: disk)
                }
                let added = try await run(
                    "bills", "add", "--code", "88965199999999", "--invoice", "NEW", "--amount",
                    "1", "--name", "A", on: site, at: service)
                expectNoRoom(added, on: disk)
                let half = bills.count / 2
                for bill in bills[..<half] {
                    try await desk.expectTaken(desk.request(bill.notice()), of: bill)
                }
                try await service.logged("The disk of the database has ")

                // Filled to the last byte.
                try disk.fill()
                var refused: [(bill: PaymentBill, request: DokuRequest)] = []
                for bill in bills[half...] {
                    let request = desk.request(bill.notice())
                    let answer = try await desk.tell(request)
                    if answer.status == 200 { continue }
                    #expect(answer.status == 503 && answer.header("Retry-After") == "60")
                    refused.append((bill, request))
                }
                try #require(!refused.isEmpty)
                #expect(
                    service.log.contains { line in
                        let text = line["message"]?.string ?? ""
                        return text.contains("answered with HTTP 503")
                            && text.contains("free some space there")
                    })
                disk.empty()
                for (bill, request) in refused { try await desk.expectTaken(request, of: bill) }
                let totals = try await desk.totals()
                totals.expectSettled(bills)
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }
    }
}
