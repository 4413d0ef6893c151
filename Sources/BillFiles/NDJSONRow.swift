// A bill on a line of NDJSON: the names of the CSV's columns, or the bill as the admin API takes
// it, with its `customer` and its `metadata`.

import LoketCore
import LoketJSON

struct NDJSONRow: ~Copyable {
    private var parts: BillRowReader

    private init(_ amountFormat: AmountFormat) {
        parts = BillRowReader(amountFormat: amountFormat, isFromSpreadsheet: false)
    }

    /// - Parameter bytes: the line without its end; not blank.
    static func read(_ bytes: [UInt8], line: Int, _ amountFormat: AmountFormat) -> ImportRow {
        var row = NDJSONRow(amountFormat)
        guard bytes.withUnsafeBufferPointer(isUTF8) else {
            row.refuse(nil, bytes, notUTF8)
            return row.finish(line)
        }
        do throws(JSONFault) {
            row.read(try StrictJSON(bytes).root)
        } catch {
            row.refuse(nil, bytes, "is not strict JSON: \(error)")
        }
        return row.finish(line)
    }

    private consuming func finish(_ line: Int) -> ImportRow {
        parts.row(line: line)
    }

    private mutating func read(_ root: JSONValue) {
        guard root.isObject else {
            return refuse(nil, root.rawBytes, "must be one JSON object")
        }
        var seen: Set<BillColumn> = []
        for (name, value) in root.members {
            switch name {
            case "customer": readCustomer(value, &seen)
            case "metadata": readMetadata(value)
            default:
                guard let column = BillColumn(rawValue: name) else {
                    refuseUnknown(name, value)
                    continue
                }
                read(column, value, &seen)
            }
        }
        for column in BillColumn.required where !seen.contains(column) {
            parts.refuse(column.name, nil, "is missing, every bill needs one")
        }
    }

    private mutating func read(
        _ column: BillColumn, _ value: JSONValue, _ seen: inout Set<BillColumn>
    ) {
        guard seen.insert(column).inserted else {
            return refuse(column.name, value.rawBytes, "stands in the row twice")
        }
        parts.given.formUnion(column.optional)
        if value.isNull, !BillColumn.required.contains(column) { return }
        switch column {
        case .amount: readAmount(value)
        case .reusable:
            guard let flag = value.bool else {
                return refuse(column.name, value.rawBytes, "must be true or false")
            }
            parts.reusable = flag
        default:
            guard let text = value.string else {
                let hint = value.isNumber ? ", in quotes: a number loses its zeros" : ""
                return refuse(column.name, value.rawBytes, "must be a string" + hint)
            }
            guard !text.isEmpty else {
                return refuse(column.name, [], "is empty: leave it out, or null, if there is none")
            }
            Array(text.utf8).withUnsafeBufferPointer { parts.read(column, $0) }
        }
    }

    private mutating func readAmount(_ value: JSONValue) {
        if let text = value.string {
            return Array(text.utf8).withUnsafeBufferPointer { parts.read(.amount, $0) }
        }
        guard let amount = value.integer.flatMap({ Rupiah(whole: $0) }) else {
            return refuse(
                "amount", value.rawBytes,
                "must be whole rupiah, a JSON integer from 1 to \(Limits.amountMax)")
        }
        parts.amount = amount
    }

    private mutating func readCustomer(_ value: JSONValue, _ seen: inout Set<BillColumn>) {
        guard value.isObject else {
            return refuse("customer", value.rawBytes, "must be an object of name and email")
        }
        for (name, value) in value.members {
            switch name {
            case "name": read(.customerName, value, &seen)
            case "email": read(.customerEmail, value, &seen)
            default: refuse("customer/" + name, value.rawBytes, "is no field of a customer")
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
                "must be an object of at most \(Limits.metadataBytesMax) bytes")
        }
        parts.metadata = String(decoding: text, as: UTF8.self)
    }

    private mutating func refuseUnknown(_ name: String, _ value: JSONValue) {
        let meant = BillColumn(named: name)?.name ?? BillColumn.nearest(to: name)
        refuse(
            shownValue(Array(name.utf8)), value.rawBytes,
            "is no field of a bill" + (meant.map { "; is it \($0)?" } ?? ""))
    }

    private mutating func refuse(
        _ column: String?, _ value: some Collection<UInt8>, _ reason: String
    ) {
        Array(value).withUnsafeBufferPointer { parts.refuse(column, $0, reason) }
    }
}
