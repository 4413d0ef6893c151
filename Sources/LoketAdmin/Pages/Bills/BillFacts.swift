// The terms of a bill and where it comes from, as names with one or several lines each.

import LoketCore
import LoketJSON

struct BillFacts {
    private(set) var values: [[String: Any]] = []

    init(_ bill: JSONValue, _ visit: Visit) async throws {
        let words = visit.words
        func moment(_ name: StaticString) -> [String] {
            words.moment(bill[name]?.string).map { [$0 + " WIB"] } ?? []
        }
        func text(_ value: JSONValue?) -> [String] { [value?.string].compactMap(\.self) }
        let expiry = moment("expires_at")
        add(words["bills_field_expires_at"], expiry.isEmpty ? [words["bills_value_never"]] : expiry)
        add(words["bills_field_due_at"], moment("due_at"))
        add(words["bills_field_valid_from"], moment("valid_from"))
        add(words["bills_field_amounts"], Self.amounts(bill, words))
        add(words["bills_field_info"], text(bill["info"]))
        add(words["bills_field_customer_email"], text(bill["customer"]?["email"]))
        if bill["reusable"]?.bool == true {
            add(words["bills_reusable"], [words["word_yes"]])
        }
        if let payments = bill["payments"], let count = payments["count"]?.integer, count > 0 {
            let sum = rupiah(payments["amount"]?.integer) ?? ""
            add(words["bills_payments"], ["\(words.count(count)) · \(sum)"])
        }
        add(words["bills_reason"], text(bill["cancel_reason"]).map { Self.reason($0, words) })
        add(
            words["bills_field_metadata"],
            (bill["metadata"]?.members ?? []).map { name, value in
                let text = value.string ?? String(decoding: value.minified, as: UTF8.self)
                return "\(name): \(text)"
            })
        add(words["fact_account"], [visit.account(bill["account"]?.string)].compactMap(\.self))
        add(words["bills_change_created"], [try await Self.origin(bill, visit)])
    }

    private mutating func add(_ name: String, _ lines: [String]) {
        if !lines.isEmpty { values.append(["name": name, "lines": lines]) }
    }

    /// The amounts by date; none if the bill has one amount.
    ///
    /// - Parameter now: the time from which on the amounts are wanted; nil for all of them.
    static func amounts(
        _ bill: JSONValue, after now: Moment? = nil, _ words: Words
    ) -> [String] {
        let steps = (bill["amounts"]?.elements ?? []).filter { step in
            guard let now, let until = step["until"]?.string.flatMap({ Moment(rfc3339: $0) })
            else { return true }
            return now < until
        }
        guard steps.count > 1 else { return [] }
        return steps.map { step in
            let amount = rupiah(step["amount"]?.integer) ?? ""
            guard let until = words.moment(step["until"]?.string) else {
                return words("bills_after_that", ["amount": amount])
            }
            return words("bills_until", ["amount": amount, "until": until])
        }
    }

    /// A reason of a cancellation: a word of the API, or what somebody wrote.
    static func reason(_ text: String, _ words: Words) -> String {
        words.ifAny("bills_reason_\(text)") ?? text
    }

    /// When and by whom the bill was created, and the import with its file.
    private static func origin(_ bill: JSONValue, _ visit: Visit) async throws -> String {
        let words = visit.words
        var parts = [words.moment(bill["created_at"]?.string).map { $0 + " WIB" }]
        var maker = bill["created_by"]?.string
        if let id = bill["import_id"]?.string {
            let made = try await visit.api.getIfAny("/admin/v1/imports/" + id.escapedForQuery)
            parts.append(words("bills_import", ["id": id]))
            parts.append(made?["file_name"]?.string)
            maker = maker ?? made?["actor"]?.string
        }
        parts.append(maker.map { words("bills_by", ["who": $0]) })
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
