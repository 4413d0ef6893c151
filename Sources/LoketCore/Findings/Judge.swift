// Rules for findings, part 1: pure functions from a service's counts to its findings. Findings are
// determined only here; every display shows these.

/// Returns the findings, worst state first.
package func findings(_ counts: ServiceCounts, now: Moment) -> [Finding] {
    let all = [
        failing(counts, now), everybodyRefused(counts), paused(counts),
        paymentsToDecide(counts, now), quarantine(counts, now), attentionList(counts, now),
        damagedData(counts, now), clockOff(counts, now), diskLow(counts, now),
        journalLost(counts, now), logLost(counts, now), reloadRefused(counts),
        reconciliationFailing(counts), backupOld(counts, now), webhookFailing(counts),
        nobodyAsks(counts, now),
    ].compactMap(\.self)
    // Findings of the same state remain in the order above.
    return ServiceState.allCases.reversed().flatMap { state in all.filter { $0.state == state } }
}

// MARK: The service as a whole

private func failing(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    guard !counts.failures.isEmpty else { return nil }
    return Finding(
        .serviceFailing,
        "The service does not work correctly: "
            + counts.failures.joined(separator: "; ") + ".",
        state: .failing, since: now,
        command: way(counts.failures, else: "loket status"))
}

private func paused(_ counts: ServiceCounts) -> Finding? {
    counts.pauses.map { pauses in
        Finding(
            .paused,
            pauses.isEverything
                ? "All inquiries are paused and declined."
                : "Inquiries of \(counted(pauses.count, "account", "accounts")) are paused and "
                    + "declined.",
            state: .paused, since: pauses.since, command: "loket resume")
    }
}

// MARK: Items that require a person

private func paymentsToDecide(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    waiting(counts.payments, .paymentsToDecide, now) { waiting in
        "\(counted(waiting.count, "payment needs", "payments need")) a decision: the money was "
            + "received, but does not settle a bill as expected."
    } command: {
        "loket payments list --needs-attention"
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
            ? "\(all) did not verify and may report payments. `loket why` shows the wrong setting "
                + "for \(mistaken.count) of them: correct the setting, then run "
                + "`loket quarantine retry`."
            : "\(all) with your Client-Id did not verify. Either the secret key or a path in the "
                + "settings is wrong, or the sender is not DOKU.",
        since: waiting.since ?? now, requestID: waiting.requestID,
        command: "loket quarantine list")
}

private func attentionList(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    waiting(counts.attention, .attentionList, now) { waiting in
        "\(counted(waiting.count, "notification needs", "notifications need")) a review: see the "
            + "attention list."
    } command: {
        "loket attention list"
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

/// Returns a count with its noun, such as `1 payment` or `2 payments`.
func counted(_ count: Int, _ one: String, _ more: String) -> String {
    "\(count) \(count == 1 ? one : more)"
}
