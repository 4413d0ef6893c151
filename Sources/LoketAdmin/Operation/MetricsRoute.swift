// /metrics: all series of the service, which only this file declares. The route needs no key and
// shows no bill data.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

/// The source values of all series, read at one time.
struct MetricsReading: Sendable {
    let build: BuildInfo
    let counts: Metrics.Counts
    let journal: Journal.Health
    let writing: GroupCommit.Health
    /// Free bytes on the disk; nil if unknown.
    let freeBytes: Int64?
    let logLinesLost: Int
    let report: ServiceWatch.Report
    /// The sizes of the database file and its write-ahead log in bytes.
    let fileSizes: (database: Int64, log: Int64)
}

struct MetricsRoute {
    let runtime: Runtime
    let watch: ServiceWatch

    func add(to router: Router<AdminContext>) {
        router.get("metrics", use: metrics)
    }

    @Sendable private func metrics(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let store = runtime.store
        let reading = MetricsReading(
            build: runtime.build, counts: runtime.metrics.current, journal: runtime.journal.health,
            writing: store.writing, freeBytes: DiskRoom.freeBytes(in: store.folder),
            logLinesLost: runtime.logQueue?.lost ?? 0, report: watch.report,
            fileSizes: store.fileSizes)
        let text = PrometheusText.text(MetricFamily.all, reading)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension MetricFamily {
    static let all = [build] + inquiries + connections + notifications + storage + service

    private static let build = MetricFamily(
        name: "loket_build_info", help: "The versions of this program and of its libraries.",
        kind: .gauge
    ) { [Sample(labels: $0.build.parts, value: 1)] }

    private static let service: [MetricFamily] = [
        gauge(
            "loket_finding", "1 if the finding is present and needs an operator, by its name",
            by: "kind"
        ) { reading in
            let kinds = Set(reading.report.findings.map(\.kind))
            return FindingKind.allCases.map { ($0.rawValue, kinds.contains($0) ? 1 : 0) }
        },
        gauge("loket_state", "1 for the current state of the service", by: "state") { reading in
            ServiceState.allCases.map { ($0.rawValue, reading.report.state == $0 ? 1 : 0) }
        },
        gauge("loket_waiting", "Number of items that wait for an operator, by list", by: "list") {
            let counts = $0.report.counts
            return [
                ("payments", counts.payments), ("attention", counts.attention),
                ("quarantine_mistaken", counts.mistaken),
                ("quarantine_unexplained", counts.unexplained),
            ].map { ($0, Double($1.count)) }
        },
        gauge("loket_last_inquiry_timestamp_seconds", "Time of the last verified inquiry") {
            $0.report.counts.lastInquiryAt.map { Double($0.seconds) }
        },
        gauge(
            "loket_backup_last_success_timestamp_seconds",
            "Time of the last backup, or of the last scheduled backup if backups are scheduled"
        ) { $0.report.counts.lastBackupAt.map { Double($0.seconds) } },
    ]

    private static let inquiries: [MetricFamily] = [
        counter(
            "loket_inquiries_total", "Verified inquiries, by the guard that answered", by: "guard"
        ) { reading in
            Guard.allCases.map { ($0.rawValue, reading.counts.answered[$0] ?? 0) }
        },
        histogram(
            "loket_inquiry_seconds", "Time to answer verified inquiries", by: "channel"
        ) { reading in
            let channels: [Channel?] = Channel.allCases + [nil]
            return channels.map {
                ($0?.rawValue ?? "unknown", reading.counts.inquiryTimes[$0] ?? DurationHistogram())
            }
        },
        counter(
            "loket_unverified_total", "Inquiries that did not verify, by cause", by: "cause"
        ) { reading in
            WireRejection.allCases.map { ($0.rawValue, reading.counts.unverified[$0] ?? 0) }
        },
        counter("loket_store_failures_total", "Bill lookups that failed or took too long") {
            $0.counts.storeFailures
        },
    ]

    private static let connections: [MetricFamily] = [
        counter(
            "loket_gateway_refusals_total", "Requests that the gateway refused, by HTTP status",
            by: "status"
        ) { $0.counts.gateway.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) } },
        counter(
            "loket_gateway_connections_closed_total",
            "Connections that the gateway closed because there were too many, by reason",
            by: "reason"
        ) {
            [
                ("silent", $0.counts.silentConnections),
                ("no_room", $0.counts.refusedConnections),
            ]
        },
        counter("loket_accept_failures_total", "Connections that a listener failed to accept") {
            $0.counts.acceptFailures
        },
        counter("loket_wrong_admin_keys_total", "Admin requests with a key that is not active") {
            $0.counts.wrongKeys
        },
    ]

    private static let notifications: [MetricFamily] = [
        counter(
            "loket_notifications_total", "Recorded notifications, by standing",
            by: "standing"
        ) { reading in
            Standing.allCases.map { ($0.rawValue, reading.counts.notifications[$0] ?? 0) }
        },
        counter("loket_notification_repeats_total", "Repeats of recorded notifications") {
            $0.counts.notificationRepeats
        },
        counter(
            "loket_notifications_not_recorded_total", "Unrecorded notifications, answered 503"
        ) { $0.counts.notificationsNotRecorded },
        counter(
            "loket_notifications_unclassified_total",
            "Recorded notifications that could not be classified"
        ) { $0.counts.unclassified },
        counter(
            "loket_notifications_unverified_total", "Notifications that did not verify, by cause",
            by: "cause"
        ) { reading in
            WireRejection.allCases.map {
                ($0.rawValue, reading.counts.unverifiedNotifications[$0] ?? 0)
            }
        },
        counter(
            "loket_notifications_not_quarantined_total",
            "Notifications that did not verify and for which the quarantine had no room"
        ) { $0.counts.notQuarantined },
    ]

    private static let storage: [MetricFamily] = [
        counter("loket_commits_total", "Commits to the database") { $0.writing.commits },
        counter("loket_committed_writes_total", "Writes in all commits") { $0.writing.writes },
        gauge("loket_commit_slowest_seconds", "Time of the slowest commit since the start") {
            Double($0.writing.slowestMilliseconds) / 1000
        },
        counter("loket_journal_written_total", "Journal entries written to disk") {
            $0.journal.written
        },
        counter("loket_journal_dropped_total", "Journal entries that were lost") {
            $0.journal.dropped
        },
        gauge("loket_journal_waiting", "Journal entries in the queue") {
            Double($0.journal.waiting)
        },
        gauge("loket_database_bytes", "Bytes of the database's file") {
            Double($0.fileSizes.database)
        },
        gauge("loket_wal_bytes", "Bytes of the database's write-ahead log") {
            Double($0.fileSizes.log)
        },
        gauge("loket_disk_free_bytes", "Bytes free on the disk of the database") {
            $0.freeBytes.map { Double($0) }
        },
        counter("loket_log_lines_lost_total", "Log lines that could not be written") {
            $0.logLinesLost
        },
    ]
}
