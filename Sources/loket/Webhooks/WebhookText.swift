// Text for a webhook: its lines, or a row of a list. Times are in Jakarta time.

import LoketCore
import LoketJSON

enum WebhookText {
    static func row(_ webhook: JSONValue) -> [Table.Cell] {
        let isOff = webhook["state"]?.string == "off"
        let isFailing = webhook["failing"]?.isObject == true
        return [
            .id(webhook["id"]),
            Table.Cell(state(webhook), isOff ? .red : isFailing ? .yellow : .green),
            .time(webhook["last_attempt"]?["at"]),
            Table.Cell(
                webhook["last_attempt"]?["status"]?.integer.map { "\($0)" }
                    ?? webhook["last_attempt"]?["error"]?.string),
            Table.Cell(webhook["skipped"]),
            Table.Cell(webhook["account"]?.string ?? "every account"),
            Table.Cell(types(webhook)), Table.Cell(webhook["url"]),
        ]
    }

    static func lines(_ webhook: JSONValue) -> String {
        let id = shown(webhook["id"])
        var lines = [
            "#\(id)  \(state(webhook))  \(shown(webhook["url"]))",
            "types: \(types(webhook))",
            "account: \(webhook["account"]?.string ?? "every account")",
        ]
        if let note = webhook["note"]?.string { lines.append("note: \(note)") }
        lines.append(
            "created: \(wibTime(webhook["created_at"]) ?? "-") by \(shown(webhook["created_by"]))")
        lines.append("last event: \(shown(webhook["last_event"]))")
        if let attempt = webhook["last_attempt"], attempt.isObject {
            let result = attempt["error"]?.string ?? "HTTP \(shown(attempt["status"]))"
            lines.append("last attempt: \(wibTime(attempt["at"]) ?? "-"): \(result)")
        }
        if let failing = webhook["failing"], failing.isObject {
            lines.append(
                "refused: event \(shown(failing["event"])), \(shown(failing["attempts"])) times "
                    + "since \(wibTime(failing["since"]) ?? "-"); next attempt "
                    + (wibTime(failing["next_attempt_at"]) ?? "-"))
        }
        if webhook["secrets"]?.integer == 0 {
            lines.append("secret: missing; create one: `loket webhooks rotate \(id)`")
        } else if webhook["secrets"]?.integer == 2 {
            lines.append("secrets: 2; end the old one: `loket webhooks drop-old-secret \(id)`")
        }
        if let skipped = webhook["skipped"]?.integer, skipped > 0 {
            lines.append("skipped: \(skipped), see `loket webhooks skipped \(id)`")
        }
        return lines.map(\.visible).joined(separator: "\n")
    }

    private static func state(_ webhook: JSONValue) -> String {
        guard webhook["state"]?.string == "off" else {
            return webhook["failing"]?.isObject == true ? "failing" : "on"
        }
        return "off: \(shown(webhook["off_reason"]))"
    }

    private static func types(_ webhook: JSONValue) -> String {
        guard let types = webhook["types"], !types.isNull else { return "every type" }
        return types.elements.compactMap(\.string).joined(separator: ",")
    }

    /// Writes types that were given with commas between them; an empty text is null.
    static func write(_ types: String, to body: inout JSONWriter) {
        guard !types.isEmpty else { return body.field("types", nil as String?) }
        body.array("types") { list in
            for type in types.split(separator: ",", omittingEmptySubsequences: false) {
                list.string(String(type))
            }
        }
    }

    /// Prints a new secret, which is shown only once.
    static func show(secretOf webhook: JSONValue, _ output: OutputOption) throws {
        let id = webhook["id"]?.string ?? ""
        do {
            try output.show(webhook) { $0["secret"]?.string ?? "" }
        } catch {
            Output.note(
                "webhook \(id) was changed, but its secret was not shown; create another: "
                    + "`loket webhooks rotate \(id)`\n")
            throw error
        }
        Output.note(
            "the secret of webhook \(id) is shown only once; try it: `loket webhooks test \(id)`\n")
    }
}
