// The detail of a change in a bill's history, in words: the API has it as
// `amount 150000 to 170000, expires_at never to 2026-12-10T16:59:59Z, info`.

import LoketCore

enum BillEditText {
    /// Returns one line for each field; a text of another form stays as it is.
    static func lines(_ detail: String, _ words: Words) -> [String] {
        let text = detail[...]
        guard let mark = text.prefixMatch(of: /import (\d+)( undone)?(: |$)/) else {
            return fields(text, words)
        }
        let key = mark.output.2 == nil ? "bills_import" : "bills_import_undone"
        return [words(key, ["id": String(mark.output.1)])]
            + fields(text[mark.range.upperBound...], words)
    }

    private static func fields(_ text: Substring, _ words: Words) -> [String] {
        var parts: [String] = []
        for part in text.split(separator: ", ").map(String.init) {
            // The amounts of a list are joined in the same way.
            if part.hasPrefix("then "), let last = parts.popLast() {
                parts.append(last + ", " + part)
            } else {
                parts.append(part)
            }
        }
        let read = parts.map { field($0, words) }
        // What somebody wrote may look like a list.
        return read.contains(nil) ? [String(text)] : read.compactMap(\.self)
    }

    /// Returns nil for an unknown field.
    private static func field(_ part: String, _ words: Words) -> String? {
        let halves = part.split(separator: " ", maxSplits: 1)
        guard let name = halves.first,
            let title = words.ifAny("bills_field_" + name.replacing(".", with: "_"))
        else { return nil }
        guard halves.count > 1 else { return title }
        let values = halves[1].split(separator: " to ").map { value($0, words) }
        guard values.count == 2 else { return nil }
        return "\(title): \(values[0]) → \(values[1])"
    }

    /// An amount, amounts by date, a time, or a word for none.
    private static func value(_ text: Substring, _ words: Words) -> String {
        text.split(separator: ", then ").map { step in
            let halves = step.split(separator: " until ").map { plain(String($0), words) }
            guard halves.count == 2 else { return halves.joined(separator: " ") }
            return words("bills_until", ["amount": halves[0], "until": halves[1]])
        }.joined(separator: ", ")
    }

    private static func plain(_ text: String, _ words: Words) -> String {
        rupiah(Int64(text)) ?? words.moment(text) ?? words.ifAny("bills_value_\(text)") ?? text
    }
}
