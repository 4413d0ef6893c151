// Damaged copies and the commands: a schema with a flipped bit is never restored; a bill with a
// flipped bit is restored and can be cancelled.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct DamagedBackups {
        private static let code = "88965112345678"

        /// Damages the file of a stopped service with one bill.
        private func prepare(_ site: Site, _ damage: () async throws -> Void) async throws {
            let service = try await site.serve()
            try await service.addBill(Self.code, invoice: "INV-1")
            #expect(try await service.stop().code == 0)
            try await damage()
        }

        @Test func `a copy whose schema is damaged is refused and leaves nothing`() async throws {
            try await withSite { site in
                try await prepare(site) { try site.flipText("sent_timestamp TEXT") }
                let difference = "the schema differs: table delivery is not defined as"
                let check = try await site.run(["check"])
                #expect(check.code == 1 && check.output.contains(difference), "\(check)")
                #expect(!check.output.contains("1 open"), "\(check)")
                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("copy.db"))
                let refused = try await site.run(["restore", "copy.db"])
                #expect(refused.code == 1 && refused.errors.contains(difference), "\(refused)")
                let left = try site.listing().filter { $0.contains("unfinished") }
                #expect(left == [] && !FileManager.default.fileExists(atPath: site.database))
            }
        }

        @Test func `every command that names a damaged bill states the remedy`() async throws {
            try await withSite { site in
                try await prepare(site) { try await site.flipAmount(in: "bill", id: "1") }
                let service = try await site.serve()
                #expect(try await service.ask(Self.code).status == 400)
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                let cancel = "`loket bills cancel 1 \(way.joined(separator: " "))`"
                for name in ["1", "INV-1", Self.code] {
                    let shown = try await site.run(["bills", "show", name] + way)
                    #expect(shown.code == 1 && shown.errors.contains(cancel), "\(shown)")
                    let why = try await eventually("the inquiry is in the journal") {
                        let outcome = try await site.run(["why", name] + way)
                        return outcome.output.contains("guard bill_damaged") ? outcome : nil
                    }
                    #expect(why.output.contains(cancel), "\(why)")
                }
                try await service.logged("Data is damaged: bill 1 does not match the checksum")
                let status = try await site.run(["status"] + way)
                #expect(status.output.contains(cancel), "\(status)")
                #expect(status.output.contains("next: loket bills show 1 --url "), "\(status)")
            }
        }

        @Test func `a damaged bill is restored, named, cancelled and created again`() async throws {
            try await withSite { site in
                try await prepare(site) { try await site.flipAmount(in: "bill", id: "1") }
                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("copy.db"))
                let restored = try await site.run(["restore", "copy.db"])
                #expect(restored.code == 0, "\(restored)")
                let check = try await site.run(["check"])
                #expect(check.code == 1, "\(check)")
                #expect(check.output.contains("`loket bills cancel 1`"), "\(check)")

                let service = try await site.serve()
                let way = [
                    "--url", service.adminURL, "--key-file", site.path("loket.db.admin-key"),
                ]
                let cancelled = try await site.run(["bills", "cancel", "1"] + way)
                #expect(cancelled.code == 0, "\(cancelled)")
                try await service.addBill(Self.code, invoice: "INV-2")
                #expect(try await service.stop().code == 0)
                let after = try await site.run(["check"])
                #expect(after.code == 0, "\(after)")
            }
        }
    }
}
