// What is wrong with a running service and needs a person: one value for each, which the log, the
// status, /ready, the metrics, the events and the alert show as it is.

/// What a service is like as a whole: that of its worst finding. From the best to the worst.
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

    /// In a sentence.
    package var words: String { rawValue.replacing("_", with: " ") }
}

/// The raw values are names that scripts and alert rules go by: they never change.
package enum FindingKind: String, CaseIterable, Hashable, Sendable {
    /// It cannot answer or write: a listener, the database, the journal or the ledger.
    case serviceFailing = "service_failing"
    case everybodyRefused = "everybody_refused"
    case paused
    case paymentsToDecide = "payments_to_decide"
    case quarantine
    case attentionList = "attention_list"
    /// A bill, a page of the database or the books.
    case damagedData = "damaged_data"
    case clockOff = "clock_off"
    case diskLow = "disk_low"
    case journalLost = "journal_lost"
    case logLost = "log_lost"
    case reloadRefused = "reload_refused"
    case reconciliationFailing = "reconciliation_failing"
    case backupOld = "backup_old"
    case nobodyAsks = "nobody_asks"
}

package struct Finding: Hashable, Sendable {
    package enum Severity: String, CaseIterable, Sendable { case warning, critical }

    package let kind: FindingKind
    /// What the service is like because of it.
    package let state: ServiceState
    /// What is wrong, without names and amounts: it is sent to where an alert goes.
    package let sentence: String
    package var since: Moment
    /// The Request-Id of a request that shows it.
    package let requestID: String?
    /// What to type or to ask for next.
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
