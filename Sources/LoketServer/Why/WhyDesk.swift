// Why was a request answered as it was? Gathers what the journal, the bills, the kill switch, the
// ring and the quarantine know of a Request-Id. It answers people and is on no request's way.

import DokuWire
import LoketCore
import LoketStore

package struct WhyDesk: Sendable {
    let settings: Settings
    let store: BillStore
    let directory: Directory
    let unverified: UnverifiedRing

    package init(
        settings: Settings, store: BillStore, directory: Directory, unverified: UnverifiedRing
    ) {
        self.settings = settings
        self.store = store
        self.directory = directory
        self.unverified = unverified
    }

    /// A request that did not verify, wherever it was kept.
    private struct Refused {
        let receivedAt: Moment
        let cause: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]
        let isNotification: Bool
    }

    /// - Parameter accountID: the only account that may be told of; nil: every one.
    /// - Returns: nil where nothing is known of the Request-Id.
    package func explain(
        requestID: String, accountID: Int64?
    ) async throws -> Explanation? {
        let (count, newest, others) = try await store.inquiries(
            requestID: requestID, accountID: accountID)
        let (refusals, refused) = try await refused(requestID, accountID)
        if let newest {
            return try await explain(
                newest, count: count, others: others, refused: refused, accountID)
        }
        guard let refused else { return nil }
        let report = report(refused, accountID)
        return Explanation(
            requestID: requestID, count: refusals, others: [], inquiry: nil,
            answer: Explanation.Answer(
                verdict: Verdict(refused.isNotification ? .unverifiedNotification : .unverified),
                answeredBy: nil, meaning: meaning(of: refused)),
            bill: nil, wouldHavePassed: wouldHavePassed(report, refused), signature: report)
    }

    // MARK: What verified

    private func explain(
        _ record: JournalRecord, count: Int, others: [Int64], refused: Refused?,
        _ accountID: Int64?
    ) async throws -> Explanation {
        let entry = record.entry
        let bill = try await bill(of: entry)
        let accounts = accounts(accountID)
        let remedy = Remedy(
            settings: settings, accounts: accounts, clientIDs: directory.clientIDs, entry: entry,
            then: bill?.then, now: bill?.now,
            behindCode: try await behindCode(entry, accountID),
            pause: entry.answeredBy == .paused
                ? try await store.pause(ofAccount: entry.accountID, at: entry.receivedAt) : nil)
        return Explanation(
            requestID: entry.requestID, count: count, others: others, inquiry: record,
            answer: Explanation.Answer(
                verdict: Verdict(.answered(by: entry.answeredBy)), answeredBy: entry.answeredBy,
                meaning: entry.answeredBy.meaning),
            bill: bill, wouldHavePassed: remedy.text,
            signature: clock(of: entry) ?? refused.map { report($0, accountID) })
    }

    /// Where the row in the journal says how the bill was, it is the better witness: times are
    /// taken before a commit, and the inquiry may have read in between.
    private func bill(of entry: JournalEntry) async throws -> Explanation.BillReading? {
        guard let id = entry.billID else { return nil }
        do {
            guard let (now, past) = try await store.bill(id: id, asOf: entry.receivedAt) else {
                return nil
            }
            var then = past
            if let state = entry.answeredBy.provenState { then.state = state }
            if entry.answeredBy == .billPaid {
                then.state = now.bill.cancelReason == Bill.paidElsewhere ? .cancelled : .paid
            }
            if let quoted = entry.amount.flatMap({ Rupiah(whole: $0) }) { then.amount = quoted }
            return Explanation.BillReading(then: then, now: now)
        } catch StoreFault.damagedBill {
            return nil
        }
    }

    private func behindCode(
        _ entry: JournalEntry, _ accountID: Int64?
    ) async throws -> [BillRecord] {
        guard entry.answeredBy == .billUnknown, let code = entry.codeText else { return [] }
        return try await store.billsBehind(code: code)
            .filter { accountID == nil || $0.accountID == accountID }
    }

    /// The signature was right; the time that it vouches for was not.
    private func clock(of entry: JournalEntry) -> Explanation.SignatureReport? {
        guard entry.answeredBy == .stale else { return nil }
        let reading = ClockReading(
            skewMilliseconds: entry.skewMilliseconds,
            allowedSeconds: settings.limits.timestampSeconds)
        return Explanation.SignatureReport(
            received: nil, verdict: Self.verified,
            findings: [reading.finding].compactMap(\.self), tried: 0)
    }

    // MARK: What did not

    private static let verified = "verified"

    /// How many there are, and the newest.
    private func refused(
        _ requestID: String, _ accountID: Int64?
    ) async throws -> (count: Int, newest: Refused?) {
        let inquiries = unverified.find(requestID: requestID, accountID: accountID)
        let inquiry = inquiries.first.map { kept in
            Refused(
                receivedAt: kept.receivedAt, cause: kept.cause.rawValue, headers: kept.headers,
                body: kept.body, isNotification: false)
        }
        let ids = try await store.quarantineIDs(requestID: requestID, accountID: accountID)
        var notification: Refused?
        if let id = ids.first, let kept = try await store.quarantined(id: id)?.request {
            notification = Refused(
                receivedAt: kept.receivedAt, cause: kept.cause, headers: kept.headers,
                body: kept.body, isNotification: true)
        }
        let newest = [inquiry, notification].compactMap(\.self)
            .max { $0.receivedAt < $1.receivedAt }
        return (inquiries.count + ids.count, newest)
    }

    private func meaning(of refused: Refused) -> String {
        let what = refused.isNotification ? "notification" : "inquiry"
        let then =
            refused.isNotification
            ? "It is in quarantine, and enters when it verifies." : "It was answered with no data."
        return "The \(what) of \(refused.receivedAt.wibText) did not verify: \(refused.cause). "
            + then
    }

    private func report(
        _ refused: Refused, _ accountID: Int64?
    ) -> Explanation.SignatureReport {
        let diagnosis = SignatureDiagnosis(
            headers: refused.headers, body: refused.body,
            at: place(isNotification: refused.isNotification),
            signers: accounts(accountID).map {
                SignatureDiagnosis.Signer(clientID: $0.clientID, secrets: $0.secrets)
            })
        func header(_ name: String) -> String? {
            refused.headers.first { $0.name.lowercased() == name }?.value
        }
        var report = Explanation.SignatureReport(
            received: header("signature").map(shortened),
            verdict: diagnosis.rejection?.rawValue ?? Self.verified,
            findings: diagnosis.findings, tried: diagnosis.tried)
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
        _ report: Explanation.SignatureReport, _ refused: Refused
    ) -> String {
        let place = place(isNotification: refused.isNotification)
        guard report.findings.isEmpty else {
            return report.findings.map(\.mends).joined(separator: " ")
        }
        if report.verdict == Self.verified {
            return "The settings of now: by them it verifies. "
                + (refused.isNotification
                    ? "POST /admin/v1/quarantine/retry enters it." : "Nothing is left to mend.")
        }
        return "A signature by a configured secret over `\(place.signedPath)` and the exact bytes "
            + "of the body. No known mistake gives the one that came: the secret is another one, "
            + "or a header or the body was changed on its way."
    }

    private func place(isNotification: Bool) -> SignatureDiagnosis.Place {
        let gateway = settings.gateway
        let inquiry = [gateway.inquirySignedPath, gateway.inquiryPath]
        let notification = [gateway.notificationSignedPath, gateway.notificationPath]
        return SignatureDiagnosis.Place(
            target: isNotification ? gateway.notificationPath : gateway.inquiryPath,
            signedPath: isNotification
                ? gateway.notificationSignedPath : gateway.inquirySignedPath,
            setting: isNotification
                ? "gateway.notification_signed_path" : "gateway.inquiry_signed_path",
            otherPaths: isNotification ? inquiry : notification,
            judgesTimestamp: !isNotification)
    }

    private func accounts(_ accountID: Int64?) -> [Settings.Account] {
        let ids = directory.ids
        return directory.accounts.filter { accountID == nil || ids[$0.clientID] == accountID }
    }
}

/// The prefix and eight characters: enough to tell it from others, and not enough to use.
private func shortened(_ signature: String) -> String {
    let prefix = String(decoding: Signature.prefix, as: UTF8.self)
    let shown = signature.hasPrefix(prefix) ? prefix.utf8.count + 8 : 8
    guard signature.utf8.count > shown else { return signature }
    return signature.prefix(shown) + "… (\(signature.utf8.count) characters)"
}
