// GET /admin/v1/status: one page with the findings, today's totals and the waiting work.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore
import LoketSystem

struct StatusRoute {
    let runtime: Runtime
    let watch: ServiceWatch

    private var store: Store { runtime.store }

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "status", .read, use: show)
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        try context.requireEveryAccount()
        let now = runtime.clock.now()
        let day = now.beginningOfDay
        let sums = try await store.hourSums(from: day, to: now.adding(milliseconds: 1))
        let last = try await store.lastInquiries()
        let report = await watch.freshReport()
        return .json { body in
            body.field("state", report.state.rawValue)
            body.array("findings") { list in
                for finding in report.findings { list.object { finding.write(to: &$0) } }
            }
            body.object("last_inquiry") { channels in
                channels.field("alfa", last[.alfa]?.utcText)
                channels.field("indomaret", last[.indomaret]?.utcText)
            }
            body.object("today") { today in
                DaySums(sums).write(to: &today, since: day)
                today.array("hours") { Self.write(hoursOf: sums, to: &$0) }
            }
            body.object("waiting") { report.counts.writeWaiting(to: &$0) }
            write(report, to: &body)
            body.field("clock_skew_ms", report.counts.skewMilliseconds)
            body.field("at", now.utcText)
        }
    }

    /// Writes the counts of each hour in which something was received.
    private static func write(hoursOf sums: [HourSum], to list: inout JSONWriter) {
        for (hour, sums) in Dictionary(grouping: sums, by: \.hour).sorted(by: { $0.key < $1.key }) {
            let counts = DaySums(sums)
            list.object {
                $0.field("hour", hour.utcText)
                counts.writeCounts(to: &$0)
            }
        }
    }

    private func write(_ report: ServiceWatch.Report, to body: inout JSONWriter) {
        let (size, log) = store.fileSizes
        let reconciliation = runtime.reconciler.report
        body.field("paused", report.counts.pauses != nil)
        body.field("version", loketVersion)
        body.field("commit", runtime.build.commit)
        body.field("swift", runtime.build.swift)
        body.field("sqlite", sqliteVersion)
        body.field("openssl", opensslVersion)
        body.field("started_at", report.counts.startedAt.utcText)
        body.object("database") {
            $0.field("path", store.path)
            $0.field("bytes", size)
            $0.field("wal_bytes", log)
            $0.field("pages_checked_at", runtime.pages.finishedAt?.utcText)
        }
        body.field("last_backup_at", report.counts.lastBackupAt?.utcText)
        body.object("reconciliation") {
            $0.field("state", reconciliation.state.rawValue)
            $0.field("finished_at", reconciliation.finishedAt?.utcText)
            $0.field("asked", Int64(reconciliation.asked))
            $0.field("failed", Int64(reconciliation.failed))
        }
    }
}

extension Moment {
    /// The last midnight in Jakarta, which has no daylight saving time.
    fileprivate var beginningOfDay: Moment {
        let day: Int64 = 86_400
        let local = seconds + Moment.wibSeconds
        let passed = (local % day + day) % day
        return Moment(seconds: seconds - passed)
    }
}

extension Finding {
    fileprivate func write(to object: inout JSONWriter) {
        object.field("name", kind.rawValue)
        object.field("severity", severity.rawValue)
        object.field("sentence", sentence)
        object.field("since", since.utcText)
        object.field("request_id", requestID)
        object.field("command", command)
    }
}

extension ServiceCounts {
    func writeWaiting(to object: inout JSONWriter) {
        object.field("payments", Int64(payments.count))
        object.field("attention", Int64(attention.count))
        object.field("quarantine", Int64(mistaken.count + unexplained.count))
    }
}

/// The totals since the beginning of a day.
private struct DaySums {
    private var asked = 0
    /// Counts by the guard that declined.
    private var declined: [String: Int] = [:]
    private var refused: [String: Int] = [:]
    private var paid = 0
    /// Standings that may not be the merchant's money.
    private static let notMoney = [Standing.foreign.rawValue, Standing.unreadable.rawValue]
    private var amount: Int64 = 0

    init(_ sums: [HourSum]) {
        for sum in sums {
            switch sum.kind {
            // The signature was valid but the timestamp was not; such an inquiry is answered as
            // refused.
            case .asked where sum.cause == Guard.stale.rawValue:
                refused[sum.cause, default: 0] += sum.count
            case .asked:
                asked += sum.count
                guard sum.cause != Guard.payable.rawValue else { continue }
                declined[sum.cause, default: 0] += sum.count
            case .refused: refused[sum.cause, default: 0] += sum.count
            case .paid where !Self.notMoney.contains(sum.cause):
                paid += sum.count
                let (total, isTooMuch) = amount.addingReportingOverflow(sum.amount)
                amount = isTooMuch ? .max : total
            case .paid: break
            }
        }
    }

    func write(to object: inout JSONWriter, since: Moment) {
        object.field("since", since.utcText)
        object.field("asked", Int64(asked))
        object.array("declined") { Self.write(declined, to: &$0) }
        object.array("refused") { Self.write(refused, to: &$0) }
        object.object("paid") {
            $0.field("count", Int64(paid))
            $0.field("amount", amount)
        }
    }

    /// Writes the counts without their causes.
    func writeCounts(to object: inout JSONWriter) {
        object.field("asked", Int64(asked))
        object.field("declined", Int64(declined.values.reduce(0, +)))
        object.field("refused", Int64(refused.values.reduce(0, +)))
        object.field("paid", Int64(paid))
    }

    /// Writes frequent causes first.
    private static func write(_ causes: [String: Int], to list: inout JSONWriter) {
        for (cause, count) in causes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            list.object {
                $0.field("cause", cause)
                $0.field("count", Int64(count))
            }
        }
    }
}
