// The checklist of the setup page: a light for each part that must work, green from real traffic,
// and what to do about those that are not. The findings are those of the API.

import LoketCore
import LoketJSON
import LoketRuntime

struct SetupLights {
    /// The states of a light, with the tone of its colour.
    enum State: String, CaseIterable {
        case fine, unseen, look, wrong, off

        var tone: String {
            switch self {
            case .fine: "good"
            case .unseen, .look: "warn"
            case .wrong: "bad"
            case .off: "quiet"
            }
        }
    }

    /// A finding of the status, as the page words it.
    private struct Found {
        let name: String
        let values: [String: Any]
        let since: Moment?
    }

    private let visit: Visit
    /// Nil if the key may not read it.
    private let status: JSONValue?
    private let findings: [Found]
    /// The findings that a light has shown.
    private var shown: Set<String> = []
    private var rows: [[String: Any]] = []

    private var words: Words { visit.words }

    init(_ visit: Visit, accounts: [String], gateway: Settings.Gateway) async throws {
        self.visit = visit
        // A key of one account may not read the status, which concerns all accounts.
        status = try await visit.api.getIfAny("/admin/v1/status")
        let worded = await Headline(visit, status).values["findings"] as? [[String: Any]] ?? []
        findings = zip(status?["findings"]?.elements ?? [], worded).map { finding, values in
            Found(
                name: finding["name"]?.string ?? "", values: values,
                since: finding["since"]?.string.flatMap { Moment(rfc3339: $0) })
        }
        let ready = try? await visit.api.get("/ready")
        let names = ready?["findings"]?.elements.compactMap(\.string) ?? []
        let isRefusing = names.contains(FindingKind.everybodyRefused.rawValue)
        for account in accounts {
            try await addTraffic(
                of: account, isOnly: accounts.count == 1, gateway, isRefusing: isRefusing)
        }
        if let status {
            addClock(status)
            addBackup(status)
        }
        try await addWebhooks()
        if let status { addReconciliation(status) }
        addFindings(count: names.count)
    }

    var values: [String: Any] {
        let open = rows.count { !["good", "quiet"].contains($0["tone"] as? String ?? "") }
        return [
            "lights": rows,
            "summary": open == 0
                ? words["setup_all_fine"]
                : words("setup_some", ["count": words.count(Int64(open))]),
            "updated": words(
                "updated", ["time": words.time(visit.now.utcText, seconds: true) ?? ""]),
        ]
    }

    // MARK: Rows

    private mutating func add(
        _ name: String, _ state: State, _ text: String, account: String? = nil,
        todo: String? = nil, command: String? = nil
    ) {
        var row: [String: Any] = [
            "name": words["light_\(name)"], "tone": state.tone,
            "tag": words["light_is_\(state.rawValue)"], "text": text,
        ]
        row["account"] = account
        row["todo"] = todo
        row["command"] = command
        rows.append(row)
    }

    /// Adds the light with a finding of the API, unless there is none.
    private mutating func addFinding(
        _ kind: FindingKind, as name: String, account: String? = nil
    ) -> Bool {
        guard let found = findings.first(where: { $0.name == kind.rawValue }) else { return false }
        add(found, as: name, account: account)
        return true
    }

    private mutating func add(_ found: Found, as name: String, account: String? = nil) {
        let isBad = found.values["tone"] as? String == "bad"
        add(name, isBad ? .wrong : .look, "", account: account)
        rows[rows.count - 1].merge(found.values) { old, new in old as? String == "" ? new : old }
        shown.insert(found.name)
    }

    // MARK: DOKU's requests

    private mutating func addTraffic(
        of account: String, isOnly: Bool, _ gateway: Settings.Gateway, isRefusing: Bool
    ) async throws {
        let asked = try await newest("inquiries", [("account", account)])
        // The ledger also has the answers to Check Status.
        let source = ReportedPayment.Source.notification.rawValue
        let notified = try await newest(
            "notifications", [("account", account), ("source", source)])
        let refused = findings.first { $0.name == FindingKind.everybodyRefused.rawValue }
        // The finding is about this route if none of its requests verified since, and others did.
        func isFine(_ last: Moment?) -> Bool {
            guard isRefusing else { return true }
            guard let last, let since = refused?.since else { return false }
            return last > since
        }
        let label = isOnly ? nil : visit.account(account)
        func light(
            _ name: String, _ last: Moment?, isDoubted: Bool, path: String = "",
            command: String? = nil
        ) {
            if isDoubted, isOnly, addFinding(.everybodyRefused, as: name) { return }
            if isDoubted {
                add(
                    name, .look, words["setup_refused"], account: label, command: "loket status")
            } else if let when = words.moment(last?.utcText) {
                add(name, .fine, words("\(name)_fine", ["when": when]), account: label)
            } else {
                add(
                    name, .unseen, words("\(name)_unseen", ["path": path]), account: label,
                    todo: words["\(name)_todo"], command: command)
            }
        }
        let (askedFine, notifiedFine) = (isFine(asked), isFine(notified))
        light(
            "secret", [asked, notified].compactMap(\.self).max(),
            isDoubted: !askedFine && !notifiedFine)
        light(
            "inquiry", asked, isDoubted: !askedFine && notifiedFine,
            path: gateway.inquirySignedPath,
            command: "loket check --public-url https://HOST\(gateway.inquirySignedPath)")
        light(
            "notification", notified, isDoubted: !notifiedFine && askedFine,
            path: gateway.notificationSignedPath)
    }

    /// When the newest request of DOKU in a list arrived.
    private func newest(
        _ list: String, _ query: [(name: String, value: String?)]
    ) async throws -> Moment? {
        let found = try await visit.api.get("/admin/v1/\(list)", query + [("limit", "1")])
        let first = found["items"]?.elements.first
        return first?["received_at"]?.string.flatMap { Moment(rfc3339: $0) }
    }

    // MARK: The service

    private mutating func addClock(_ status: JSONValue) {
        guard !addFinding(.clockOff, as: "clock") else { return }
        guard let skew = status["clock_skew_ms"]?.integer else {
            return add("clock", .unseen, words["clock_unseen"])
        }
        add("clock", .fine, words("clock_off_by", ["span": words.span(milliseconds: skew)]))
    }

    private mutating func addBackup(_ status: JSONValue) {
        guard !addFinding(.backupOld, as: "backup") else { return }
        guard let when = words.moment(status["last_backup_at"]?.string) else {
            return add(
                "backup", .unseen, words["backup_unseen"], todo: words["backup_todo"],
                command: "loket backup loket-copy.db")
        }
        add("backup", .fine, words("backup_fine", ["when": when]))
    }

    private mutating func addReconciliation(_ status: JSONValue) {
        let last = status["reconciliation"]
        let state = last?["state"]?.string
        guard state != "off", !addFinding(.reconciliationFailing, as: "reconcile") else { return }
        let failed = last?["failed"]?.integer ?? 0
        let counts = [
            "asked": words.count(last?["asked"]?.integer ?? 0), "failed": words.count(failed),
            "when": words.moment(last?["finished_at"]?.string) ?? "",
        ]
        let command = "loket reconcile"
        switch state {
        case "running": add("reconcile", .fine, words("reconcile_running", counts))
        case "done" where failed == 0: add("reconcile", .fine, words("reconcile_fine", counts))
        case "done": add("reconcile", .look, words("reconcile_look", counts), command: command)
        default: add("reconcile", .unseen, words["reconcile_unseen"], command: command)
        }
    }

    /// The light of the webhook that is worst.
    private mutating func addWebhooks() async throws {
        guard !addFinding(.webhookFailing, as: "webhooks") else { return }
        let found = try await visit.api.get(
            "/admin/v1/webhooks", [("limit", "\(Limits.pageItemsMax)")])
        let all = found["items"]?.elements ?? []
        func first(_ isMeant: (JSONValue) -> Bool) -> String? {
            all.first(where: isMeant)?["id"]?.string
        }
        if all.isEmpty {
            add(
                "webhooks", .off, words["webhooks_none"],
                command: "loket webhooks add https://HOST/PATH")
        } else if let id = first({ $0["failing"]?.isNull == false }) {
            add("webhooks", .look, words["webhooks_failing"], command: "loket webhooks show \(id)")
        } else if let id = first({ $0["state"]?.string == "off" }) {
            add(
                "webhooks", .look, words["webhooks_stopped"], command: "loket webhooks show \(id)")
        } else if let id = first({ $0["skipped"]?.integer ?? 0 > 0 }) {
            add(
                "webhooks", .look, words["webhooks_skipped"],
                command: "loket webhooks skipped \(id)")
        } else if let id = first({ $0["last_attempt"]?.isNull != false }) {
            add("webhooks", .unseen, words["webhooks_unseen"], command: "loket webhooks test \(id)")
        } else {
            let count = words.count(Int64(all.count))
            add("webhooks", .fine, words("webhooks_fine", ["count": count]))
        }
    }

    // MARK: Findings

    /// Adds the findings that no light has shown.
    private mutating func addFindings(count: Int) {
        guard status != nil || count == 0 else {
            return add(
                "finding", .look, words("findings_hidden", ["count": words.count(Int64(count))]))
        }
        let left = findings.filter { !shown.contains($0.name) }
        left.forEach { add($0, as: "finding") }
        if findings.isEmpty { add("finding", .fine, words["findings_none"]) }
    }
}
