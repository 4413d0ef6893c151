// The one reader of options: from the query of the admin API, from the command line, and from the
// options that an earlier import was read with.

import LoketCore

extension FileOptions {
    /// The parameters that `take` reads. `format` is not one of them, because the media type of a
    /// request also determines it.
    package static let parameters: Set<String> = [
        "amount_format", "date_format", "delimiter", "encoding", "skip_lines", "map", "ignore",
        "skip_rows", "clean_codes", "clean_spaces",
    ]

    /// The parameters for how the bytes of one file are divided into lines and cells.
    package static let formParameters: Set<String> = ["delimiter", "encoding", "skip_lines"]

    /// The parameters that may be given more than once, with one value each time.
    package static let repeatable: Set<String> = ["map", "ignore", "skip_rows"]

    /// The fault of a parameter.
    package struct Fault: Error, Sendable, Equatable {
        package let parameter: String
        /// A sentence without its subject, such as `must be one of iso, dmy`.
        package let reason: String
    }

    /// Changes the options that are given and keeps the others. `map`, `ignore` and `skip_rows` add
    /// to those that are there; a new entry of `map` replaces one of the same name or column.
    ///
    /// - Parameter given: values by parameter; other parameters are not looked at.
    package mutating func take(_ given: [String: [String]]) throws(Fault) {
        amountFormat = try Self.word("amount_format", given) ?? amountFormat
        dateFormat = try Self.word("date_format", given) ?? dateFormat
        delimiter = try Self.word("delimiter", given) ?? delimiter
        encoding = try Self.word("encoding", given) ?? encoding
        cleansCodes = try Self.flag("clean_codes", given) ?? cleansCodes
        cleansSpaces = try Self.flag("clean_spaces", given) ?? cleansSpaces
        if let text = given["skip_lines"]?.last {
            guard text.utf8.count <= 3, text.utf8.allSatisfy(isASCIIDigit), let count = Int(text),
                count <= Self.skipLinesMax
            else {
                throw Fault(
                    parameter: "skip_lines", reason: "must be 0 to \(Self.skipLinesMax)")
            }
            skipLines = count
        }
        try takeNames(given)
        try checkFormat()
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ given: [String: [String]]
    ) throws(Fault) -> Word? where Word.RawValue == String {
        guard let text = given[name]?.last else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(parameter: name, reason: "must be one of \(words)")
        }
        return word
    }

    /// Returns a parameter that is true or false; nil if it is not given.
    package static func flag(
        _ name: String, _ given: [String: [String]]
    ) throws(Fault) -> Bool? {
        switch given[name]?.last {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw Fault(parameter: name, reason: "must be one of true, false")
        }
    }
}

// MARK: Names

extension FileOptions {
    private mutating func takeNames(_ given: [String: [String]]) throws(Fault) {
        var added: [MappedColumn] = []
        for text in given["map"] ?? [] {
            let new = try Self.mapped(text)
            if let other = added.first(where: { $0.name == new.name }) {
                throw Fault(
                    parameter: "map",
                    reason: "gives the column \"\(new.name)\" twice, as \(other.target) and as "
                        + new.target)
            }
            if let other = added.first(where: { $0.column == new.column }) {
                throw Fault(
                    parameter: "map",
                    reason: "gives \(new.target) twice, as \"\(other.name)\" and as "
                        + "\"\(new.name)\"")
            }
            added.append(new)
        }
        let ignored = (given["ignore"] ?? []).map(ColumnName.normal)
        if let both = added.first(where: { ignored.contains($0.name) }) {
            throw Fault(
                parameter: "ignore",
                reason: "gives the column \"\(both.name)\", which map gives as \(both.target)")
        }
        map.removeAll { old in
            ignored.contains(old.name)
                || added.contains { $0.name == old.name || $0.column == old.column }
        }
        ignore.removeAll { old in added.contains { $0.name == old } }
        map += added
        for name in ignored where !ignore.contains(name) { ignore.append(name) }
        for text in (given["skip_rows"] ?? []).map(ColumnName.normal) {
            guard !text.isEmpty else {
                throw Fault(
                    parameter: "skip_rows",
                    reason: "must be the text of a row's first cell, such as Total")
            }
            if !skipRows.contains(text) { skipRows.append(text) }
        }
    }

    /// Reads `NAME=column`. The last `=` counts, so that a name may contain one.
    static func mapped(_ text: String) throws(Fault) -> MappedColumn {
        guard let mark = text.lastIndex(of: "=") else {
            throw Fault(
                parameter: "map",
                reason: "must be the column's name in the file, = and the bill's column, such as "
                    + "No. Faktur=invoice_number; got \(shownValue(Array(text.utf8)))")
        }
        let name = ColumnName.normal(String(text[..<mark]))
        let target = String(text[text.index(after: mark)...])
        guard !name.isEmpty else {
            throw Fault(
                parameter: "map",
                reason: "needs the column's name in the file before =\(target)")
        }
        guard let column = CSVColumn(named: target) else {
            let near = BillColumn.nearest(to: target).map { "; did you mean \($0)?" }
            let all = BillColumn.allCases.map(\.name).joined(separator: ", ")
            throw Fault(
                parameter: "map",
                reason: "gives \"\(name)\" as \"\(shownValue(Array(target.utf8)))\", which is not "
                    + "a column of a bill" + (near ?? "; the columns are \(all)"))
        }
        return MappedColumn(name: name, column: column)
    }

    /// Refuses the options that only CSV has.
    private func checkFormat() throws(Fault) {
        guard format != .csv else { return }
        let reason = "is for CSV, and the file is \(format.rawValue)"
        if layout != .csv {
            if skipLines > 0 { throw Fault(parameter: "skip_lines", reason: reason) }
            if delimiter != nil { throw Fault(parameter: "delimiter", reason: reason) }
        }
        if !skipRows.isEmpty { throw Fault(parameter: "skip_rows", reason: reason) }
        for mapped in map {
            guard case .step = mapped.column else { continue }
            throw Fault(
                parameter: "map", reason: "gives \(mapped.target), which is a column of CSV only")
        }
    }
}
