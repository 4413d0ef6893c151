// The faults of an import by cause, and its remarks on rows, page by page.

import LoketCore
import LoketJSON

extension ImportView {
    /// The kinds of remarks with a list of their own.
    private static let kinds = [
        "refused", "changed", "skipped", "cleaned", "overtaken", "held", "flagged", "kept",
    ]
    private static let limit = 20

    /// Reads an import with the remarks that an address names.
    static func read(_ id: String, _ visit: Visit) async throws -> (ImportView, [String: Any]) {
        var parameters: [String: String] = [:]
        if visit.request.method == .get {
            parameters = try visit.request.parameters(["show", "cursor"])
        }
        let show = parameters["show"].flatMap { Self.kinds.contains($0) ? $0 : nil }
        let record = try await visit.api.get(
            "\(ImportPage.api)/\(id.escapedForQuery)",
            [
                ("outcome", show), ("cursor", parameters["cursor"]), ("limit", "\(Self.limit)"),
            ])
        let view = ImportView(record, visit)
        var values = view.values()
        values["notes"] = view.notes(show)
        if view.isRunning {
            values["refresh"] = "\(ImportPage.place(view.id))/now".with([("show", show)])
        }
        return (view, values)
    }

    /// Nil if there are none at all.
    private func notes(_ show: String?) -> [String: Any]? {
        let items = record["notes"]?["items"]?.elements ?? []
        guard !items.isEmpty || show != nil else { return nil }
        let place = ImportPage.place(id)
        var notes: [String: Any] = [
            "filters": ([nil] + Self.kinds).map { (kind: String?) -> [String: Any] in
                [
                    "name": words["import_show_\(kind ?? "all")"], "here": kind == show,
                    "path": place.with([("show", kind)]),
                ]
            },
            "items": items.map { note($0) }, "no_items": items.isEmpty,
        ]
        notes["next"] = record["notes"]?["next_cursor"]?.string.map {
            place.with([("show", show), ("cursor", $0)])
        }
        return notes
    }

    private func note(_ item: JSONValue) -> [String: Any] {
        let outcome = item["outcome"]?.string ?? ""
        let value = [column(item["column"]), item["value"]?.string ?? ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
        let reason = reason(item["reason"])
        return [
            "line": item["line"]?.integer.map { words("import_line", ["line": "\($0)"]) } ?? "–",
            "invoice": item["invoice_number"]?.string ?? "",
            "value": value, "has_value": !value.isEmpty, "has_reason": !reason.isEmpty,
            "outcome": words["import_show_\(outcome)"],
            "note_tone": outcome == "refused" ? "bad" : "quiet",
            "reason": reason,
        ]
    }

    private func column(_ value: JSONValue?) -> String {
        value?.string.map { words.ifAny("import_col_\($0)") ?? $0 } ?? ""
    }

    /// The reason in the words of the API, without the options of a command.
    private func reason(_ value: JSONValue?) -> String {
        let reason = value?.string ?? ""
        guard let advice = Self.advice(in: reason) else { return reason }
        return reason[..<advice.startIndex].split(separator: ";").dropLast().joined(separator: ";")
    }

    var causes: [[String: Any]] {
        (record["causes"]?.elements ?? []).enumerated().map { place, cause in
            let lines = (cause["lines"]?.elements ?? []).compactMap(\.integer)
            let count = cause["count"]?.integer ?? 0
            var values: [String: Any] = [
                "count": words.count(count), "column": column(cause["column"]),
                "reason": reason(cause["reason"]), "is_open": place < 3,
                "lines": lines.isEmpty
                    ? ""
                    : words(
                        count == 1 ? "import_lines_one" : "import_lines",
                        ["lines": lines.map { "\($0)" }.joined(separator: ", ")])
                        + (count > Int64(lines.count) ? ", …" : ""),
            ]
            values["remedy"] = remedy(cause["reason"]?.string ?? "")
            return values
        }
    }

    /// The option that a reason proposes, in the words of the form.
    private func remedy(_ reason: String) -> String? {
        let option =
            /\b(amount_format|date_format|delimiter|encoding|format)=([a-z0-9-]+)/
        guard let found = reason.firstMatch(of: option) else { return nil }
        let (name, value) = (String(found.output.1), String(found.output.2))
        return words(
            "import_remedy",
            ["option": words["import_\(name)"], "value": Self.word(name, value, words)])
    }
}
