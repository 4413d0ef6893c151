// The judge: from a service's counters and state to its findings.

import LoketCore
import Testing

struct JudgeTests {
    private static let now = Moment(seconds: 1_800_000_000)
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour

    private static func ago(_ milliseconds: Int64) -> Moment {
        now.adding(milliseconds: -milliseconds)
    }

    private static func judged(_ change: (inout ServiceCounts) -> Void) -> [Finding] {
        var counts = ServiceCounts(startedAt: ago(30 * day))
        counts.lastInquiryAt = ago(hour)
        change(&counts)
        return findings(counts, now: now)
    }

    private static func route(
        _ account: Int64?, _ kind: RequestRoute.Kind = .inquiry
    ) -> RequestRoute {
        RequestRoute(account: account, kind: kind)
    }

    private static func counted(
        _ cause: RefusalCause, _ count: Int, verified: Int = 0
    ) -> RefusalCounts {
        let all = RefusalCounts.Count(count: count, since: ago(60_000), example: "R-1")
        return RefusalCounts(refused: count > 0 ? [cause: all] : [:], verified: verified)
    }

    /// - Parameter known: How many of them name an account of ours; nil: all.
    private static func refused(
        _ cause: RefusalCause, _ count: Int, known: Int? = nil, verified: Int = 0
    ) -> RouteCounts {
        let known = known ?? count
        return RouteCounts([
            route(1): counted(cause, known, verified: verified),
            route(nil): counted(cause, count - known),
        ])
    }

    /// The inquiries of the first account verify.
    private static func beside(_ routes: [RequestRoute: RefusalCounts]) -> RouteCounts {
        RouteCounts(routes.merging([route(1): RefusalCounts(verified: 9)]) { own, _ in own })
    }

    private struct Case: Sendable {
        let kind: FindingKind?
        var state = ServiceState.needsYou
        let change: @Sendable (inout ServiceCounts) -> Void

        init(
            _ kind: FindingKind?, _ state: ServiceState = .needsYou,
            _ change: @escaping @Sendable (inout ServiceCounts) -> Void
        ) {
            self.kind = kind
            self.state = state
            self.change = change
        }
    }

    private static let refusals: [Case] = [
        Case(.everybodyRefused, .refusingEverybody) { $0.refusals = refused(.signature, 5) },
        Case(.everybodyRefused, .refusingEverybody) { $0.refusals = refused(.path, 5) },
        Case(.everybodyRefused, .refusingEverybody) { $0.refusals = refused(.clock, 900) },
        Case(.everybodyRefused, .refusingEverybody) {
            $0.refusals = refused(.headers, 40, known: 5)
        },
        // The sender may be unknown.
        Case(.everybodyRefused) { $0.refusals = refused(.unknownClient, 5, known: 0) },
        Case(.everybodyRefused) { $0.refusals = refused(.path, 5, known: 0) },
        Case(nil) { $0.refusals = refused(.signature, 4) },
        Case(nil) { $0.refusals = refused(.signature, 5_000, verified: 1) },
        Case(nil) { $0.refusals = refused(.unknownClient, 5_000, known: 0, verified: 1) },
        // Other routes verify, and every request of one route is refused.
        Case(.everybodyRefused) {
            $0.refusals = beside([route(1, .notification): counted(.signature, 5)])
        },
        Case(.everybodyRefused) { $0.refusals = beside([route(2): counted(.signature, 5)]) },
        Case(.everybodyRefused) {
            $0.refusals = beside([route(1, .unknownPath): counted(.path, 5)])
        },
        Case(nil) { $0.refusals = beside([route(1, .notification): counted(.signature, 4)]) },
        Case(nil) {
            $0.refusals = beside([
                route(1, .notification): counted(.signature, 900, verified: 1)
            ])
        },
        Case(nil) { $0.refusals = beside([route(nil, .unknownPath): counted(.path, 900)]) },
        // A scanner that sends none of DOKU's headers.
        Case(nil) { $0.refusals = refused(.headers, 5_000, known: 0) },
    ]

    private static let waiting: [Case] = [
        Case(.paymentsToDecide) { $0.payments = .init(1, since: ago(hour), requestID: "R-2") },
        Case(.quarantine) { $0.mistaken = .init(1) },
        Case(.quarantine) { $0.unexplained = .init(1) },
        Case(.attentionList) { $0.attention = .init(2) },
        Case(.damagedData) {
            $0.damagedBills = .init(1, since: ago(hour), requestID: "R-3", oldestID: 4)
        },
        Case(.damagedData) { $0.damages = ["the table bill: row 3 missing from an index"] },
        Case(.paused, .paused) {
            $0.pauses = .init(count: 1, isEverything: true, since: ago(hour))
        },
        Case(.paused, .paused) {
            $0.pauses = .init(count: 1, isEverything: false, since: ago(hour))
        },
        Case(.serviceFailing, .failing) { $0.failures = ["writes fail: the disk is full"] },
    ]

    private static func timer(failing reason: String? = nil) -> ServiceCounts.BackupTimer {
        .init(
            everyMilliseconds: day, failing: reason.map { .init(since: ago(hour), reason: $0) })
    }

    private static let machine: [Case] = [
        Case(.clockOff) { $0.skewMilliseconds = 60_001 },
        Case(.clockOff) { $0.skewMilliseconds = -7 * hour },
        Case(nil) { $0.skewMilliseconds = -60_000 },
        Case(.clockOff) { $0.lastInquiryAt = now.adding(milliseconds: 60_001) },
        Case(nil) { $0.lastInquiryAt = now.adding(milliseconds: 60_000) },
        Case(.diskLow) { $0.disk = .init(freeBytes: 1, keptBytes: 64 << 20) },
        Case(.journalLost) { $0.journal = .init(1, last: ago(hour - 1)) },
        Case(nil) { $0.journal = .init(1, last: ago(hour)) },
        Case(.logLost) { $0.log = .init(7, last: now) },
        Case(nil) { $0.log = .init(7, last: ago(2 * hour)) },
        Case(.reloadRefused) { $0.reload = .init(since: ago(hour), reason: "line 3") },
        Case(.reconciliationFailing) {
            $0.reconciliation = .init(since: ago(hour), reason: "3 of 3 questions failed")
        },
        Case(.backupOld) { $0.lastBackupAt = ago(8 * day) },
        Case(nil) { $0.lastBackupAt = ago(8 * day - 1) },
        Case(nil) { $0.lastBackupAt = nil },
        Case(.backupOld) { $0.backupTimer = timer() },
        Case(nil) {
            $0 = ServiceCounts(startedAt: ago(hour - 1))
            $0.backupTimer = timer()
        },
        Case(.backupOld) {
            $0.backupTimer = timer()
            $0.lastBackupAt = ago(2 * day)
        },
        Case(nil) {
            $0.backupTimer = timer()
            $0.lastBackupAt = ago(2 * day - 1)
        },
        // The service was stopped for days.
        Case(nil) {
            $0 = ServiceCounts(startedAt: ago(60_000))
            $0.backupTimer = timer()
            $0.lastBackupAt = ago(30 * day)
        },
        Case(.backupOld) {
            $0.backupTimer = timer(failing: "the disk is not mounted")
            $0.lastBackupAt = ago(hour)
        },
        Case(.webhookFailing) { $0.webhooks = [.init(3, .refusing, since: ago(2 * hour))] },
        Case(.webhookFailing) { $0.webhooks = [.init(3, .gone, since: ago(day))] },
        Case(.webhookFailing) { $0.webhooks = [.init(3, .skipped(2), since: ago(hour))] },
        Case(.nobodyAsks) {
            $0.silenceHours = 24
            $0.lastInquiryAt = ago(24 * hour)
        },
        Case(nil) {
            $0.silenceHours = 24
            $0.lastInquiryAt = ago(24 * hour - 1)
        },
        Case(nil) { $0.lastInquiryAt = ago(20 * day) },
        Case(.nobodyAsks) {
            $0.silenceHours = 24
            $0.lastInquiryAt = nil
        },
    ]

    private static let cases = refusals + waiting + machine

    /// Commands that an operator can type.
    private static let commands = [
        "loket attention list", "loket backup loket-2027-01-15.db", "loket bills show 4",
        "loket check", "loket payments list --needs-attention", "loket quarantine list",
        "loket reconcile", "loket restore FILE", "loket resume", "loket status", "loket why R-",
        "df -h", "timedatectl set-ntp true", "loket webhooks resume 3", "loket webhooks show 3",
        "loket webhooks skipped 3",
    ]

    @Test(arguments: cases.indices)
    func `each fault is one finding, and a normal state is none`(_ index: Int) throws {
        let row = Self.cases[index]
        let found = Self.judged(row.change)
        #expect(found.map(\.kind) == [row.kind].compactMap(\.self))
        #expect(found.state == (row.kind == nil ? .open : row.state))
        guard let finding = found.first else { return }
        #expect(finding.sentence.hasSuffix("."), "\(finding.sentence)")
        #expect(Self.commands.contains { finding.command.hasPrefix($0) }, "\(finding.command)")
        #expect(finding.since <= Self.now)
        #expect((finding.severity == .critical) == (row.state >= .refusingEverybody))
    }

    @Test func `every kind of finding has a case, and there are sixteen at most`() {
        let kinds = Set(Self.cases.compactMap(\.kind))
        #expect(kinds == Set(FindingKind.allCases))
        #expect(FindingKind.allCases.count <= 16)
        #expect(FindingKind.allCases.allSatisfy { $0.rawValue.utf8.allSatisfy { $0 > 0x5E } })
    }

    @Test func `the most serious finding is first and is the service's state`() {
        let found = Self.judged { counts in
            counts.payments = .init(1)
            counts.refusals = Self.refused(.signature, 5)
            counts.pauses = .init(count: 1, isEverything: true, since: Self.now)
        }
        #expect(found.map(\.kind) == [.everybodyRefused, .paused, .paymentsToDecide])
        #expect(found.state == .refusingEverybody)
        #expect(Self.judged { _ in }.isEmpty)
    }

    @Test func `damaged data is named, with the remedy`() {
        let bills = Self.judged {
            $0.damagedBills = .init(2, since: Self.now, requestID: "R-3", oldestID: 4)
        }.first
        #expect(bills?.command == "loket bills show 4")
        for words in [
            "2 bills, starting with bill 4,", "`loket bills cancel 4`", "restore a backup",
        ] {
            #expect(bills?.sentence.contains(words) == true, "\(words)")
        }
        let page = Self.judged { $0.failures = ["run `loket restore FILE` with the latest backup"] }
        #expect(page.first?.command == "loket restore FILE")
        #expect(Self.judged { $0.failures = ["the disk is full"] }.first?.command == "loket status")
    }

    @Test func `each webhook that needs a person is named, and the first one's command`() {
        let found = Self.judged {
            $0.webhooks = [
                .init(2, .restored, since: Self.ago(Self.hour)),
                .init(3, .gone, since: Self.ago(Self.day)),
                .init(4, .skipped(1), since: Self.now),
            ]
        }
        #expect(found.first?.command == "loket webhooks resume 2")
        #expect(found.first?.since == Self.ago(Self.day))
        for words in [
            "webhook 2 is off since the restore", "webhook 3 answered 410",
            "1 event was skipped for webhook 4",
        ] {
            #expect(found.first?.sentence.contains(words) == true, "\(words)")
        }
    }

    @Test func `the clock's finding has the newest inquiry's Request-Id`() {
        for counts in [
            (61_000 as Int64?, Self.ago(1)), (nil, Self.now.adding(milliseconds: 61_000)),
        ] {
            let found = Self.judged {
                ($0.skewMilliseconds, $0.lastInquiryAt) = counts
                $0.lastInquiryID = "R-7"
            }
            #expect(found.first?.requestID == "R-7")
        }
    }

    @Test func `an example leads to why, and the cause is the most frequent one`() {
        let found = Self.judged { counts in
            counts.refusals = Self.refused(.signature, 3)
            counts.refusals.routes[Self.route(1, .unknownPath)] = .init(refused: [
                .path: .init(count: 9, since: Self.ago(90_000), example: "R 9")
            ])
        }
        #expect(found.first?.requestID == "R 9")
        #expect(found.first?.command == "loket why 'R 9'")
        #expect(found.first?.since == Self.ago(90_000))
        #expect(found.first?.sentence.contains("the gateway does not have the path") == true)
    }

    @Test func `a route whose requests are all refused is named with its account`() {
        let found = Self.judged { counts in
            counts.clientIDs = [1: "MCH-1", 2: "MCH-2"]
            counts.refusals = Self.beside([
                Self.route(1, .notification): Self.counted(.signature, 5),
                Self.route(2): Self.counted(.signature, 9),
            ])
        }
        let sentence = found.first?.sentence ?? ""
        #expect(sentence.hasPrefix("Every inquiry of the account MCH-2 is refused: of 9 "))
        #expect(sentence.hasSuffix(" Also refused: every notification of MCH-1."))
        #expect(found.state == .needsYou)
    }

    @Test func `a route's finding remains until a request of that route verifies`() {
        let (inquiries, payments) = (Self.route(1), Self.route(1, .notification))
        let before = RouteCounts([
            inquiries: Self.counted(.signature, 5), payments: Self.counted(.signature, 6),
            Self.route(1, .unknownPath): Self.counted(.path, 7),
            Self.route(nil): Self.counted(.unknownClient, 8),
        ])
        var still = RouteCounts().lasting(before)
        #expect(still.routes[inquiries]?.total == 5)
        #expect(still.routes[Self.route(1, .unknownPath)]?.total == 7)
        #expect(still.routes[Self.route(nil)] == nil)
        still = RouteCounts([inquiries: RefusalCounts(verified: 1)]).lasting(before)
        #expect(still.routes[inquiries]?.total == 0)
        #expect(still.routes[payments]?.total == 6)
        // Verified inquiries are not kept.
        #expect(RouteCounts().lasting(still).routes == [payments: Self.counted(.signature, 6)])
        #expect(still.routes[Self.route(1, .unknownPath)] == nil)
    }
}
