// The columns of a file by their own names, so that refused rows can be written as the file has them.

import LoketCore
import LoketJSON

package struct FileHeader: Sendable, Equatable {
    struct Column: Equatable {
        let name: String
        /// The bill's column; nil for a column that is not read.
        let column: CSVColumn?
    }

    let columns: [Column]

    /// The one column of a file of JSON objects, which contains an object.
    package static let objects = FileHeader(
        columns: [Column(name: RefusedRows.objectColumn, column: nil)])

    /// Of a file whose header was not read.
    package static let none = FileHeader(columns: [])

    init(columns: [Column]) { self.columns = columns }

    package var names: [String] { columns.map(\.name) }

    /// Returns a bill as cells of the file. Columns that are not read are empty; dates and amounts
    /// are in a form that the options read.
    ///
    /// - Parameter given: the optional fields that the row contains.
    package func cells(
        of bill: BillDraft, given: GivenFields, _ options: FileOptions, now: Moment
    ) -> [String] {
        guard options.format == .csv else {
            return [Self.object(of: bill, given: given, options, now: now)]
        }
        let writer = BillFileWriter(format: .csv, now: now, dates: options.dateFormat)
        return columns.map { column in
            column.column.map { FormulaGuard.guarded(writer.text($0, of: bill)) } ?? ""
        }
    }

    /// Returns a bill as an object with the names of the file's members.
    private static func object(
        of bill: BillDraft, given: GivenFields, _ options: FileOptions, now: Moment
    ) -> String {
        var bytes: [UInt8] = []
        BillFileWriter(format: .ndjson, now: now).write(bill, to: &bytes)
        guard let root = try? StrictJSON(Array(bytes.dropLast())).root else { return "" }
        var writer = JSONWriter()
        writer.object { object in
            for (name, value) in root.members {
                let column = BillColumn(rawValue: name)
                let isAbsent = column.map { !given.isSuperset(of: $0.optional) } ?? false
                if isAbsent || column == .amounts && value.isNull { continue }
                let mapped = options.map.first { $0.column.name == name }
                object.name(mapped?.name ?? name)
                object.value(json: value.minified)
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

// MARK: JSON

extension FileHeader {
    /// `[["No. Faktur", "invoice_number"], ["Tgl Faktur"]]`.
    package var json: String {
        var writer = JSONWriter()
        writer.array { list in
            for column in columns {
                list.array { pair in
                    pair.string(column.name)
                    if let column = column.column { pair.string(column.name) }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    package init?(json: String) {
        guard let root = try? StrictJSON(Array(json.utf8)).root else { return nil }
        columns = root.elements.compactMap { pair in
            let words = pair.elements.compactMap(\.string)
            guard let name = words.first else { return nil }
            return Column(
                name: name, column: words.count > 1 ? CSVColumn(named: words[1]) : nil)
        }
    }

    /// Cells as a JSON array.
    package static func json(of cells: [String]) -> String {
        var writer = JSONWriter()
        writer.array { list in cells.forEach { list.string($0) } }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    package static func cells(json: String) -> [String] {
        (try? StrictJSON(Array(json.utf8)).root.elements.compactMap(\.string)) ?? []
    }
}
