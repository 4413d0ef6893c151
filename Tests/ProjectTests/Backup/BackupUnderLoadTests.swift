// Acceptance: a backup under load, restored to another folder, equals the state at that moment,
// starts paused, and refuses old cursors.

import Foundation
import LoketJSON
import Testing

extension Processes {
    @Suite struct BackupUnderLoad {
        private static let bills = PaymentSize.of(200_000, otherwise: 5_000)
        private static let deeds = 30

        @Test func `a backup under load has everything before and nothing after it`() async throws {
            try await withSite { site in
                let file = site.path("copy.db")
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let bills = try await desk.addBills(0..<Self.bills)
                let load = BackupLoad(site, desk)
                async let running: Void = load.run(bills)
                try await load.goOn(Self.deeds)
                let began = ContinuousClock.now
                let outcome = try await site.run([
                    "backup", file, "--url", service.adminURL, "--key-file",
                    site.path("loket.db.admin-key"), "--json",
                ])
                let ended = ContinuousClock.now
                #expect(outcome.code == 0, "\(outcome)")
                try await load.goOn(Self.deeds)
                load.end()
                try await running
                #expect(load.failures == [])
                let cursor = try #require(try await self.cursor(desk))
                #expect(try await service.stop().code == 0)
                #expect(try site.listing().filter { $0.contains("unfinished") } == [])
                try await expectSum(outcome, of: file, site)

                try await withSite { other in
                    let restored = try await other.run(["restore", file])
                    #expect(restored.code == 0, "\(restored)")
                    let compared = try await BackupComparison(
                        original: site.database, restored: other.database, other)
                    #expect(compared.problems == [])
                    expect(compared.bills, of: .made, load, began, ended)
                    expect(compared.payments, of: .paid, load, began, ended)
                    // The journal is written after the answer, so only this bound is certain.
                    let after = load.names(.asked, begunAfter: ended)
                    #expect(compared.inquiries.isDisjoint(with: after))
                    #expect(!compared.inquiries.isEmpty && !after.isEmpty)
                    let check = try await other.run(["check"])
                    #expect(check.code == 0, "\(check)")
                    #expect(check.output.contains("loket reconcile"), "\(check)")
                    try FileManager.default.copyItem(
                        atPath: site.path("loket.db.admin-key"),
                        toPath: other.path("loket.db.admin-key"))
                    try await expectPaused(other, open: bills[bills.count - 1], cursor: cursor)
                }
            }
        }

        private func expect(
            _ found: Set<String>, of kind: BackupLoad.Kind, _ load: BackupLoad,
            _ began: ContinuousClock.Instant, _ ended: ContinuousClock.Instant
        ) {
            let before = load.names(kind, endedBefore: began)
            let after = load.names(kind, begunAfter: ended)
            #expect(before.count >= Self.deeds && after.count > 1)
            #expect(before.isSubset(of: found))
            #expect(after.isDisjoint(with: found))
        }

        /// The checksum printed by the command is that of the system's tool.
        private func expectSum(
            _ outcome: Child.Outcome, of file: String, _ site: Site
        ) async throws {
            let told = try StrictJSON(
                Array(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
            ).root
            let sum = try await site.run([file], program: "sha256sum").output
            #expect(sum.hasPrefix(told["sha256"]?.string ?? "none"))
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.size] as? NSNumber)?.int64Value == told["bytes"]?.integer)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(told["file"]?.string == file)
        }

        private func cursor(_ desk: PaymentDesk) async throws -> String? {
            try await desk.admin("GET", "/admin/v1/events?limit=1")["next_cursor"]?.string
        }

        private func expectPaused(
            _ site: Site, open bill: PaymentBill, cursor: String
        ) async throws {
            let service = try await site.serve()
            let gone = try await service.admin("GET", "/admin/v1/events?after=\(cursor)")
            #expect(gone["status"]?.integer == 410, "\(gone)")
            let ready = try await service.admin("GET", "/ready")
            #expect(ready["ready"]?.bool == true)
            #expect(ready["pauses"]?.elements.map { $0["actor"]?.string } == ["restore"])
            #expect(try await service.ask(bill.code).status == 400)
            let way = [
                "--url", service.adminURL, "--key-file", site.path("loket.db.admin-key"),
            ]
            let refused = try await site.run(["resume"] + way)
            #expect(refused.code == 1, "\(refused)")
            #expect(refused.errors.contains("loket resume --accept-risk"), "\(refused)")
            #expect(try await service.ask(bill.code).status == 400)
            let resumed = try await site.run(["resume", "--accept-risk"] + way)
            #expect(resumed.code == 0, "\(resumed)")
            #expect(resumed.output.hasPrefix("resumed: every account, "))
            #expect(try await service.ask(bill.code).status == 200)
            #expect(try await service.stop().code == 0)
        }
    }
}
