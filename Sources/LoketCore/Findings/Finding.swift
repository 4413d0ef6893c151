// A problem of a running service that requires a person. The log, the status, /ready, the metrics,
// the events and the alert all show the same value.

/// The state of the whole service, which is that of its worst finding. Ordered best to worst.
package enum ServiceState: String, CaseIterable, Comparable, Sendable {
    case open
    case needsYou = "needs_you"
    case paused
    case refusingEverybody = "refusing_everybody"
    case failing

    package static func < (left: ServiceState, right: ServiceState) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The state as words for a sentence.
    package var words: String { rawValue.replacing("_", with: " ") }
}

/// The kind of a finding. Scripts and alert rules depend on the raw values: never change them.
package enum FindingKind: String, CaseIterable, Hashable, Sendable {
    /// A listener, the database, the journal or the ledger has failed: no answers or no writes.
    case serviceFailing = "service_failing"
    case everybodyRefused = "everybody_refused"
    case paused
    case paymentsToDecide = "payments_to_decide"
    case quarantine
    case attentionList = "attention_list"
    /// A bill, a database page or the payment records are damaged.
    case damagedData = "damaged_data"
    case clockOff = "clock_off"
    case diskLow = "disk_low"
    case journalLost = "journal_lost"
    case logLost = "log_lost"
    case reloadRefused = "reload_refused"
    case reconciliationFailing = "reconciliation_failing"
    case backupOld = "backup_old"
    case webhookFailing = "webhook_failing"
    case nobodyAsks = "nobody_asks"
}

package struct Finding: Hashable, Sendable {
    package enum Severity: String, CaseIterable, Sendable { case warning, critical }

    package let kind: FindingKind
    /// The state of the service that results from the finding.
    package let state: ServiceState
    /// The problem, without names and amounts, because alerts are sent to other systems.
    package let sentence: String
    package var since: Moment
    /// The Request-Id of a request that shows the problem.
    package let requestID: String?
    /// The command that the operator runs next.
    package let command: String

    package init(
        _ kind: FindingKind, _ sentence: String, state: ServiceState = .needsYou,
        since: Moment, requestID: String? = nil, command: String
    ) {
        self.kind = kind
        self.state = state
        self.sentence = sentence
        self.since = since
        self.requestID = requestID
        self.command = command
    }

    package var severity: Severity { state >= .refusingEverybody ? .critical : .warning }
}

extension Collection<Finding> {
    package var state: ServiceState { map(\.state).max() ?? .open }
}
