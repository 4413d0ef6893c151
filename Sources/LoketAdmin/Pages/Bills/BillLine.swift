// A bill as a row of a list: its values as people read them, and its state as a word and a tone.

import LoketJSON

extension JSONValue {
    /// The state of a bill, which is `expired` if it is open and its expiry is in the past.
    var billState: String {
        let state = self["state"]?.string ?? ""
        return state == "open" && self["expired"]?.bool == true ? "expired" : state
    }
}

enum BillLine {
    /// The address of the bill's page.
    static func place(_ id: String?) -> String {
        "\(BillsPage.path)/\((id ?? "").escapedForQuery)"
    }

    static func values(_ bill: JSONValue, _ words: Words) -> [String: Any] {
        let state = bill.billState
        return [
            "path": place(bill["id"]?.string),
            "customer": bill["customer"]?["name"]?.string ?? "",
            "invoice": bill["invoice_number"]?.string ?? "",
            "code": grouped(bill["payment_code"]?.string ?? ""),
            "amount": rupiah(bill["amount"]?.integer) ?? "",
            "expiry": words.moment(bill["expires_at"]?.string) ?? words["bills_value_never"],
            "state": words["state_\(state)"], "tone": tone(state),
        ]
    }

    private static func tone(_ state: String) -> String {
        switch state {
        case "paid": "good"
        case "held", "expired": "warn"
        default: "quiet"
        }
    }
}
