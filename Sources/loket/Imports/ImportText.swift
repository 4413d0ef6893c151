// Text for an import in the terminal: the result of the comparison, the changes made, and every row
// that needs attention.

import LoketCore
import LoketJSON

enum ImportText {
    static let columns: [Table.Column] = [
        "ID", "STARTED (WIB)", "STATE", .right("ROWS"), "FILE", "BY", "NOTE", "FAILURE",
    ]

    static func row(_ item: JSONValue) -> [Table.Cell] {
        [
            .id(item["id"]), .time(item["started_at"]), Table.Cell(stateWords(item)),
            Table.Cell(number(item["rows"])), Table.Cell(item["file_name"]),
            Table.Cell(item["actor"]), Table.Cell(item["note"]),
            Table.Cell(item["failure"]?.string.map(FileOptionArguments.spelt)),
        ]
    }

    /// - Parameter asked: The options of this page of notes, for the command that shows the next.
    static func page(_ item: JSONValue, asked: String = "") -> String {
        var lines = ["import \(shown(item["id"])) \(stateWords(item))"]
        if let failure = item["failure"]?.string {
            lines.append("  failure    \(FileOptionArguments.spelt(failure).visible)")
        }
        lines += file(item)
        lines.append(
            "  compared   " + counts(item["diff"], ["new", "changed", "unchanged"]) + ", "
                + counts(item["diff"], ["skipped", "refused"]))
        if let count = item["diff"]?["lowered"]?.integer, count > 0 {
            let sum = shownAmount(item["diff"]?["lowered_by"])
            lines.append("  lowered    \(ProgressText.grouped(count)) amounts, by \(sum) in all")
        }
        for warning in item["warnings"]?.elements ?? [] {
            lines.append("  warning    \(shown(warning["text"]))")
        }
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
        return (lines + causes(item) + notes(item, asked)).joined(separator: "\n")
    }

    /// Returns the lines on the file and on how it was read.
    private static func file(_ item: JSONValue) -> [String] {
        let account = item["account"]?.string.map { ", account \($0)" } ?? ""
        let name = item["file_name"]?.string.map { "\($0.visible), " } ?? ""
        var lines = [
            "  file       \(name)\(number(item["rows"])) rows, "
                + "\(ProgressText.size(item["bytes"]?.integer ?? 0)), \(shown(item["format"])), "
                + "amounts \(shown(item["amount_format"]))\(account)"
        ]
        let options = FileOptionArguments.words(item["options"])
        if !options.isEmpty { lines.append("  options    " + options.joined(separator: " ")) }
        if let note = item["note"]?.string { lines.append("  note       \(note.visible)") }
        return lines
    }

    /// Returns the causes of refused rows, if several rows have the same.
    private static func causes(_ item: JSONValue) -> [String] {
        let causes = item["causes"]?.elements ?? []
        guard causes.contains(where: { $0["count"]?.integer ?? 0 > 1 }) else { return [] }
        let isArray = isArray(item)
        return ["", "refused values by cause:"] + causes.map { cause($0, isArray: isArray) }
    }

    /// Returns, for example, `  500 × expires_at: reason (lines 2, 3, 4, 5, 6, …)`.
    private static func cause(_ cause: JSONValue, isArray: Bool) -> String {
        let count = cause["count"]?.integer ?? 0
        let lines = cause["lines"]?.elements.compactMap(\.integer) ?? []
        let place = (isArray ? "object" : "line") + (lines.count == 1 ? "" : "s")
        let list = lines.map(String.init).joined(separator: ", ")
        let more = count > Int64(lines.count) ? ", …" : ""
        let column = cause["column"]?.string.map { "\($0.visible): " } ?? ""
        return "  \(ProgressText.grouped(count)) × \(column)"
            + FileOptionArguments.spelt(shown(cause["reason"])).visible.inWIB
            + (lines.isEmpty ? "" : " (\(place) \(list)\(more))")
    }

    /// Returns the notes of this page, and the command that shows the next page.
    private static func notes(_ item: JSONValue, _ asked: String) -> [String] {
        let notes = item["notes"]?["items"]?.elements ?? []
        guard !notes.isEmpty else { return [] }
        let more = item["notes"]?["next_cursor"]?.string.map { cursor in
            "next page: `loket imports show \(shown(item["id"]))\(asked) --cursor \(cursor)`"
        }
        let isArray = isArray(item)
        return [""] + notes.map { note($0, isArray: isArray) } + [more].compactMap(\.self)
    }

    /// Whether a line is the number of an object in a JSON array.
    private static func isArray(_ item: JSONValue) -> Bool {
        item["format"]?.string == "json" && item["options"]?["rows_of"]?.string == nil
    }

    /// Returns, for example, `line 12, amount "1.500": reason`. Outcomes other than `refused` are
    /// named.
    ///
    /// - Parameter isArray: Whether the line is the number of an object in a JSON array.
    static func note(_ note: JSONValue, isArray: Bool = false) -> String {
        let column = note["column"]?.string
        let value = note["value"]?.string.map { "\"\($0)\"" }
        let cell = [column, value].compactMap(\.self).joined(separator: " ")
        let place = [
            note["line"]?.integer.map { (isArray ? "object" : "line") + " \($0)" },
            cell.isEmpty ? nil : cell,
            note["invoice_number"]?.string,
        ]
        let known = place.compactMap(\.self).joined(separator: ", ")
        let outcome = note["outcome"]?.string ?? ""
        let verdict = outcome == "refused" ? "" : outcome + ": "
        return (known.isEmpty ? "the file" : known.visible) + ": " + verdict
            + FileOptionArguments.spelt(shown(note["reason"])).visible.inWIB
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
