// Why did a request not verify? What the ring and the quarantine kept of it is searched for a known
// mistake, and read against the clock.

import DokuWire
import LoketCore
import LoketStore

/// A request that did not verify, wherever it was kept.
struct Refusal {
    let receivedAt: Moment
    let cause: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// Nil: it is an inquiry, and was in the ring.
    let quarantineID: Int64?

    var isNotification: Bool { quarantineID != nil }

    init(_ kept: UnverifiedRing.Kept) {
        receivedAt = kept.receivedAt
        cause = kept.cause.rawValue
        headers = kept.headers
        body = kept.body
        quarantineID = nil
    }

    init(_ record: QuarantineRecord) {
        receivedAt = record.request.receivedAt
        cause = record.request.cause
        headers = record.request.headers
        body = record.request.body
        quarantineID = record.id
    }
}

extension WhyDesk {
    /// Newest first, notifications without their bodies, and a bounded number of them.
    func refusals(of requestID: String, _ accountID: Int64?) async throws -> [Refusal] {
        var found = unverified.find(requestID: requestID, accountID: accountID).map(Refusal.init)
        for id in try await store.quarantineIDs(requestID: requestID, accountID: accountID) {
            let next = try await store.quarantined(
                accountID: accountID, before: id + 1, limit: 1)
            found += next.filter { $0.id == id }.map(Refusal.init)
        }
        return found.sorted { $0.receivedAt > $1.receivedAt }
    }

    /// As many as are told of.
    func told(_ refused: some Sequence<Refusal>) -> [Refusal] {
        Array(refused.prefix(Limits.journalOthersMax))
    }

    /// - Returns: nil where the quarantine does not hold it any more.
    func explain(
        _ last: Refusal, among repeated: Repeated, _ accountID: Int64?
    ) async throws -> Explanation? {
        var refused = last
        if let id = last.quarantineID {
            guard let whole = try await store.quarantined(id: id) else { return nil }
            refused = Refusal(whole)
        }
        let report = report(refused, accountID)
        return Explanation(
            requestID: repeated.requestID, count: repeated.count,
            others: Array(repeated.answered.prefix(Limits.journalOthersMax)),
            refused: told(repeated.refused.dropFirst()), inquiry: nil,
            answer: Explanation.Answer(
                verdict: Verdict(refused.isNotification ? .unverifiedNotification : .unverified),
                answeredBy: nil, meaning: meaning(of: refused)),
            bill: nil, wouldHavePassed: wouldHavePassed(report, refused), signature: report)
    }

    private func meaning(of refused: Refusal) -> String {
        let what = refused.isNotification ? "notification" : "inquiry"
        let then =
            refused.isNotification
            ? "It is in quarantine, and enters when it verifies." : "It was answered with no data."
        return "The \(what) of \(refused.receivedAt.wibText) did not verify: \(refused.cause). "
            + then
    }

    private func report(
        _ refused: Refusal, _ accountID: Int64?
    ) -> Explanation.SignatureReport {
        let diagnosis = SignatureDiagnosis(
            headers: refused.headers, body: refused.body,
            at: SignatureDiagnosis.Place(
                settings.gateway, isNotification: refused.isNotification),
            signers: accounts(accountID).map(SignatureDiagnosis.Signer.init))
        func header(_ name: String) -> String? {
            refused.headers.first { $0.name.lowercased() == name }?.value
        }
        var report = Explanation.SignatureReport(
            received: header("signature").map(shortened),
            verdict: diagnosis.rejection?.rawValue ?? Self.verified,
            findings: diagnosis.findings, isUnexplained: diagnosis.isUnexplained,
            tried: diagnosis.tried)
        if !refused.isNotification,
            let sent = header("request-timestamp").flatMap({ Moment(rfc3339: $0) })
        {
            let reading = ClockReading(
                skewMilliseconds: refused.receivedAt.milliseconds - sent.milliseconds,
                allowedSeconds: settings.limits.timestampSeconds)
            report.findings += [reading.finding].compactMap(\.self)
        }
        return report
    }

    private func wouldHavePassed(
        _ report: Explanation.SignatureReport, _ refused: Refusal
    ) -> String {
        let mends = report.findings.map(\.mends).joined(separator: " ")
        if report.isUnexplained { return unexplained(report, mends, refused) }
        if report.findings.isEmpty {
            return "The settings of now: by them it verifies. "
                + (refused.isNotification
                    ? "POST /admin/v1/quarantine/retry enters it." : "Nothing is left to mend.")
        }
        return mends
    }

    /// What else was found does not mend a signature that it did not make.
    private func unexplained(
        _ report: Explanation.SignatureReport, _ mends: String, _ refused: Refusal
    ) -> String {
        let isStranger = report.findings.contains {
            $0.mistake == WireRejection.clientIDUnknown.rawValue
        }
        if isStranger {
            return mends + " No known mistake gives the signature that came: whether it is right "
                + "shows once the account is configured."
        }
        let place = SignatureDiagnosis.Place(
            settings.gateway, isNotification: refused.isNotification)
        return "A signature by a configured secret over `\(place.signedPath)` and the exact bytes "
            + "of the body. No known mistake gives the one that came. Most often the URL that is "
            + "registered at DOKU has another path than \(place.setting), which is "
            + "`\(place.signedPath)`: set it to the path of that URL. Else the secret is another "
            + "one, or a header or the body was changed on its way."
            + (mends.isEmpty ? "" : " And beside that: " + mends)
    }
}

/// The prefix and eight characters: enough to tell it from others, and not enough to use.
private func shortened(_ signature: String) -> String {
    let prefix = String(decoding: Signature.prefix, as: UTF8.self)
    let shown = signature.hasPrefix(prefix) ? prefix.utf8.count + 8 : 8
    guard signature.utf8.count > shown else { return signature }
    return signature.prefix(shown) + "… (\(signature.utf8.count) characters)"
}
