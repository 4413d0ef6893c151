// The judge: from what a service has counted to what is wrong with it. Pure, and the only place
// that decides it; whatever shows a finding shows this one.

/// What is wrong, the worst first.
package func findings(_ counts: ServiceCounts, now: Moment) -> [Finding] {
    let all = [
        failing(counts, now), everybodyRefused(counts), paused(counts),
        paymentsToDecide(counts, now), quarantine(counts, now), attentionList(counts, now),
        damagedData(counts, now), clockOff(counts, now), diskLow(counts, now),
        journalLost(counts, now), logLost(counts, now), reloadRefused(counts),
        reconciliationFailing(counts), backupOld(counts, now), nobodyAsks(counts, now),
    ].compactMap(\.self)
    // Of the same state they stay in this order.
    return ServiceState.allCases.reversed().flatMap { state in all.filter { $0.state == state } }
}

// MARK: The service as a whole

private func failing(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    guard !counts.failures.isEmpty else { return nil }
    return Finding(
        .serviceFailing,
        "The service cannot answer or write as it should: "
            + counts.failures.joined(separator: "; ") + ".",
        state: .failing, since: now, command: "loket check")
}

private func everybodyRefused(_ counts: ServiceCounts) -> Finding? {
    let refusals = counts.refusals
    guard refusals.verified == 0 else { return nil }
    let known = refusals.refused.filter { $0.value.known > 0 }
    let ours = known.values.reduce(0) { $0 + $1.known }
    if ours >= Limits.refusedMin, let worst = known.max(by: { isLess($0, $1) }) {
        return Finding(
            .everybodyRefused,
            "Everybody is refused: of \(ours) requests within ten minutes none verified, and "
                + reason(worst.key) + ".",
            state: .refusingEverybody, since: known.values.map(\.since).min() ?? worst.value.since,
            requestID: worst.value.example, command: why(worst.value.example))
    }
    let causes: [RefusalCause] = [.unknownClient, .path]
    let strange = causes.compactMap { refusals.refused[$0] }
    let strangers = strange.reduce(0) { $0 + $1.count - $1.known }
    guard ours + strangers >= Limits.refusedMin, let first = strange.first else { return nil }
    return Finding(
        .everybodyRefused,
        "Of \(ours + strangers) requests within ten minutes none verified, and most name a "
            + "Client-Id that is not in the settings: perhaps a stranger, or `client_id` is not "
            + "the one that DOKU gave you.",
        since: strange.map(\.since).min() ?? first.since, requestID: first.example,
        command: why(first.example))
}

private func isLess(
    _ left: (key: RefusalCause, value: RefusalCounts.Count),
    _ right: (key: RefusalCause, value: RefusalCounts.Count)
) -> Bool {
    (left.value.known, right.key.rawValue) < (right.value.known, left.key.rawValue)
}

private func reason(_ cause: RefusalCause) -> String {
    switch cause {
    case .signature:
        "the signature is wrong: the secret key or a signed path in the settings is not the one "
            + "that DOKU has, or a proxy changes the body"
    case .path:
        "the path is none of the gateway's: the one registered at DOKU or the one in the settings "
            + "is wrong, or a proxy changes it"
    case .clock: "the time is too far from this machine's clock"
    case .headers: "one of DOKU's headers is missing, twice or malformed: a proxy may drop it"
    case .unknownClient: "the Client-Id is not in the settings"
    }
}

func why(_ requestID: String?) -> String {
    requestID.map(whyCommand) ?? "loket check"
}

private func paused(_ counts: ServiceCounts) -> Finding? {
    counts.pauses.map { pauses in
        Finding(
            .paused,
            pauses.isEverything
                ? "Inquiries are paused: every customer is declined."
                : "Inquiries of \(counted(pauses.count, "account", "accounts")) are paused: the "
                    + "customers are declined.",
            state: .paused, since: pauses.since, command: "loket resume")
    }
}

// MARK: What waits for a person

private func paymentsToDecide(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    waiting(counts.payments, .paymentsToDecide, now) { waiting in
        "\(counted(waiting.count, "payment needs", "payments need")) a decision: the money came and "
            + "settles no bill, or not as it should."
    } command: {
        "GET /admin/v1/payments?needs_attention=true"
    }
}

private func quarantine(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    let (mistaken, unexplained) = (counts.mistaken, counts.unexplained)
    let waiting = mistaken.count > 0 ? mistaken : unexplained
    guard waiting.count > 0 else { return nil }
    let all = counted(mistaken.count + unexplained.count, "notification", "notifications")
    return Finding(
        .quarantine,
        mistaken.count > 0
            ? "\(all) did not verify and may be money; of \(mistaken.count) the mistake is known. "
                + "Correct the setting, then POST /admin/v1/quarantine/retry."
            : "\(all) under your Client-Id did not verify: money, if the secret key or a path is "
                + "wrong, or a stranger's.",
        since: waiting.since ?? now, requestID: waiting.requestID,
        command: "GET /admin/v1/quarantine")
}

private func attentionList(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    waiting(counts.attention, .attentionList, now) { waiting in
        "\(counted(waiting.count, "notification is", "notifications are")) on the list to look at."
    } command: {
        "GET /admin/v1/attention?resolved=false"
    }
}

private func waiting(
    _ waiting: ServiceCounts.Waiting, _ kind: FindingKind, _ now: Moment,
    sentence: (ServiceCounts.Waiting) -> String, command: () -> String
) -> Finding? {
    guard waiting.count > 0 else { return nil }
    return Finding(
        kind, sentence(waiting), since: waiting.since ?? now, requestID: waiting.requestID,
        command: command())
}

/// `1 payment`, `2 payments`.
func counted(_ count: Int, _ one: String, _ more: String) -> String {
    "\(count) \(count == 1 ? one : more)"
}
