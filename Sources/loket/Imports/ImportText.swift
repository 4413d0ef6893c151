// Text for an import in the terminal: the result of the comparison, the changes made, and every row
// that needs attention.

import LoketCore
import LoketJSON

enum ImportText {
    /// Returns one line for a list.
    static func line(_ item: JSONValue) -> String {
        let parts = [
            "#" + shown(item["id"]), wibTime(item["started_at"]), stateWords(item),
            "\(number(item["rows"])) rows", "by \(shown(item["actor"]))",
            item["failure"]?.string,
        ]
        return parts.compactMap(\.self).joined(separator: "  ")
    }

    /// - Parameter asked: The options of this page of notes, for the command that shows the next.
    static func page(_ item: JSONValue, asked: String = "") -> String {
        var lines = ["import \(shown(item["id"])) \(stateWords(item))"]
        if let failure = item["failure"]?.string { lines.append("  failure    \(failure)") }
        let account = item["account"]?.string.map { ", account \($0)" } ?? ""
        lines.append(
            "  file       \(number(item["rows"])) rows, "
                + "\(ProgressText.size(item["bytes"]?.integer ?? 0)), \(shown(item["format"])), "
                + "amounts \(shown(item["amount_format"]))\(account)")
        lines.append(
            "  compared   " + counts(item["diff"], ["new", "changed", "unchanged"]) + ", "
                + counts(item["diff"], ["skipped", "refused"]))
        if item["dry_run"]?.bool != true, item["state"]?.string != "refused" {
            lines.append(
                "  applied    " + counts(item["applied"], ["created", "changed", "overtaken"])
                    + held(item["applied"]?["held"]))
        }
        if item["undone"]?.isObject == true {
            lines.append(
                "  undone     " + counts(item["undone"], ["cancelled", "restored", "kept"]))
        }
        let from = wibTime(item["started_at"]) ?? "-"
        let to = wibTime(item["finished_at"]).map { " to \($0)" } ?? ""
        lines.append("  when       \(from)\(to), by \(shown(item["actor"]))")
        return (lines + notes(item, asked)).joined(separator: "\n")
    }

    /// Returns the notes of this page, and the command that shows the next page.
    private static func notes(_ item: JSONValue, _ asked: String) -> [String] {
        let notes = item["notes"]?["items"]?.elements ?? []
        guard !notes.isEmpty else { return [] }
        let more = item["notes"]?["next_cursor"]?.string.map { cursor in
            "next page: `loket imports show \(shown(item["id"]))\(asked) --cursor \(cursor)`"
        }
        return [""] + notes.map(note) + [more].compactMap(\.self)
    }

    /// Returns, for example, `line 12, amount "1.500": reason`. Outcomes other than `refused` are
    /// named.
    static func note(_ note: JSONValue) -> String {
        let column = note["column"]?.string
        let value = note["value"]?.string.map { "\"\($0)\"" }
        let cell = [column, value].compactMap(\.self).joined(separator: " ")
        let place = [
            note["line"]?.integer.map { "line \($0)" }, cell.isEmpty ? nil : cell,
            note["invoice_number"]?.string,
        ]
        let known = place.compactMap(\.self).joined(separator: ", ")
        let outcome = note["outcome"]?.string ?? ""
        let verdict = outcome == "refused" ? "" : outcome + ": "
        return (known.isEmpty ? "the file" : known) + ": " + verdict + shown(note["reason"]).inWIB
    }

    /// Returns the number of held bills; empty if 0, as almost always.
    private static func held(_ count: JSONValue?) -> String {
        let count = count?.integer ?? 0
        return count == 0 ? "" : ", \(ProgressText.grouped(count)) held"
    }

    private static func stateWords(_ item: JSONValue) -> String {
        let state = shown(item["state"])
        if state == "running" { return item["phase"]?.string ?? state }
        return state == "checked" ? "checked, nothing applied (dry run)" : state
    }

    private static func counts(_ object: JSONValue?, _ names: [String]) -> String {
        let members = object?.members ?? []
        return names.map { name in
            let value = members.first { $0.name == name }?.value
            return "\(number(value)) \(name)"
        }.joined(separator: ", ")
    }

    private static func number(_ value: JSONValue?) -> String {
        ProgressText.grouped(value?.integer ?? 0)
    }
}
