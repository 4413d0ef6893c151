// The parameters of an import, from the options of an earlier one or from the form in which they
// were changed, and the faults that the API found in them.

import BillFiles
import Foundation
import LoketJSON

enum ImportQuery {
    typealias Pairs = [(name: String, value: String?)]

    /// The format that a file's name says.
    static func format(ofFileNamed name: String?) -> String? {
        switch name?.split(separator: ".").last?.lowercased() {
        case "csv", "tsv", "tab", "txt", "xls", "xlsx", "ods": "csv"
        case "ndjson", "jsonl": "ndjson"
        case "json": "json"
        default: nil
        }
    }

    /// The options of an import, for the same file.
    static func repeating(_ record: JSONValue) -> Pairs {
        let options = record["options"]
        return history(record, note: record["note"]?.string)
            + [
                ("amount_format", options?["amount_format"]?.string),
                ("date_format", options?["date_format"]?.string),
                ("delimiter", options?["delimiter"]?.string),
                ("encoding", options?["encoding"]?.string),
                ("skip_lines", options?["skip_lines"]?.integer.flatMap { $0 > 0 ? "\($0)" : nil }),
                ("clean_codes", options?["clean_codes"]?.bool.map { "\($0)" }),
                ("clean_spaces", options?["clean_spaces"]?.bool.map { "\($0)" }),
            ]
            + list("skip_rows", options?["skip_rows"]) + names(record)
    }

    /// The options of a form, for the file of an import.
    ///
    /// - Parameter columns: those of the form; empty if it has none.
    static func changing(
        _ record: JSONValue, _ form: PageForm, _ columns: [FilePreview.Column]
    ) -> Pairs {
        let skipped = (form["skip_rows"] ?? "").split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return history(record, note: form["note"], format: form["format"])
            + [
                ("amount_format", form["amount_format"]), ("date_format", form["date_format"]),
                ("delimiter", form["delimiter"]), ("encoding", form["encoding"]),
                ("skip_lines", form["skip_lines"].flatMap { $0 == "0" ? nil : $0 }),
                ("clean_codes", form["clean_codes"] ?? "false"),
                ("clean_spaces", form["clean_spaces"] ?? "false"),
            ]
            + skipped.map { ("skip_rows", $0) }
            + (columns.isEmpty ? names(record) : chosen(form, columns))
    }

    private static func history(
        _ record: JSONValue, note: String?, format: String? = nil
    ) -> Pairs {
        let rowsOf = record["options"]?["rows_of"]?.string
        return [
            ("format", rowsOf == nil ? format ?? record["format"]?.string : "csv"),
            ("rows_of", rowsOf), ("file_name", record["file_name"]?.string),
            ("note", note), ("account", record["account"]?.string),
        ]
    }

    private static func names(_ record: JSONValue) -> Pairs {
        (record["options"]?["map"]?.members ?? []).map {
            ("map", "\($0.name)=\($0.value.string ?? "")")
        } + list("ignore", record["options"]?["ignore"])
    }

    private static func list(_ name: String, _ value: JSONValue?) -> Pairs {
        (value?.elements ?? []).map { (name, $0.string) }
    }

    // MARK: Columns

    /// The choice of a column that is not read.
    static let unread = "-"

    /// Returns `map` and `ignore` for the chosen columns.
    private static func chosen(_ form: PageForm, _ columns: [FilePreview.Column]) -> Pairs {
        columns.enumerated().compactMap { place, column in
            switch form["column_\(place)"] {
            case nil, column.meant: nil
            case unread: ("ignore", column.name)
            case let target?: ("map", "\(column.name)=\(target)")
            }
        }
    }

    // MARK: Faults

    /// The sentences about a refused form by the name of the field, and about the rest by "".
    static func faults(_ problem: Problem?, _ words: Words) -> [String: String] {
        guard let problem else { return [:] }
        if let fault = problem.faults.first {
            return [String(fault.pointer.dropFirst()): fault.detail]
        }
        guard problem.cause == .invalidParameter,
            let field = problem.detail.firstMatch(of: /^`([a-z_]+)` (.*)/)
        else {
            let text = words.ifAny("problem_\(problem.cause.rawValue)") ?? problem.detail
            return ["": text]
        }
        return [String(field.output.1): words("import_fault", ["what": String(field.output.2)])]
    }
}
