// Dated amounts as a JSON array, the same in the admin API, in its events and in NDJSON files:
// `[{"until": "2026-12-10T16:59:59Z", "amount": 150000}, {"amount": 165000}]`.

import LoketCore
import LoketJSON

/// The faults of a JSON array of amounts.
package struct AmountsFaults: Error {
    package struct One {
        /// A JSON pointer below the array, such as `/0/until`; empty for the array itself.
        package let pointer: String
        package let reason: String
        /// Whether the value is a field that an amount does not have.
        package var isUnknownField = false
    }

    package var all: [One] = []
}

extension DatedAmounts {
    /// The fields of an amount in the array.
    package static let fields: Set<String> = ["until", "amount"]

    /// Reads an array of 1 to 12 objects. Each but the last has an `until`.
    package init(_ value: JSONValue) throws(AmountsFaults) {
        var faults = AmountsFaults()
        func add(_ pointer: String, _ reason: String) {
            faults.all.append(.init(pointer: pointer, reason: reason))
        }
        let items = value.elements
        guard (1...Limits.amountStepsMax).contains(items.count) else {
            add("", "must be an array of 1 to \(Limits.amountStepsMax) amounts")
            throw faults
        }
        var steps: [Step] = []
        var last: Rupiah?
        for (index, item) in items.enumerated() {
            for (name, _) in item.members where !Self.fields.contains(name) {
                faults.all.append(
                    .init(
                        pointer: "/\(index)/\(name)",
                        reason: "is not a field of an amount: send `until` and `amount`",
                        isUnknownField: true))
            }
            let amount = item["amount"]?.integer.flatMap { Rupiah(whole: $0) }
            if amount == nil {
                add("/\(index)/amount", "must be a JSON integer from 1 to \(Limits.amountMax)")
            }
            let end = item["until"].flatMap { $0.isNull ? nil : $0 }
            guard index < items.count - 1 else {
                if end != nil {
                    add("/\(index)/until", "must be absent: the last amount has no end")
                }
                last = amount
                continue
            }
            guard let until = end?.string.flatMap({ Moment(rfc3339: $0) }) else {
                add(
                    "/\(index)/until",
                    "must be RFC 3339 with an offset, or a date, which means the end of that day "
                        + "in Jakarta")
                continue
            }
            if let amount { steps.append(Step(amount: amount, until: until)) }
        }
        guard faults.all.isEmpty, let last else { throw faults }
        do { try self.init(steps, last: last) } catch {
            for fault in error.all {
                add(fault.index.map { "/\($0)/until" } ?? "", fault.text)
            }
            throw faults
        }
    }

    /// Writes the field `amounts`: an array, or null for one amount.
    package func write(to object: inout JSONWriter) {
        guard isDated else { return object.field("amounts", nil as String?) }
        object.array("amounts") { list in
            for step in steps {
                list.object {
                    $0.field("until", step.until.exactUTCText)
                    $0.field("amount", step.amount.whole)
                }
            }
            list.object { $0.field("amount", last.whole) }
        }
    }
}
