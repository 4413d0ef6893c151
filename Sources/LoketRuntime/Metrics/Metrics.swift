// The counters of the listeners. Every request updates them, so an update takes one short lock.

import DokuWire
import Logging
import LoketCore
import LoketStore
import Synchronization

/// The counts of one service since its start. Some updates also write a log line for the operator.
///
///     metrics.count(storeFailure: fault)
///     metrics.current.storeFailures   // for /metrics
package final class Metrics: Sendable {
    fileprivate enum Trouble {
        case store, journal, notification, quarantine, silence, noRoom, accept, bodies, overload
        case wrongKey, adminRoom, unexplained
    }

    package struct Counts: Sendable {
        package var answered: [Guard: Int] = [:]
        package var unverified: [WireRejection: Int] = [:]
        package var gateway: [Int: Int] = [:]
        /// Silent connections of the gateway that were closed to make room for others.
        package var silentConnections = 0
        /// Connections that the gateway refused because it had no room.
        package var refusedConnections = 0
        /// Failed attempts of a listener to accept a connection.
        package var acceptFailures = 0
        /// Notifications by the result of their classification; nil for unclassified ones.
        package var notifications: [Standing?: Int] = [:]
        package var notificationRepeats = 0
        package var notificationsNotRecorded = 0
        package var unverifiedNotifications: [WireRejection: Int] = [:]
        /// Unverified notifications that were not stored in the quarantine.
        package var notQuarantined = 0
        /// Notifications whose classification failed.
        package var unclassified = 0
        /// Answer times by channel; nil for inquiries refused before their channel was known.
        package var inquiryTimes: [Channel?: DurationHistogram] = [:]
        package var storeFailures = 0
        /// Admin requests with a key that is not active.
        package var wrongKeys = 0
        fileprivate var recentFailures: [ContinuousClock.Instant] = []
        fileprivate var lastFailure = ""
        fileprivate var lines: [Trouble: LineLimit] = [:]
    }

    /// The number of store failures within the window with which /ready fails.
    package static let failuresMax = 3
    package static let failureWindow = Duration.seconds(60)

    package let damagedBills = DamagedBills()
    private let counts = Mutex(Counts())
    private let log: Logger

    package init(log: Logger) {
        self.log = log
    }

    package func count(
        answeredBy reason: Guard, on channel: Channel?, since began: ContinuousClock.Instant
    ) {
        let took = ContinuousClock.now - began
        counts.withLock { counts in
            counts.answered[reason, default: 0] += 1
            counts.inquiryTimes[channel, default: DurationHistogram()].count(took)
        }
    }

    package func count(unverified cause: WireRejection) {
        counts.withLock { $0.unverified[cause, default: 0] += 1 }
    }

    // MARK: Notifications

    package func count(unverifiedNotification cause: WireRejection) {
        counts.withLock { $0.unverifiedNotifications[cause, default: 0] += 1 }
    }

    package func count(_ taken: RecordedDelivery, of delivery: Delivery) {
        counts.withLock { counts in
            if taken.isRepeat {
                counts.notificationRepeats += 1
            } else {
                counts.notifications[taken.entry?.standing, default: 0] += 1
            }
            if taken.fault != nil { counts.unclassified += 1 }
        }
        if let fault = taken.fault {
            log.error(
                "a notification was recorded but could not be classified: \(fault)",
                metadata: [
                    "notification": "\(taken.deliveryID)", "request_id": "\(delivery.requestID)",
                ])
        }
        if let entry = taken.entry, entry.needsDecision { log(entry, taken, delivery) }
    }

    /// Logs a payment that does not settle a bill as expected.
    private func log(_ entry: PaymentOutcome, _ taken: RecordedDelivery, _ delivery: Delivery) {
        let id = entry.paymentID.map(String.init) ?? "unknown"
        var fields: Logger.Metadata = [
            "payment": "\(id)", "standing": "\(entry.standing.rawValue)",
            "notification": "\(taken.deliveryID)", "request_id": "\(delivery.requestID)",
            "next": "loket payments show \(id)",
        ]
        var message = "a payment needs a decision: \(entry.standing.rawValue)"
        if let bill = entry.heldBillID {
            fields["bill"] = "\(bill)"
            message += "; until then, its bill is held and inquiries for the bill are declined"
        }
        log.warning("\(message)", metadata: fields)
    }

    package func count(notRecorded reason: String) {
        counts.withLock { $0.notificationsNotRecorded += 1 }
        log(
            "a notification could not be recorded and was answered with HTTP 503: \(reason)",
            of: .notification)
    }

    /// A notification with a known mistake was signed with DOKU's secret, so it is always logged;
    /// others are logged at a bounded rate.
    package func count(quarantined request: QuarantinedRequest, as id: Int64) {
        var fields: Logger.Metadata = [
            "quarantine": "\(id)", "cause": "\(request.cause)",
            "mistake": "\(request.mistake ?? "unknown")", "next": "loket quarantine list",
        ]
        if let header = request.headers.first(where: { $0.name.lowercased() == "request-id" }) {
            fields["request_id"] = "\(header.value)"
            fields["next"] = "\(whyCommand(header.value))"
        }
        let message = "a notification with a known Client-Id did not verify and is in quarantine"
        guard request.mistake == nil else { return log.error("\(message)", metadata: fields) }
        log(message, of: .unexplained, fields: fields)
    }

    package func count(notQuarantined reason: String) {
        counts.withLock { $0.notQuarantined += 1 }
        log("an unverified notification was not put in quarantine: \(reason)", of: .quarantine)
    }

    // MARK: The gateway

    /// Counts a response that the gateway sent without an endpoint, by HTTP status.
    package func count(gateway status: Int) {
        counts.withLock { $0.gateway[status, default: 0] += 1 }
    }

    package func count(silentConnections closed: Int) {
        counts.withLock { $0.silentConnections += closed }
        log(
            "the gateway has many connections and closes those that were idle longest",
            of: .silence)
    }

    /// Logs a refused body, which is counted by status.
    package func countBodyRefusal() {
        log("the memory for large request bodies is full: a request was answered 503", of: .bodies)
    }

    /// Logs an overload, which is counted by guard.
    package func countOverload() {
        log("an inquiry waited longer than limits.answer_ms and was declined", of: .overload)
    }

    package func countRefusedConnection() {
        counts.withLock { $0.refusedConnections += 1 }
        log("the gateway refused a connection: too many connections are open", of: .noRoom)
    }

    package func count(acceptFailure reason: String) {
        counts.withLock { $0.acceptFailures += 1 }
        log("a listener cannot accept connections: \(reason)", of: .accept)
    }

    /// Records a damaged bill, whose inquiries are declined.
    package func count(damagedBill id: Int64, requestID: String, at now: Moment) {
        guard damagedBills.add(id, requestID: requestID, at: now) else { return }
        log.error(
            """
            an inquiry was declined because the row of its bill does not match its checksum: \
            \(damagedBillRemedy("\(id)"))
            """,
            metadata: [
                "bill": "\(id)", "request_id": "\(requestID)",
                "next": "\(whyCommand(requestID))",
            ])
    }

    // MARK: The admin listener

    /// - Parameter source: the address of the client.
    package func countWrongKey(from source: String) {
        counts.withLock { $0.wrongKeys += 1 }
        log(
            "an admin request was answered 401: its admin key is not active",
            of: .wrongKey, at: .warning, fields: ["source": "\(source)"])
    }

    package func countAdminConnectionClosed() {
        log(
            "the admin listener has too many connections: it closed one to accept another",
            of: .adminRoom, at: .warning)
    }

    // MARK: The store

    package func count(storeFailure fault: StoreFault) {
        counts.withLock { counts in
            counts.storeFailures += 1
            let failures = counts.recentFailures + [.now]
            counts.recentFailures = Array(failures.suffix(Self.failuresMax))
            counts.lastFailure = "\(fault)"
        }
        damagedBills.add(fault, at: .now)
        log("an inquiry was declined: \(fault)", of: .store)
    }

    /// Logs a refusal by the journal, which counts its refusals.
    package func countJournalRefusal() {
        log("the journal's queue is full: an inquiry was not recorded", of: .journal)
    }

    /// Logs at a bounded rate, because a failing disk fails every inquiry.
    private func log(
        _ message: String, of trouble: Trouble, at level: Logger.Level = .error,
        fields: Logger.Metadata = [:]
    ) {
        let now = Moment.now
        let count = counts.withLock { $0.lines[trouble, default: LineLimit()].count(at: now) }
        guard let count else { return }
        var fields = fields
        if count > 1 { fields["not_logged"] = .number(count - 1) }
        log.log(level: level, "\(message)", metadata: fields)
    }

    package var current: Counts { counts.withLock { $0 } }

    /// The last store failure, if at least `failuresMax` occurred within the window; otherwise nil.
    package var storeFailure: String? {
        counts.withLock { counts in
            let (failures, now) = (counts.recentFailures, ContinuousClock.now)
            guard failures.count == Self.failuresMax,
                failures.allSatisfy({ now - $0 < Self.failureWindow })
            else { return nil }
            return counts.lastFailure
        }
    }
}
