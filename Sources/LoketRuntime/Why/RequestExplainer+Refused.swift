// Explains why a request did not verify: searches the stored request for a known mistake, and
// compares its time with its arrival time.

import DokuWire
import LoketCore
import LoketStore

/// A stored request that did not verify.
struct Refusal {
    let receivedAt: Moment
    let cause: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    let kind: RefusedRequest.Kind
    /// The path as sent; nil if it is the configured path.
    let target: String?
    let row: Row

    /// The place of the whole request, with its body.
    enum Row {
        case refused(Int64)
        case quarantined(Int64)
        /// The request is only in memory; this value is complete.
        case unwritten
    }

    var isNotification: Bool { kind == .notification }

    var isQuarantined: Bool {
        if case .quarantined = row { true } else { false }
    }

    init(_ request: RefusedRequest, row: Row) {
        receivedAt = request.receivedAt
        cause = request.cause
        headers = request.headers
        body = request.body
        kind = request.kind
        target = request.target
        self.row = row
    }

    init(_ record: QuarantineRecord) {
        receivedAt = record.request.receivedAt
        cause = record.request.cause
        headers = record.request.headers
        body = record.request.body
        kind = .notification
        target = nil
        row = .quarantined(record.id)
    }
}

extension RequestExplainer {
    /// Returns a bounded number of unverified requests, newest first, without their bodies.
    func refusals(of requestID: String, _ accountID: Int64?) async throws -> [Refusal] {
        let isWritten = (try? await refusals.flush()) != nil
        var found = try await store.refusedRequests(requestID: requestID, accountID: accountID)
            .map { Refusal($0.request, row: .refused($0.id)) }
        if !isWritten {
            found += refusals.waiting(requestID: requestID, accountID: accountID)
                .map { Refusal($0, row: .unwritten) }
        }
        for id in try await store.quarantineIDs(requestID: requestID, accountID: accountID) {
            let next = try await store.quarantined(
                accountID: accountID, before: id + 1, limit: 1)
            found += next.filter { $0.id == id }.map(Refusal.init)
        }
        return found.sorted { $0.receivedAt > $1.receivedAt }
    }

    /// Returns at most as many requests as an explanation lists.
    func visible(_ refused: some Sequence<Refusal>) -> [Refusal] {
        Array(refused.prefix(Limits.journalOthersMax))
    }

    /// Explains a refused request; nil if it is no longer stored.
    func explain(
        _ last: Refusal, among repeated: Repeated, _ accountID: Int64?
    ) async throws -> Explanation? {
        guard let refused = try await whole(last) else { return nil }
        let report = refused.kind == .other ? nil : report(refused, accountID)
        return Explanation(
            requestID: repeated.requestID, count: repeated.count,
            others: Array(repeated.answered.prefix(Limits.journalOthersMax)),
            refused: visible(repeated.refused.dropFirst()), inquiry: nil,
            answer: Explanation.Answer(
                verdict: refused.verdict, answeredBy: nil, meaning: meaning(of: refused)),
            bill: nil, near: .none,
            wouldHavePassed: report.map { wouldHavePassed($0, refused) } ?? rightPath(refused),
            signature: report)
    }

    private func whole(_ refused: Refusal) async throws -> Refusal? {
        switch refused.row {
        case .unwritten: refused
        case .refused(let id):
            try await store.refusedRequest(id: id).map { Refusal($0, row: refused.row) }
        case .quarantined(let id): try await store.quarantined(id: id).map(Refusal.init)
        }
    }

    private func meaning(of refused: Refusal) -> String {
        if refused.kind == .other {
            return "The request of \(refused.receivedAt.wibText) was sent to "
                + "\(refused.target ?? ""), which is not the gateway's path for this request. The "
                + "answer had no data, and the request body was not read."
        }
        let what = refused.isNotification ? "notification" : "inquiry"
        let then =
            refused.isQuarantined
            ? "It is in quarantine, and is recorded once it verifies." : "The answer had no data."
        return "The \(what) of \(refused.receivedAt.utcText) did not verify: \(refused.cause). "
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
        let fix = report.findings.map(\.fix).joined(separator: " ")
        if report.isUnexplained { return unexplained(report, fix, refused) }
        if report.findings.isEmpty {
            return "The request verifies with the current settings. "
                + (refused.isQuarantined
                    ? "Run `loket quarantine retry` to record it." : "Nothing is left to correct.")
        }
        return fix
    }

    /// Suggests the configured path that differs from the sent path only by a slash at the end,
    /// otherwise both configured paths.
    private func rightPath(_ refused: Refusal) -> String {
        let (gateway, sent) = (settings.gateway, refused.target ?? "")
        let routes = [
            ("inquiries", gateway.inquiryPath, "inquiry"),
            ("notifications", gateway.notificationPath, "notification"),
        ]
        let near = routes.filter { $0.1 + "/" == sent || $0.1 == sent + "/" }
        let meant = (near.isEmpty ? routes : near).map { what, path, _ in
            "\(path) for \(what)"
        }.joined(separator: " or ")
        let settings = (near.isEmpty ? routes : near).map { "`gateway.\($0.2)_path`" }
            .joined(separator: " or ")
        return "The right path is \(meant). Correct the URL that is registered at DOKU, or the "
            + "proxy in front of loket that changes the path. If DOKU should use \(sent), set "
            + "\(settings) to this path and restart loket."
    }

    /// Fixing other findings does not correct a signature that no known mistake explains.
    private func unexplained(
        _ report: Explanation.SignatureReport, _ fix: String, _ refused: Refusal
    ) -> String {
        let isStranger = report.findings.contains {
            $0.mistake == WireRejection.clientIDUnknown.rawValue
        }
        if isStranger {
            return fix + " No known mistake gives the received signature: loket can check it "
                + "after you add the account to the settings."
        }
        let place = SignatureDiagnosis.Place(
            settings.gateway, isNotification: refused.isNotification)
        return "The signature must be made over `\(place.signedPath)` and the exact bytes of the "
            + "body with a configured secret. No known mistake gives the received signature. Most "
            + "often, the URL registered at DOKU has another path than \(place.setting), which is "
            + "`\(place.signedPath)`: set it to the path of that URL. Otherwise, DOKU uses another "
            + "secret, or a header or the body was changed on the way."
            + (fix.isEmpty ? "" : " In addition: " + fix)
    }
}

extension Refusal {
    /// The answer that the request received.
    fileprivate var verdict: O2OVerdict {
        switch kind {
        case .inquiry: .unverifiedInquiry
        case .notification: .unverifiedNotification
        case .other: .unknownPath
        }
    }
}

/// Returns the prefix and eight characters: enough to identify a signature, not to use it.
private func shortened(_ signature: String) -> String {
    let prefix = "\(Signature.prefix)"
    let shown = signature.hasPrefix(prefix) ? prefix.utf8.count + 8 : 8
    guard signature.utf8.count > shown else { return signature }
    return signature.prefix(shown) + "… (\(signature.utf8.count) characters)"
}

/// The configured path of a request and the path that its signature covers, for the diagnosis of a
/// request that did not verify.
extension SignatureDiagnosis.Place {
    init(_ gateway: Settings.Gateway, isNotification: Bool) {
        let inquiry = [gateway.inquirySignedPath, gateway.inquiryPath]
        let notification = [gateway.notificationSignedPath, gateway.notificationPath]
        self.init(
            target: isNotification ? gateway.notificationPath : gateway.inquiryPath,
            signedPath: isNotification
                ? gateway.notificationSignedPath : gateway.inquirySignedPath,
            setting: isNotification
                ? "gateway.notification_signed_path" : "gateway.inquiry_signed_path",
            otherPaths: isNotification ? inquiry : notification,
            judgesTimestamp: !isNotification)
    }
}

extension SignatureDiagnosis.Signer {
    init(_ account: Settings.Account) {
        self.init(clientID: account.clientID, secrets: account.secrets)
    }
}
