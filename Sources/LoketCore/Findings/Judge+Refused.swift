// Rules for findings, part 2: all requests, or all requests of one route, are refused. If others
// verify, single refused requests do not produce a finding: anyone can send such requests.

func everybodyRefused(_ counts: ServiceCounts) -> Finding? {
    let (known, all) = (counts.refusals.sum { $0.account != nil }, counts.refusals.sum())
    guard all.verified == 0 else { return routeRefused(counts) }
    if known.total >= Limits.refusedMin, let worst = worst(of: known) {
        return Finding(
            .everybodyRefused,
            "Every request is refused: of \(known.total) requests within ten minutes, none "
                + "verified. Most often, \(reason(worst.cause)).",
            state: .refusingEverybody, since: since(known), requestID: worst.count.example,
            command: why(worst.count.example))
    }
    let strangers = counts.refusals.sum { $0.account == nil }
    let causes: [RefusalCause] = [.unknownClient, .path]
    let strange = causes.compactMap { strangers.refused[$0] }
    let count = known.total + strange.reduce(0) { $0 + $1.count }
    guard count >= Limits.refusedMin, let first = strange.first else { return nil }
    return Finding(
        .everybodyRefused,
        "Of \(count) requests within ten minutes, none verified, and most have a Client-Id that is "
            + "not in the settings. Check that `client_id` is the Client-Id that DOKU gave you; if "
            + "it is, the sender is not DOKU.",
        since: strange.map(\.since).min() ?? first.since, requestID: first.example,
        command: why(first.example))
}

/// Returns a finding if a route of an account refuses all its requests while other routes verify.
private func routeRefused(_ counts: ServiceCounts) -> Finding? {
    let refused = counts.refusals.routes.filter {
        $0.key.account != nil && $0.value.verified == 0 && $0.value.total >= Limits.refusedMin
    }
    // Break ties by account and kind, so that the result is always the same route.
    let inOrder = refused.sorted {
        ($0.value.total, $1.key.account ?? 0, $1.key.kind.rawValue)
            < ($1.value.total, $0.key.account ?? 0, $0.key.kind.rawValue)
    }
    guard let (route, of) = inOrder.last, let account = route.account, let worst = worst(of: of)
    else { return nil }
    let name = counts.clientIDs[account] ?? "\(account)"
    let others = inOrder.dropLast().reversed().compactMap { other(counts, $0.key) }
    let more = others.isEmpty ? "" : " Also refused: \(others.joined(separator: ", "))."
    return Finding(
        .everybodyRefused, sentence(route.kind, of: name, of.total, worst.cause) + more,
        since: since(of), requestID: worst.count.example, command: why(worst.count.example))
}

private func other(_ counts: ServiceCounts, _ route: RequestRoute) -> String? {
    guard let account = route.account else { return nil }
    let name = counts.clientIDs[account] ?? "\(account)"
    return switch route.kind {
    case .inquiry: "every inquiry of \(name)"
    case .notification: "every notification of \(name)"
    case .unknownPath: "requests of \(name) for an unknown path"
    }
}

private func sentence(
    _ kind: RequestRoute.Kind, of account: String, _ count: Int, _ cause: RefusalCause
) -> String {
    switch kind {
    case .inquiry:
        "Every inquiry of the account \(account) is refused: of \(count) within ten minutes, none "
            + "verified. Most often, \(reason(cause))."
    case .notification:
        "Every notification of the account \(account) is refused: of \(count) within ten minutes, "
            + "none verified. Most often, \(reason(cause)). DOKU repeats each notification three "
            + "times within twelve hours."
    case .unknownPath:
        "\(count) requests of the account \(account) within ten minutes were for a path that the "
            + "gateway does not have, while other requests verify: a URL registered at DOKU is "
            + "wrong, or a proxy changes the path."
    }
}

private func since(_ counts: RefusalCounts) -> Moment {
    counts.refused.values.map(\.since).min() ?? Moment(milliseconds: 0)
}

private func worst(
    of counts: RefusalCounts
) -> (cause: RefusalCause, count: RefusalCounts.Count)? {
    counts.refused.max {
        ($0.value.count, $1.key.rawValue) < ($1.value.count, $0.key.rawValue)
    }.map { (cause: $0.key, count: $0.value) }
}

private func reason(_ cause: RefusalCause) -> String {
    switch cause {
    case .signature:
        "the signature is wrong: the secret key or a signed path in the settings differs from "
            + "DOKU's, or a proxy changes the body"
    case .path:
        "the gateway does not have the path: the path registered at DOKU or in the settings is "
            + "wrong, or a proxy changes the path"
    case .clock: "the time of the request is too far from this machine's clock"
    case .headers:
        "one of DOKU's headers is missing, repeated or malformed: a proxy may remove the header"
    case .unknownClient: "the Client-Id is not in the settings"
    }
}

func why(_ requestID: String?) -> String {
    requestID.map(whyCommand) ?? "loket check"
}
