// /ready and /metrics: open to whoever reaches the admin listener, and free of bill data. Who paused
// what and why is for keys.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct StatusRoutes {
    let readiness: Readiness
    let tally: Tally
    let journal: Journal
    let directory: Directory
    let store: BillStore
    let ledger: LedgerWatch
    let pages: PageWatch
    let logQueue: LogQueue?

    func add(to router: Router<AdminContext>, keys: KeyMiddleware) {
        router.group().add(middleware: keys.optional).get("ready", use: ready)
        router.get("metrics", use: metrics)
    }

    // MARK: /ready

    /// 200 while inquiries are answered from the database and journaled; else 503 and why.
    @Sendable private func ready(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let problems = problems
        let (paused, names) = (directory.pauses, directory.clientIDs)
        return .json(problems.isEmpty ? .ok : .serviceUnavailable) { body in
            body.field("ready", problems.isEmpty)
            body.array("problems") { list in problems.forEach { list.string($0) } }
            body.field("paused", !paused.isEmpty)
            if context.key != nil {
                body.array("pauses") { list in
                    for pause in paused where context.maySee(pause) {
                        list.object { pause.write(to: &$0, accounts: names) }
                    }
                }
            }
            body.field("pages_checked_at", pages.finishedAt?.utcText)
            body.field("at", Moment.now.utcText)
        }
    }

    private var problems: [String] {
        var problems: [String] = []
        if !readiness.isUp { problems.append("a listener is not accepting") }
        if tally.isStoreFailing { problems.append("look-ups keep failing: see the log") }
        let health = journal.health
        if let failure = health.failing { problems.append("the journal cannot write: \(failure)") }
        if health.waiting > Limits.journalQueueMax / 2 {
            problems.append("the journal is more than half full")
        }
        let writing = store.writing
        if let failure = writing.failing { problems.append("writes fail: \(failure)") }
        if writing.waiting > Limits.commitQueueMax / 2 {
            problems.append("more than half of the writes that may wait do")
        }
        if tally.current.unclassified > 0 {
            problems.append("notifications are on record and could not be classified: see the log")
        }
        return problems + ledger.problems + pages.problems
    }

    // MARK: /metrics

    /// Prometheus text exposition.
    @Sendable private func metrics(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let counts = tally.current
        let health = journal.health
        var text = Exposition()
        text.family(
            "loket_inquiries_total", "Verified inquiries by the guard that answered.",
            Guard.allCases.map { ("guard", $0.rawValue, counts.answered[$0] ?? 0) })
        text.family(
            "loket_unverified_total", "Requests that did not verify, by cause.",
            WireRejection.allCases.map { ("cause", $0.rawValue, counts.unverified[$0] ?? 0) })
        text.family(
            "loket_gateway_refusals_total", "What the gateway answered by itself, by status.",
            counts.gateway.sorted { $0.key < $1.key }.map { ("status", "\($0.key)", $0.value) })
        text.family(
            "loket_gateway_connections_closed_total",
            "Connections that the gateway closed because it has too many, by reason.",
            [
                ("reason", "silent", counts.silentConnections),
                ("reason", "no_room", counts.refusedConnections),
            ])
        text.single(
            "loket_accept_failures_total", "Times that a listener could not accept.", "counter",
            counts.acceptFailures)
        text.single(
            "loket_inquiry_microseconds_total", "Time spent on verified inquiries.", "counter",
            Int(counts.microseconds))
        text.single(
            "loket_store_failures_total", "Look-ups that failed or came too late.", "counter",
            counts.storeFailures)
        payments(counts, into: &text)
        text.single(
            "loket_journal_written_total", "Journal entries on disk.", "counter", health.written)
        text.single(
            "loket_journal_dropped_total", "Journal entries that were lost.", "counter",
            health.dropped)
        text.single(
            "loket_journal_waiting", "Journal entries in the queue.", "gauge", health.waiting)
        if let free = DiskRoom.freeBytes(in: store.folder) {
            text.single(
                "loket_disk_free_bytes", "Bytes free on the disk of the database.", "gauge",
                Int(free))
        }
        text.single(
            "loket_log_lines_lost_total", "Log lines that could not be written.", "counter",
            logQueue?.lost ?? 0)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
    }

    private func payments(_ counts: Tally.Counts, into text: inout Exposition) {
        text.family(
            "loket_notifications_total", "Notifications on record, by standing.",
            Standing.allCases.map { ("standing", $0.rawValue, counts.notifications[$0] ?? 0) })
        text.single(
            "loket_notification_repeats_total", "Equal notifications that came again.",
            "counter", counts.notificationRepeats)
        text.single(
            "loket_notifications_not_recorded_total", "Notifications that were answered 503.",
            "counter", counts.notificationsNotRecorded)
        text.single(
            "loket_notifications_unclassified_total",
            "Notifications on record that could not be classified.", "counter",
            counts.unclassified)
        text.family(
            "loket_notifications_unverified_total", "Notifications that did not verify, by cause.",
            WireRejection.allCases.map {
                ("cause", $0.rawValue, counts.unverifiedNotifications[$0] ?? 0)
            })
        text.single(
            "loket_notifications_not_quarantined_total",
            "Notifications that did not verify and for which the quarantine had no room.",
            "counter", counts.notQuarantined)
        let writing = store.writing
        text.single(
            "loket_commits_total", "Commits of the one writer.", "counter", writing.commits)
        text.single(
            "loket_committed_writes_total", "Writes that shared them.", "counter", writing.writes)
        text.single(
            "loket_commit_slowest_milliseconds", "The slowest commit since the start.", "gauge",
            Int(writing.slowestMilliseconds))
    }
}
