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

    private static func notifications(_ found: JSONValue) -> [String] {
        (found["notifications"]?.elements ?? []).compactMap(\.string).map {
            "notification \($0) has this Request-Id; see its bill with `loket bills show`"
        }
    }
}
