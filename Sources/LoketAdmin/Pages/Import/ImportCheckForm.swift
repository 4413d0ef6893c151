// The form with which the options of a checked file are changed: a choice above each column, the
// forms of amounts and dates with the first values as they would be read, and the rest.

import BillFiles
import LoketCore
import LoketJSON

struct ImportCheckForm {
    /// The maximum number of columns with a choice.
    static let columnsMax = 200

    let record: JSONValue
    let file: UploadedFile
    let words: Words
    /// The form that was refused; nil for the options of the import.
    let typed: PageForm?
    let problem: Problem?

    var values: [String: Any] {
        let faults = ImportQuery.faults(problem, words)
        let columns = Self.columns(record, file)
        let chosen = columns.enumerated().map { choice($0, $1) }
        var values: [String: Any] = [
            "columns": zip(columns, chosen).enumerated().map { column($0, $1.0, $1.1) },
            "has_columns": !chosen.isEmpty,
            "amounts": radios("amount_format", AmountFormat.allCases.map(\.rawValue)) { form in
                samples("amount", columns, chosen) {
                    AmountFormat(rawValue: form)?.amount($0)?.text
                }
            },
            "dates": radios("date_format", DateFormat.allCases.map(\.rawValue)) { form in
                samples("expires_at", columns, chosen) {
                    words.moment(DateFormat(rawValue: form)?.moment($0)?.utcText)
                }
            },
            "selects": selects(faults), "skip_lines": value("skip_lines") ?? "0",
            "skip_rows": typed?["skip_rows"] ?? skippedRows, "note": value("note") ?? "",
            "cleans": ["clean_codes", "clean_spaces"].map {
                ["name": $0, "text": words["import_\($0)"], "on": value($0) == "true"]
            },
            "has_advice": typed == nil && !advice.isEmpty,
        ]
        for name in ["skip_lines", "skip_rows", "note"] { values["\(name)_fault"] = faults[name] }
        let shown = ["skip_lines", "skip_rows", "note", "delimiter", "encoding", "format"]
        values["more_open"] = faults.keys.contains { shown.contains($0) }
        values["form_fault"] = faults.first { !shown.contains($0.key) }?.value
        return values
    }

    /// The value that was typed, else that of the import.
    private func value(_ name: String) -> String? {
        if let typed { return typed[name] }
        let value =
            (record["options"]?.members.first { $0.name == name }?.value)
            ?? record.members.first { $0.name == name }?.value
        return value?.string ?? value?.integer.map { "\($0)" } ?? value?.bool.map { "\($0)" }
    }

    private var skippedRows: String {
        (record["options"]?["skip_rows"]?.elements ?? []).compactMap(\.string)
            .joined(separator: "\n")
    }

    // MARK: Columns

    /// Returns the columns with a choice, read from the beginning of the file with the options of
    /// the import; none for refused rows.
    static func columns(_ record: JSONValue, _ file: UploadedFile) -> [FilePreview.Column] {
        guard record["options"]?["rows_of"]?.string == nil else { return [] }
        let kept = record["options"].map { String(decoding: $0.minified, as: UTF8.self) }
        let options = kept.flatMap { FileOptions(json: $0) } ?? FileOptions()
        let beginning = file.beginning
        let isCut = beginning.count == UploadedFile.previewBytes
        let preview = FilePreview(beginning, isCut: isCut, options)
        return Array((preview?.columns ?? []).prefix(columnsMax))
    }

    /// The bill's columns that the API proposes for names of the file.
    private var advice: [String: String] {
        let reasons = (record["causes"]?.elements ?? []).compactMap { $0["reason"]?.string }
        guard let text = reasons.compactMap({ ImportView.advice(in: $0) }).first else { return [:] }
        var advice: [String: String] = [:]
        for found in text.matches(of: /--map '([^']*)=([a-z_]+)'/) {
            advice[String(found.output.1)] = String(found.output.2)
        }
        for found in text.matches(of: /--ignore '([^']*)'/) {
            advice[String(found.output.1)] = ImportQuery.unread
        }
        return advice
    }

    /// Returns the choice for a column; nil if its name is unknown.
    private func choice(_ place: Int, _ column: FilePreview.Column) -> String? {
        if let typed { return typed["column_\(place)"] }
        if column.isIgnored { return ImportQuery.unread }
        let name = column.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return advice[name] ?? column.target
    }

    private func column(
        _ place: Int, _ column: FilePreview.Column, _ chosen: String?
    ) -> [String: Any] {
        var targets = BillColumn.allCases.map(\.name)
        if let own = chosen ?? column.target, own != ImportQuery.unread, !targets.contains(own) {
            targets.append(own)
        }
        var choices: [[String: Any]] = [
            [
                "value": ImportQuery.unread, "text": words["import_unread"],
                "on": chosen == ImportQuery.unread,
            ]
        ]
        if chosen == nil {
            choices.insert(["value": "", "text": words["import_choose"], "on": true], at: 0)
        }
        choices += targets.map {
            ["value": $0, "text": words.ifAny("import_col_\($0)") ?? $0, "on": $0 == chosen]
        }
        let samples = column.values.filter { !$0.isEmpty }.joined(separator: " · ")
        return [
            "place": place, "choices": choices, "samples": samples,
            "label": column.name.isEmpty ? words["import_nameless"] : column.name,
        ]
    }

    // MARK: Forms of values

    private func radios(
        _ name: String, _ forms: [String], _ samples: (String) -> String
    ) -> [[String: Any]] {
        forms.map { form in
            [
                "name": name, "value": form, "text": words["import_form_\(form)"],
                "on": (value(name) ?? forms.first) == form, "samples": samples(form),
            ]
        }
    }

    /// The first values of a column as they would be read.
    private func samples(
        _ target: String, _ columns: [FilePreview.Column], _ chosen: [String?],
        _ read: (String) -> String?
    ) -> String {
        guard let place = chosen.firstIndex(of: target) else { return "" }
        return columns[place].values.filter { !$0.isEmpty }
            .map { "\($0) → \(read($0) ?? words["import_misread"])" }.joined(separator: " · ")
    }

    private func selects(_ faults: [String: String]) -> [[String: Any]] {
        let options: [(name: String, choices: [String])] = [
            ("format", ImportFormat.allCases.map(\.rawValue)),
            ("delimiter", [""] + CSVDelimiter.allCases.map(\.rawValue)),
            ("encoding", FileEncoding.allCases.map(\.rawValue)),
        ]
        return options.map { name, choices in
            [
                "name": name, "label": words["import_\(name)"],
                "select_fault": faults[name] ?? false,
                "choices": choices.map { choice in
                    [
                        "value": choice, "on": choice == value(name) ?? "",
                        "text": words.ifAny("import_\(name)_\(choice)") ?? choice,
                    ] as [String: Any]
                },
            ]
        }
    }
}
