// The lists of the setup page: the pauses in force and before, the keys and the webhooks, each as
// far as the key may see it.

import LoketCore
import LoketJSON

enum SetupLists {
    // MARK: Pauses

    /// The pauses in force, each with a button if the key may end it.
    static func paused(_ pauses: JSONValue, _ visit: Visit) -> [[String: Any]] {
        (pauses["pauses"]?.elements ?? []).map { pause in
            let account = pause["account"]?.string
            var values: [String: Any] = [
                "scope": visit.account(account) ?? visit.words["every_account"],
                "sentence": visit.words(
                    "paused_by",
                    [
                        "who": pause["actor"]?.string ?? "",
                        "when": visit.words.moment(pause["paused_at"]?.string) ?? "",
                        "reason": pause["reason"]?.string ?? "",
                    ]),
            ]
            // A key of one account does not end a pause of every account.
            if visit.mayWrite, visit.key.accountID == nil || account != nil {
                values["resume"] = ["value": account ?? ""]
            }
            return values
        }
    }

    static func pauseHistory(_ pauses: JSONValue, _ visit: Visit) -> [String: Any] {
        let words = visit.words
        let changes = pauses["history"]?.elements ?? []
        let rows = changes.map { change -> [String: Any] in
            var row: [String: Any] = [
                "when": words.moment(change["at"]?.string) ?? "",
                "change": words["pause_\(change["change"]?.string ?? "")"],
                "scope": visit.account(change["account"]?.string) ?? words["every_account"],
                "who": change["actor"]?.string ?? words["nobody"],
            ]
            row["reason"] = change["reason"]?.string
            return row
        }
        var values: [String: Any] = [
            "title": words("pause_history", ["count": words.count(Int64(rows.count))])
        ]
        if !rows.isEmpty { values["list"] = ["rows": rows] }
        return values
    }

    // MARK: Keys

    /// The active keys; nil if the key may not read them.
    static func keys(_ visit: Visit) async throws -> [String: Any]? {
        guard
            let found = try await visit.api.getIfAny(
                "/admin/v1/keys", [("active", "true"), ("limit", "\(Limits.pageItemsMax)")])
        else { return nil }
        let words = visit.words
        let rows = (found["items"]?.elements ?? []).map { key -> [String: Any] in
            let used = words.moment(key["last_used_at"]?.string)
            return [
                "name": key["name"]?.string ?? "",
                "scopes": (key["scopes"]?.elements ?? []).compactMap(\.string)
                    .joined(separator: ", "),
                "scope": visit.account(key["account"]?.string) ?? words["every_account"],
                "used": used.map { words("key_used", ["when": $0]) } ?? words["key_unused"],
            ]
        }
        let count = words.count(Int64(rows.count))
        return ["title": words("keys_title", ["count": count]), "rows": rows]
    }

    // MARK: Webhooks

    static func webhooks(_ visit: Visit) async throws -> [String: Any] {
        let words = visit.words
        let found = try await visit.api.get(
            "/admin/v1/webhooks", [("limit", "\(Limits.pageItemsMax)")])
        let rows = (found["items"]?.elements ?? []).map { row($0, visit) }
        var values: [String: Any] = [
            "title": words("webhooks_title", ["count": words.count(Int64(rows.count))])
        ]
        if !rows.isEmpty { values["list"] = ["rows": rows] }
        return values
    }

    private static func row(_ webhook: JSONValue, _ visit: Visit) -> [String: Any] {
        let words = visit.words
        let isOn = webhook["state"]?.string == "on"
        let failing = webhook["failing"].flatMap { $0.isNull ? nil : $0 }
        var row: [String: Any] = [
            "id": webhook["id"]?.string ?? "", "url": webhook["url"]?.string ?? "",
            "scope": visit.account(webhook["account"]?.string) ?? words["every_account"],
            "state": isOn
                ? words["webhook_on"] : words["webhook_\(webhook["off_reason"]?.string ?? "off")"],
            "tone": !isOn ? "warn" : failing == nil ? "good" : "bad",
            "answered": words["webhook_unanswered"],
        ]
        row["note"] = webhook["note"]?.string
        if let last = webhook["last_attempt"], !last.isNull {
            let status = last["status"]?.integer.map { "HTTP \($0)" }
            row["answered"] = words(
                "webhook_answered",
                [
                    "when": words.moment(last["at"]?.string) ?? "",
                    "answer": status ?? last["error"]?.string ?? "",
                ])
        }
        if let failing {
            row["failing"] = words(
                "webhook_failing",
                [
                    "since": words.moment(failing["since"]?.string) ?? "",
                    "count": words.count(failing["attempts"]?.integer ?? 0),
                    "next": words.moment(failing["next_attempt_at"]?.string) ?? "",
                ])
        }
        if let count = webhook["skipped"]?.integer, count > 0 {
            row["skipped"] = words("webhook_skipped", ["count": words.count(count)])
        }
        return row
    }
}
