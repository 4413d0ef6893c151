// One import for its page: the check, the difference, and what was applied or can be.

import LoketCore
import LoketJSON

struct ImportView {
    let record: JSONValue
    let visit: Visit

    var words: Words { visit.words }

    init(_ record: JSONValue, _ visit: Visit) {
        self.record = record
        self.visit = visit
    }

    var id: String { record["id"]?.string ?? "" }
    var state: String { record["state"]?.string ?? "" }
    var isRunning: Bool { state == "running" }
    var isDryRun: Bool { record["dry_run"]?.bool == true }
    private var made: Int64 {
        count(record["applied"]?["created"]) + count(record["applied"]?["changed"])
    }

    static func name(_ item: JSONValue, _ words: Words) -> String {
        item["file_name"]?.string ?? words["import_unnamed"]
    }

    /// The state as a word: of an import that is running, its phase.
    static func state(_ item: JSONValue, _ words: Words) -> String {
        let state = item["state"]?.string ?? ""
        return words["import_state_\(state == "running" ? item["phase"]?.string ?? state : state)"]
    }

    static func tone(_ item: JSONValue) -> String {
        switch item["state"]?.string {
        case "applied": "good"
        case "refused", "failed": "bad"
        case "running": "warn"
        default: "quiet"
        }
    }

    /// The value of an option in the words of the form.
    static func word(_ option: String, _ value: String, _ words: Words) -> String {
        words.ifAny("import_\(option)_\(value)") ?? words.ifAny("import_form_\(value)") ?? value
    }

    /// The options that a reason proposes, as the words of a command; nil if it proposes none.
    static func advice(in reason: String) -> Substring? {
        let start = /(?:to read the file as it is|names of its columns), for example: (.*)/
        return reason.firstMatch(of: start).map { $0.output.1 }
    }

    // MARK: For the template

    func values() -> [String: Any] {
        var values: [String: Any] = [
            "own": ImportPage.place(id), "id": id, "name": Self.name(record, words),
            "state": Self.state(record, words), "tone": Self.tone(record),
            "lead": words(
                "import_lead",
                [
                    "who": record["actor"]?.string ?? words["nobody"],
                    "when": words.moment(record["started_at"]?.string) ?? "",
                    "rows": words.count(count(record["rows"])),
                ]),
            "how": how, "causes": causes,
        ]
        values["note_text"] = record["note"]?.string
        if isRunning { values["progress"] = progress } else { addResult(&values) }
        if visit.mayWrite { addActions(&values) }
        values["has_third"] =
            ["can_apply", "can_undo"].contains { values[$0] as? Bool == true }
            || values["applied"] != nil || values["undone"] != nil
        return values
    }

    private func addResult(_ values: inout [String: Any]) {
        if record["phase"]?.isNull == true, state != "failed" || made > 0 {
            values["difference"] = difference
        }
        values["warnings"] = warnings
        values["warned"] = !warnings.isEmpty
        if !isDryRun, made > 0 || state == "applied" {
            values["applied"] = words(
                "import_applied", counts("applied", ["created", "changed", "overtaken", "held"]))
        }
        if record["undone"]?.isObject == true {
            values["undone"] = words(
                "import_undone", counts("undone", ["cancelled", "restored", "kept"]))
        }
        if state == "failed" { values["failure"] = record["failure"]?.string }
        if count(record["diff"]?["refused"]) > 0 {
            values["bad_rows"] = ImportPage.place(id) + "/rows"
        }
    }

    private func addActions(_ values: inout [String: Any]) {
        if isRunning { values["can_cancel"] = record["phase"]?.string != "undoing" }
        guard !isRunning else { return }
        values["can_undo"] = made > 0 && ["applied", "failed"].contains(state)
        guard ["checked", "refused", "failed"].contains(state) else { return }
        let isKept = visit.upload?.importIDs.contains(id) == true
        values["is_lost"] = !isKept
        values["again"] = ImportPage.path.with([("like", id)])
        values["can_apply"] =
            isKept && count(record["diff"]?["refused"]) == 0 && state != "failed"
    }

    private func count(_ value: JSONValue?) -> Int64 { value?.integer ?? 0 }

    private func counts(_ part: String, _ names: [String]) -> [String: String] {
        let members = (record.members.first { $0.name == part }?.value)?.members ?? []
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, words.count(count(members.first { $0.name == name }?.value)))
            })
    }

    /// The options with which the file was read, as a sentence.
    private var how: String {
        let options = record["options"]
        var parts = ["format", "amount_format", "date_format", "delimiter", "encoding"]
            .compactMap { name -> String? in
                let value = options?.members.first { $0.name == name }?.value.string
                return value.map { value in
                    "\(words["import_\(name)"]): \(Self.word(name, value, words))"
                }
            }
        if let lines = options?["skip_lines"]?.integer, lines > 0 {
            parts.append("\(words["import_skip_lines"]): \(lines)")
        }
        parts += (options?["map"]?.members ?? []).map { name, value in
            let target = value.string ?? ""
            return "\(name) = \(words.ifAny("import_col_\(target)") ?? target)"
        }
        parts += (options?["ignore"]?.elements ?? []).map {
            "\($0.string ?? "") = \(words["import_unread"])"
        }
        return parts.joined(separator: " · ")
    }

    private var progress: [String: Any] {
        let phase = record["phase"]?.string
        let done: Int64
        let all: Int64
        switch phase {
        case "checking": (done, all) = (count(record["checked"]), count(record["rows"]))
        case "applying":
            done = made + count(record["applied"]?["overtaken"])
            all = count(record["diff"]?["new"]) + count(record["diff"]?["changed"])
        case "undoing":
            done = ["cancelled", "restored", "kept"].reduce(0) { sum, name in
                sum + count(record["undone"]?.members.first { $0.name == name }?.value)
            }
            all = made
        default: (done, all) = (0, 0)
        }
        var progress: [String: Any] = [
            "text": words("import_done", ["done": words.count(done), "all": words.count(all)]),
            "done": done, "all": max(all, 1), "is_counted": all > 0,
        ]
        progress["waits"] = record["failure"]?.string
        return progress
    }

    private var difference: [String: Any] {
        let diff = record["diff"]
        let figures = ["new", "changed", "unchanged", "refused"].map { name -> [String: Any] in
            let value = diff?.members.first { $0.name == name }?.value
            return ["big": words.count(count(value)), "text": words["import_figure_\(name)"]]
        }
        var lines: [String] = []
        if count(diff?["skipped"]) > 0 {
            lines.append(words("import_skipped", ["count": words.count(count(diff?["skipped"]))]))
        }
        if count(diff?["lowered"]) > 0 {
            lines.append(
                words(
                    "import_lowered",
                    [
                        "count": words.count(count(diff?["lowered"])),
                        "sum": rupiah(diff?["lowered_by"]?.integer) ?? "",
                    ]))
        }
        return ["figures": figures, "lines": lines.map { ["line_text": $0] }]
    }

    private var warnings: [[String: Any]] {
        (record["warnings"]?.elements ?? []).map {
            [
                "text": words["import_warning_\($0["kind"]?.string ?? "")"],
                "detail": $0["text"]?.string ?? "",
            ]
        }
    }
}
