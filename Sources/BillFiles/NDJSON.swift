// Bills as lines of NDJSON, with the column names of a CSV file or in the format of the admin API
// with `customer` and `metadata`; and the splitting of bytes into lines.

import LoketCore
import LoketJSON

/// Splits bytes into lines. A line inside one chunk is copied once; part of a line is buffered
/// until the remainder arrives.
struct NDJSONLines {
    private(set) var bytes: [UInt8] = []
    /// The line number of the next byte, from 1.
    private(set) var line = 1

    /// Reads until a line is complete or the bytes end.
    ///
    /// - Returns: true if `bytes` is a complete line, without its line feed.
    mutating func scan(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let rest = more[position...]
        let end = rest.firstIndex(of: 0x0A)
        let piece = UnsafeBufferPointer(rebasing: rest[..<(end ?? more.endIndex)])
        let room = Limits.importRowBytesMax - bytes.count
        // A NUL within the limit is reported first, however the bytes are split.
        guard !piece.prefix(room).contains(0) else { throw .nul(line: line) }
        guard piece.count <= room else {
            throw FileFault(
                line: line,
                reason: "the line is longer than \(Limits.importRowBytesMax / 1024) KiB: "
                    + "send one JSON object per line")
        }
        bytes.append(contentsOf: piece)
        position = end.map { $0 + 1 } ?? more.endIndex
        if end != nil { line += 1 }
        return end != nil
    }

    mutating func nextLine() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Whether the line contains only JSON white space.
    var isBlank: Bool {
        bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}

struct NDJSONRow: ~Copyable {
    private var parts: BillRowReader

    private init(_ amountFormat: AmountFormat) {
        parts = BillRowReader(amountFormat: amountFormat, isFromSpreadsheet: false)
    }

    /// - Parameter bytes: a line that is not blank, without its end.
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
        parts.hasSteps = root["amounts"].map { !$0.isNull } ?? false
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
        for column in BillColumn.required
        where !seen.contains(column) && !(column == .amount && parts.hasSteps) {
            parts.refuse(column.name, nil, "is missing, but every bill needs this field")
        }
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

    private mutating func readAmounts(_ value: JSONValue) {
        if let text = value.string {
            return Array(text.utf8).withUnsafeBufferPointer { parts.read(.amounts, $0) }
        }
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
