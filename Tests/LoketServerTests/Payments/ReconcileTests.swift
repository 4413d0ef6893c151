// Quotes without a known payment are checked at DOKU's Check Status endpoint, and payments found
// there are recorded like notified ones.

import DokuSimulator
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore
import TestSupport
import Testing

struct ReconcileTests {
    private func withDesk(
        knowsPrevious: Bool = false, signsWithPrevious: Bool? = nil, windowHours: Int = 72,
        answersSigned: Bool = true,
        _ body: (RunningService, CheckStatusServer) async throws -> Void
    ) async throws {
        let desk = try await Till.checkStatusDesk(
            knowsPrevious: knowsPrevious, signsWithPrevious: signsWithPrevious ?? knowsPrevious)
        do {
            try await withTill({
                $0.checkStatus.baseURL = desk.baseURL
                $0.checkStatus.windowHours = windowHours
                $0.checkStatus.answersSigned = answersSigned
            }) { try await body($0, desk) }
        } catch {
            try await desk.stop()
            throw error
        }
        try await desk.stop()
    }

    /// Sends an inquiry, and waits until it is in the journal.
    private func quote(_ code: String, _ service: RunningService) async throws -> String {
        let before = try await service.items("/admin/v1/inquiries").count
        let answer = try await service.ask(Till.inquirer.inquiry(code))
        #expect(answer.status == 200)
        try await eventually {
            try await service.items("/admin/v1/inquiries").count > before
        }
        return try #require(
            StrictJSON(answer.body).root["order"]?["invoice_number"]?.string)
    }

    /// - Parameter minutes: how many minutes after now the pass takes place.
    private func pass(
        _ service: RunningService, minutes: Int64 = 2, isScheduled: Bool = false
    ) async -> Reconciler.Report {
        let now = Moment.now.adding(milliseconds: minutes * 60_000)
        await service.service.runtime.reconciler.pass(now: now, isScheduled: isScheduled)
        return service.service.runtime.reconciler.report
    }

    @Test func `a quoted bill that was paid is found and settled`() async throws {
        try await withDesk { service, desk in
            try service.seed([
                .sample(Till.code, "INV/1 a?b#%41".replacing(" ", with: "+")),
                .sample(Till.otherCode, "INV-2") { $0.reusable = true },
            ])
            let single = try await quote(Till.code, service)
            let suffixed = try await quote(Till.otherCode, service)
            #expect(suffixed.hasPrefix("INV-2-"))
            desk.put(Till.notice(single, transaction: "1"))
            desk.put(Till.notice(suffixed, code: Till.otherCode, transaction: "2"))
            let report = await pass(service)
            #expect(report.state == .done)
            #expect([report.asked, report.found, report.entered] == [2, 2, 2])
            #expect([report.unpaid, report.unknown, report.failed] == [0, 0, 0])
            #expect(desk.refusals.isEmpty)
            #expect(desk.requests == [single: 1, suffixed: 1])
            for payment in try await service.payments() {
                #expect(payment["standing"]?.string == "settled")
                #expect(payment["source"]?.string == "check_status")
            }
            #expect(try await service.state("1") == "paid")
            #expect(try await service.state("2") == "open")
            let kept = try await service.items("/admin/v1/notifications")
            #expect(Set(kept.compactMap { $0["target"]?.string }) == Set(desk.targets))
            try await expectTotalsAgree(service, count: 2, amount: 300_000)
            // No quote is left to ask about.
            #expect(await pass(service, minutes: 3).asked == 0)
        }
    }

    @Test func `young, old, unquoted and paid bills are not asked about`() async throws {
        try await withDesk(windowHours: 1) { service, desk in
            try service.seed([
                .sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2"),
                .sample("88965110000003", "INV-3"),
            ])
            _ = try await quote(Till.code, service)
            _ = try await quote(Till.otherCode, service)
            try await service.pay(Till.notice())
            #expect(await pass(service, minutes: 0).asked == 0)
            #expect(await pass(service, minutes: 62).asked == 0)
            #expect(await pass(service, minutes: 59).asked == 1)
            #expect(desk.requests == ["INV-2": 1])
            #expect(service.service.runtime.reconciler.report.unknown == 1)
        }
    }

    @Test func `a reported failure does not keep the service from asking`() async throws {
        try await withDesk { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            _ = try await service.notify(Till.notice { $0.status = "FAILED" })
            desk.put(Till.notice { $0.status = "PENDING" })
            let report = await pass(service)
            #expect([report.asked, report.unpaid, report.found] == [1, 1, 0])
            #expect(try await service.items("/admin/v1/notifications").count == 1)
            desk.put(Till.notice())
            #expect(await pass(service).entered == 1)
            #expect(try await service.state() == "paid")
        }
    }

    private static let failures: [(String, @Sendable (CheckStatusServer) -> Void)] = [
        ("HTTP 500", { $0.answer(.failing) }),
        (
            "the signature of DOKU's answer is wrong",
            {
                $0.answer(.wronglySigned)
                $0.put(Till.notice())
            }
        ),
        (
            "is not signed",
            {
                $0.answer(.unsigned)
                $0.put(Till.notice())
            }
        ),
        (
            "is not signed",
            {
                $0.answer(.unsigned)
                $0.put(Till.notice { $0.status = "PENDING" })
            }
        ),
        ("is not signed", { $0.answer(.unsigned) }),
        ("the signature of DOKU's answer is wrong", { $0.answer(.wronglySigned) }),
        ("another invoice", { $0.put(Till.notice("INV-9"), for: "INV-1") }),
        ("another invoice", { $0.put(Till.notice("INV-9") { $0.status = "PAID" }, for: "INV-1") }),
        ("no transaction.status", { $0.put(Array("[".utf8), for: "INV-1") }),
        ("no transaction.status", { $0.put(Till.notice { $0.status = nil }) }),
    ]

    @Test func `an answer that does not prove a payment records nothing`() async throws {
        for (reason, arrange) in Self.failures {
            try await withDesk { service, desk in
                try service.seed([.sample(Till.code, "INV-1")])
                _ = try await quote(Till.code, service)
                arrange(desk)
                let report = await pass(service)
                #expect([report.asked, report.failed, report.found] == [1, 1, 0], "\(reason)")
                #expect(report.problems.count == 1)
                #expect(report.problems.first?.contains(reason) == true, "\(report.problems)")
                #expect(report.problems.first?.hasPrefix("INV-1: ") == true)
                #expect(try await service.items("/admin/v1/notifications").isEmpty)
                #expect(try await service.state() == "open")
            }
        }
    }

    @Test func `without signed answers, payments are recorded and listed`() async throws {
        try await withDesk(answersSigned: false) { service, desk in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            _ = try await quote(Till.code, service)
            _ = try await quote(Till.otherCode, service)
            desk.answer(.unsigned)
            // An answer without a number is about the requested number.
            desk.put(Till.notice(nil), for: "INV-1")
            let report = await pass(service)
            #expect([report.entered, report.unknown, report.failed] == [1, 1, 0])
            #expect(try await service.state() == "paid")
            let entry = try #require(try await service.items("/admin/v1/attention").first)
            #expect(entry["kind"]?.string == "unsigned_answer")
            #expect(entry["payment_id"]?.string == "1")
            let kept = try await service.items("/admin/v1/notifications")
            #expect(kept.map { $0["signed"]?.bool } == [false])
            // A wrong signature is worse than a missing one.
            desk.answer(.wronglySigned)
            desk.put(Till.notice("INV-2"))
            #expect(await pass(service).failed == 1)
            #expect(try await service.state("2") == "open")
        }
    }

    @Test func `a status that DOKU does not document is not an answer, and is listed`() async throws
    {
        try await withDesk { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.put(Till.notice { $0.status = "SETTLEMENT" })
            for minutes: Int64 in [2, 3] {
                let report = await pass(service, minutes: minutes)
                #expect([report.asked, report.failed, report.unpaid] == [1, 1, 0])
                #expect(report.problems.first?.contains("loket attention list") == true)
            }
            let listed = try await service.items("/admin/v1/attention")
            #expect(listed.map { $0["status"]?.string } == ["SETTLEMENT"])
            let kept = try await service.items("/admin/v1/notifications")
            #expect(kept.map { $0["repeats"]?.integer } == [1])
            #expect(try await service.state() == "open")
            desk.put(Till.notice())
            #expect(await pass(service, minutes: 4).entered == 1)
        }
    }

    @Test(arguments: [true, false])
    func `in a rotation an answer may be signed with either secret`(
        _ withPrevious: Bool
    ) async throws {
        try await withDesk(
            knowsPrevious: !withPrevious, signsWithPrevious: withPrevious
        ) { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.put(Till.notice())
            #expect(await pass(service).entered == 1)
        }
    }

    @Test func `the other secret is tried where the first is refused`() async throws {
        try await withDesk(knowsPrevious: true) { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.put(Till.notice())
            let report = await pass(service)
            #expect([report.asked, report.entered, report.failed] == [1, 1, 0])
            #expect(desk.refusals.count == 1)
        }
    }

    @Test func `a paid answer without an amount is listed for attention once`() async throws {
        try await withDesk { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.put(Till.notice(amount: nil))
            #expect(await pass(service).entered == 1)
            #expect(try await service.payments().first?["standing"]?.string == "unreadable")
            #expect(await pass(service, minutes: 3).asked == 0)
        }
    }

    /// Check Status leaves fields out; meanwhile a notification of the same payment arrives.
    @Test(arguments: [true, false])
    func `a payment that both report is one payment, in either order`(
        _ notificationFirst: Bool
    ) async throws {
        try await withDesk { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.put(Till.notice(code: nil, at: nil) { $0.identifiers = [] })
            let notice = Till.notice(transaction: "1246")
            if notificationFirst {
                desk.hold()
                async let report = pass(service)
                try await eventually { desk.heldCount == 1 }
                try await service.pay(notice)
                desk.release()
                let (found, entered) = (await report.found, await report.entered)
                #expect(found == 1)
                #expect(entered == 0)
            } else {
                #expect(await pass(service).entered == 1)
                try await service.pay(notice)
            }
            let payment = try #require(try await service.payments().first)
            #expect(try await service.payments().count == 1)
            #expect(payment["standing"]?.string == "settled")
            #expect(payment["identifiers"]?.elements.count == 3)
            #expect(payment["payment_code"]?.string == Till.code)
            let source = notificationFirst ? "notification" : "check_status"
            #expect(payment["source"]?.string == source)
            try await expectTotalsAgree(service, count: 1, amount: 150_000)
        }
    }

    @Test func `a scheduled pass asks when the quote has grown twice as old`() async throws {
        try await withDesk { service, _ in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            var asked: [Int] = []
            for minutes in [2, 3, 5, 6, 12, 13] as [Int64] {
                asked.append(await pass(service, minutes: minutes, isScheduled: true).asked)
            }
            #expect(asked == [1, 0, 1, 0, 1, 0])
            #expect(await pass(service, minutes: 13).asked == 1)
        }
    }

    @Test func `a scheduled pass asks again immediately where DOKU did not answer`() async throws {
        try await withDesk { service, desk in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await quote(Till.code, service)
            desk.answer(.failing)
            #expect(await pass(service, minutes: 10, isScheduled: true).failed == 1)
            desk.answer(.signed)
            #expect(await pass(service, minutes: 11, isScheduled: true).asked == 1)
            #expect(await pass(service, minutes: 12, isScheduled: true).asked == 0)
        }
    }
}
