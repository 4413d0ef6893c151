// Files of a database that were lost or exchanged after `kill -9`: the command refuses to create a
// new database, or starts paused and names the loss. No paid bill is payable again.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct LostCommits {
        /// Pays one bill, whose payment is in the log and on the mark, and kills the service.
        private func killAfterPayment(on site: Site) async throws -> PaymentBill {
            let service = try await site.serve()
            let desk = try PaymentDesk(site, service)
            let bills = try await desk.addBills(0..<1)
            try await desk.expectTaken(desk.request(bills[0].notice()), of: bills[0])
            try await eventually("the payment is on the mark") {
                let mark = try? String(contentsOfFile: site.path("loket.db.mark"), encoding: .utf8)
                return mark?.contains("\nledger 1\n") == true
            }
            service.child.send(SIGKILL)
            #expect(try await service.child.end().code == -SIGKILL)
            return bills[0]
        }

        @Test func `a lost log is detected: paused, named, and resumed by decision`() async throws {
            try await withSite { site in
                let bill = try await killAfterPayment(on: site)
                try FileManager.default.removeItem(atPath: site.path("loket.db-wal"))
                let missing = "notification 1, "
                let check = try await site.run(["check"])
                #expect(check.code == 1 && check.output.contains(missing), "\(check)")

                let service = try await site.serve()
                let told = service.log.filter { $0["level"]?.string == "error" }
                    .compactMap { $0["message"]?.string }
                #expect(told.contains { $0.contains(missing) }, "\(told)")
                #expect(try await service.ask(bill.code).status != 200)
                let ready = try await service.admin("GET", "/ready")
                let reason = ready["pauses"]?.elements.first?["reason"]?.string
                #expect(reason?.contains(missing) == true, "\(ready)")
                let refused = try await service.admin("POST", "/admin/v1/resume", "{}")
                #expect(refused["detail"]?.string?.contains(missing) == true, "\(refused)")

                // DOKU's repeat is recorded. The risk that the merchant accepts is not checked.
                let desk = try PaymentDesk(site, service)
                let repeated = try await desk.tell(desk.request(bill.notice()))
                #expect(repeated.status == 200)
                let resumed = try await service.admin(
                    "POST", "/admin/v1/resume", #"{"accept_risk":true}"#)
                #expect(resumed["pauses"]?.elements.isEmpty == true, "\(resumed)")
                #expect(try await service.stop().code == 0)
                let after = try await site.run(["check"])
                #expect(after.code == 0, "\(after)")
            }
        }

        @Test(arguments: [true, false])
        func `a log whose database was moved aside is not wiped`(isEmptied: Bool) async throws {
            try await withSite { site in
                let bill = try await killAfterPayment(on: site)
                let aside = site.path("aside.db")
                try FileManager.default.moveItem(atPath: site.database, toPath: aside)
                if isEmptied { try site.write("", to: "loket.db") }
                for command in ["serve", "check"] {
                    let refused = try await site.run([command])
                    #expect(refused.code == 1)
                    let text = refused.output + refused.errors
                    #expect(text.contains("put the database file back"), "\(refused)")
                }
                try? FileManager.default.removeItem(atPath: site.database)
                try FileManager.default.moveItem(atPath: aside, toPath: site.database)
                let service = try await site.serve()
                #expect(try await service.admin("GET", "/ready")["paused"]?.bool == false)
                try await PaymentDesk(site, service).expectPaidOnce(bill)
                #expect(try await service.stop().code == 0)
            }
        }
    }
}
