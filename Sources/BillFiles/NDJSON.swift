// Bills as lines of NDJSON, with the column names of a CSV file or in the format of the admin API
// with `customer` and `metadata`.

import LoketCore
import LoketJSON

struct NDJSONRow: ~Copyable {
    private var parts: BillRowReader

    private let options: FileOptions

    private init(_ options: FileOptions) {
        self.options = options
        parts = BillRowReader(forms: options.forms, isFromSpreadsheet: false)
    }

    /// - Parameter bytes: a line that is not blank, without its end; or an object of an array.
    static func read(_ bytes: [UInt8], line: Int, _ options: FileOptions) -> ImportRow {
        var row = NDJSONRow(options)
        guard bytes.withUnsafeBufferPointer(isUTF8) else {
            row.refuse(nil, bytes, notUTF8)
            return row.finish(line, bytes)
        }
        if options.rowsOf != nil, let fault = bytes.withUnsafeBufferPointer(RefusedRows.fault) {
            row.refuse(nil, bytes, fault)
            return row.finish(line, bytes)
        }
        do throws(JSONFault) {
            row.read(try StrictJSON(bytes).root)
        } catch {
            row.refuse(nil, bytes, "is not strict JSON: \(error)")
        }
        return row.finish(line, bytes)
    }

    private consuming func finish(_ line: Int, _ bytes: [UInt8]) -> ImportRow {
        var row = parts.row(line: line)
        if case .refused = row.reading { row.cells = [String(decoding: bytes, as: UTF8.self)] }
        return row
    }

    /// Whether the options give names of the file.
    private var hasNames: Bool { !options.map.isEmpty || !options.ignore.isEmpty }

    private mutating func read(_ root: JSONValue) {
        guard root.isObject else {
            return refuse(nil, root.rawBytes, "must be one JSON object")
        }
        var seen: Set<BillColumn> = []
        parts.hasSteps = root.members.contains { name, value in
            member(name) == .column(.amounts) && !value.isNull
        }
        for (name, value) in root.members {
            switch member(name) {
            case .ignored: break
            case .column(let column): read(column, value, &seen)
            case .customer: readCustomer(value, &seen)
            case .metadata: readMetadata(value)
            case .unknown: refuseUnknown(name, value)
            }
        }
        for column in BillColumn.required
        where !seen.contains(column) && !(column == .amount && parts.hasSteps) {
            refuseMissing(column)
        }
    }

    private enum Member: Equatable {
        case ignored
        case column(BillColumn)
        case customer
        case metadata
        case unknown
    }

    /// Returns what a member of the object contains, by the options and by its name.
    private func member(_ name: String) -> Member {
        if hasNames {
            let name = ColumnName.normal(name)
            if options.ignore.contains(name) { return .ignored }
            if case .field(let column)? = options.map.first(where: { $0.name == name })?.column {
                return .column(column)
            }
        }
        switch name {
        case "customer": return .customer
        case "metadata": return .metadata
        default: return BillColumn(rawValue: name).map(Member.column) ?? .unknown
        }
    }

    private mutating func refuseMissing(_ column: BillColumn) {
        let mapped = options.map.first { $0.column == .field(column) }.map { mapped in
            "is missing; map gives \"\(shownValue(mapped.name.utf8))\" as \(mapped.target)"
        }
        parts.refuse(column.name, nil, mapped ?? "is missing, but every bill needs this field")
    }

    private mutating func read(
        _ column: BillColumn, _ value: JSONValue, _ seen: inout Set<BillColumn>
    ) {
        guard seen.insert(column).inserted else {
            return refuse(column.name, value.rawBytes, "appears twice in the row")
        }
        parts.given.formUnion(column.optional)
        let isNeeded =
            BillColumn.required.contains(column) && !(column == .amount && parts.hasSteps)
        if value.isNull, !isNeeded { return }
        switch column {
        case .amount: readAmount(value)
        case .amounts: readAmounts(value)
        case .reusable:
            guard let flag = value.bool else {
                return refuse(column.name, value.rawBytes, "must be true or false")
            }
            parts.reusable = flag
        default:
            guard let text = value.string else {
                let hint = value.isNumber ? " in quotes: a number loses its leading zeros" : ""
                return refuse(column.name, value.rawBytes, "must be a string" + hint)
            }
            guard !text.isEmpty else {
                return refuse(column.name, [], "is empty: leave out the field, or send null")
            }
            read(column, text)
        }
    }

    private mutating func read(_ column: BillColumn, _ text: String) {
        Array(text.utf8).withUnsafeBufferPointer { cell in
            if parts.forms.cleansSpaces, parts.readCleaned(.field(column), cell) { return }
            parts.read(column, cell)
        }
    }

    private mutating func readAmount(_ value: JSONValue) {
        if let text = value.string { return read(.amount, text) }
        let figure = value.integer ?? wholeOfFraction(value)
        guard let amount = figure.flatMap({ Rupiah(whole: $0) }) else {
            return refuse(
                "amount", value.rawBytes,
                "must be whole rupiah, a JSON integer from 1 to \(Limits.amountMax)")
        }
        parts.amount = amount
    }

    /// Returns the whole rupiah of a number such as `150000.0`, which programs write that keep
    /// amounts as fractions; nil unless `amount_format=english` declares the dot, and only zeros
    /// follow it.
    private func wholeOfFraction(_ value: JSONValue) -> Int64? {
        guard parts.forms.amounts == .english, value.isNumber else { return nil }
        let parts = value.rawBytes.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].allSatisfy({ $0 == UInt8(ascii: "0") }) else {
            return nil
        }
        return Int64(String(decoding: parts[0], as: UTF8.self))
    }

    private mutating func readAmounts(_ value: JSONValue) {
        if let text = value.string { return read(.amounts, text) }
        do throws(AmountsFaults) {
            parts.amounts = try DatedAmounts(value)
        } catch {
            for fault in error.all {
                refuse("amounts" + fault.pointer, value.rawBytes, fault.reason)
            }
        }
    }

    private mutating func readCustomer(_ value: JSONValue, _ seen: inout Set<BillColumn>) {
        guard value.isObject else {
            return refuse("customer", value.rawBytes, "must be an object with name and email")
        }
        for (name, value) in value.members {
            switch name {
            case "name": read(.customerName, value, &seen)
            case "email": read(.customerEmail, value, &seen)
            default: refuse("customer/" + name, value.rawBytes, "is not a field of a customer")
            }
        }
    }

    private mutating func readMetadata(_ value: JSONValue) {
        parts.given.insert(.metadata)
        if value.isNull { return }
        let text = value.canonical
        guard value.isObject, text.count <= Limits.metadataBytesMax else {
            return refuse(
                "metadata", value.rawBytes,
                "must be a JSON object of at most \(Limits.metadataBytesMax) bytes")
        }
        parts.metadata = String(decoding: text, as: UTF8.self)
    }

    private mutating func refuseUnknown(_ name: String, _ value: JSONValue) {
        let meant = BillColumn(named: name)?.name ?? BillColumn.nearest(to: name)
        refuse(
            shownValue(Array(name.utf8)), value.rawBytes,
            "is not a field of a bill" + (meant.map { "; did you mean \($0)?" } ?? ""))
    }

    private mutating func refuse(
        _ column: String?, _ value: some Collection<UInt8>, _ reason: String
    ) {
        Array(value).withUnsafeBufferPointer { parts.refuse(column, $0, reason) }
    }
}
