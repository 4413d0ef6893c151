// A restored database: paused until DOKU was asked about everything that may have been paid since
// the copy was taken, or the operator accepted the risk.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

struct RestoredTests {
    private static let third = "88965110000003"

    /// Bills 1 and 4 were quoted before the copy was taken, 2 and 3 were not; 4 is reusable. The
    /// service then runs on the copy.
    private func withRestored(
        _ change: @escaping (inout Settings) -> Void = { _ in }, isOff: Bool = false,
        _ body: (RunningService, CheckStatusServer) async throws -> Void
    ) async throws {
        let desk = try await Till.checkStatusDesk()
        do {
            try await withFolder { folder in
                let copy = folder.file("copy.db")
                try await withTill { service in
                    try service.seed([
                        .sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2"),
                        .sample(Self.third, "INV-3"),
                        .sample("88965110000004", "INV-4") { $0.reusable = true },
                    ])
                    _ = try await service.ask(Till.inquirer.inquiry(Till.code))
                    _ = try await service.ask(Till.inquirer.inquiry("88965110000004"))
                    try await eventually {
                        try await service.items("/admin/v1/inquiries").count == 2
                    }
                    let backup = try await service.admin.post("/admin/v1/backup", "{}")
                    #expect(backup.status == 200)
                    try Data(backup.body).write(to: URL(fileURLWithPath: copy))
                    // The copy contains the key; the key's file is copied here.
                    try FileManager.default.copyItem(
                        atPath: service.folder.file("loket.db.admin-key"),
                        toPath: folder.file("loket.db.admin-key"))
                }
                let restore = try Restore(copy, to: folder.file("loket.db"))
                let finding = try restore.check(bins: [:]) { _, _ in (nil, .unreadable(nil)) }
                try restore.finish(finding, now: .now)
                let isOn = !isOff
                try await withTill(
                    in: folder,
                    {
                        if isOn { $0.checkStatus.baseURL = desk.baseURL }
                        change(&$0)
                    }
                ) { service in
                    try await body(service, desk)
                }
            }
        } catch {
            try await desk.stop()
            throw error
        }
        try await desk.stop()
    }

    private func resume(
        _ service: RunningService, _ body: String = "{}"
    ) async throws -> AdminAnswer {
        try await service.admin.post("/admin/v1/resume", body)
    }

    private func pass(_ service: RunningService) async -> Reconciler.Report {
        await service.service.runtime.reconciler.pass(now: .now)
        return service.service.runtime.reconciler.report
    }

    private func counts(_ report: Reconciler.Report) -> [Int] {
        [report.asked, report.entered, report.failed]
    }

    @Test func `payments since the copy are found before anything is payable`() async throws {
        try await withRestored { service, desk in
            #expect(try await service.ask(Till.inquirer.inquiry(Till.otherCode)).status == 400)
            try expectProblem(try await resume(service), 409, "reconcile_first")
            #expect(try await service.admin.get("/ready").json()["paused"]?.bool == true)

            // Paid after the copy was taken; the copy has not even a quote of the third bill.
            desk.put(Till.notice("INV-1"))
            desk.put(Till.notice("INV-3", code: Self.third))
            let report = await pass(service)
            #expect(counts(report) == [4, 2, 0])
            #expect(desk.requests["INV-2"] == 1 && desk.requests["INV-4"] == nil)
            #expect(desk.requests.keys.contains { $0.hasPrefix("INV-4-") })
            #expect(try await service.state("1") == "paid")
            #expect(try await service.state("3") == "paid")

            let resumed = try await resume(service)
            #expect(resumed.status == 200, "\(resumed.text)")
            #expect(try await service.ask(Till.inquirer.inquiry(Till.otherCode)).status == 200)
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 400)
            // Afterwards the database is like any other, and no quote is left to ask about.
            let next = await pass(service)
            #expect(next.asked == 0)
        }
    }

    @Test func `a failed request keeps the service paused until DOKU answers`() async throws {
        try await withRestored { service, desk in
            desk.answer(.failing, for: "INV-3")
            let failed = await pass(service)
            #expect(counts(failed) == [4, 0, 1])
            // A lost answer is requested again at once.
            #expect(desk.requests["INV-3"] == 2)
            try expectProblem(try await resume(service), 409, "reconcile_first")
            desk.answer(.signed, for: "INV-3")
            let report = await pass(service)
            #expect(counts(report) == [4, 0, 0])
            #expect(try await resume(service).status == 200)
        }
    }

    @Test func `a scheduled pass asks about everything too`() async throws {
        try await withRestored { service, _ in
            await service.service.runtime.reconciler.pass(now: .now, isScheduled: true)
            #expect(service.service.runtime.reconciler.report.asked == 4)
            let resumed = try await resume(service)
            #expect(resumed.status == 200)
        }
    }

    @Test func `the risk must be accepted explicitly, once`() async throws {
        try await withRestored { service, _ in
            let resumed = try await resume(
                service, #"{"accept_risk":true,"reason":"the shop is full"}"#)
            #expect(resumed.status == 200)
            #expect(try resumed.json()["pauses"]?.elements.isEmpty == true)
            #expect(try await service.store.pendingRestoration() == nil)
            let history = try await service.admin.get("/admin/v1/pauses").json()["history"]
            #expect(history?.elements.map { $0["actor"]?.string } == ["first", "restore"])
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 200)
        }
    }

    @Test func `a second pause does not replace the required reconciliation`() async throws {
        try await withRestored { service, _ in
            let paused = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"also this"}"#)
            #expect(paused.status == 200)
            try expectProblem(try await resume(service), 409, "reconcile_first")
        }
    }

    @Test func `without Check Status the refusal names accepting the risk as the only way`()
        async throws
    {
        try await withRestored(isOff: true) { service, _ in
            let refused = try await resume(service)
            try expectProblem(refused, 409, "reconcile_first")
            let says = refused.string("detail")?.contains("then resume with `accept_risk`: true")
            #expect(says == true, "\(refused.text)")
            #expect(try await resume(service, #"{"accept_risk":true}"#).status == 200)
        }
    }

    /// Single-use bills are then answered with numbers that only the lost journal has.
    @Test func `numbers made for each inquiry cannot all be asked about`() async throws {
        try await withRestored({ $0.invoicePerInquiry = .always }) { service, _ in
            let report = await pass(service)
            #expect(report.failed == 1)
            #expect(report.problems.first?.contains("invoice_per_inquiry") == true)
            try expectProblem(try await resume(service), 409, "reconcile_first")
        }
    }

    @Test func `cursors of the old history are answered 410`() async throws {
        try await withRestored { service, _ in
            try expectProblem(
                try await service.admin.get("/admin/v1/events?after=0123456789abcdef-1"), 410,
                "cursor_gone")
            #expect(try await service.admin.get("/admin/v1/events").status == 200)
        }
    }
}
