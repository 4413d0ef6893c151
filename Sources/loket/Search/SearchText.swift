// Text for the result of a search: bills, bills with a similar code, notifications.

import LoketCore
import LoketJSON

enum SearchText {
    static func page(_ found: JSONValue) -> String {
        let lines = bills(found) + BillText.damaged(found) + near(found) + notifications(found)
        return lines.map(\.visible).joined(separator: "\n")
    }

    /// Returns whether anything except similar codes was found.
    static func hasFound(_ found: JSONValue) -> Bool {
        !bills(found).isEmpty || !BillText.damaged(found).isEmpty || !notifications(found).isEmpty
    }

    static func bills(_ found: JSONValue) -> [String] {
        (found["bills"]?.elements ?? []).map { "bill     " + BillText.line($0) }
    }

    /// Whether a bill was found by words of the customer's name.
    static func hasNames(_ found: JSONValue) -> Bool {
        let names = found["names"]
        return names?["items"]?.elements.isEmpty == false
            || names?["damaged"]?.elements.isEmpty == false
    }

    /// Returns the bills found by words of the customer's name, except those found otherwise.
    static func named(_ found: JSONValue) -> [JSONValue] {
        let others = (found["bills"]?.elements ?? []).compactMap { $0["id"]?.string }
        return (found["names"]?["items"]?.elements ?? []).filter {
            !others.contains($0["id"]?.string ?? "")
        }
    }

    /// Returns the notes on the search by name.
    static func names(_ found: JSONValue) -> [String] {
        guard let names = found["names"], names["words"]?.elements.isEmpty == false else {
            return []
        }
        var notes = BillText.damaged(names)
        if names["cut"]?.bool == true {
            notes.append("more bills may have such a name: give more of it, or another word")
        }
        if names["complete"]?.bool == false, found["bills"]?.elements.isEmpty == true {
            notes.append(
                "the service is still reading the names of bills: others may be found later")
        }
        return notes
    }

    /// Returns bills whose codes differ by one slip.
    static func near(_ found: JSONValue) -> [String] {
        let near = found["near"]
        let count = near?["count"]?.integer ?? 0
        let items = near?["items"]?.elements ?? []
        guard count > 0, let code = found["payment_code"]?.string else { return [] }
        let isShort = items.allSatisfy { $0["difference"]?.string == "digit_missing" }
        let how = isShort ? "a code with one more digit" : "a code with one typing error"
        let head =
            "no bill has the code \(code), of \(code.utf8.count) digits; "
            + (count == 1 ? "1 bill has" : "\(count) bills have") + " \(how):"
        let lines = items.map { item in
            let difference = item["difference"]?.string?.replacing("_", with: " ") ?? ""
            return "  \(shown(item["payment_code"]))  \(difference)  #\(shown(item["id"]))  "
                + "\(shown(item["invoice_number"]))  \(shown(item["state"]))"
        }
        return [head] + lines + (count > items.count ? ["  …"] : [])
    }

    static func notifications(_ found: JSONValue) -> [String] {
        (found["notifications"]?.elements ?? []).compactMap(\.string).map {
            "notification \($0) has this Request-Id; see its bill with `loket bills show`"
        }
    }
}
