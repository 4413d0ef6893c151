// The JSON body of a bill for the admin API, with one field changed, added or removed.

/// Fields as JSON texts; nil removes the field.
struct BillJSON: Sendable {
    private var fields: [(name: String, json: String?)]

    init(_ code: String = "88965110000001", _ invoice: String = "INV-1") {
        fields = [
            ("payment_code", "\"\(code)\""), ("invoice_number", "\"\(invoice)\""),
            ("amount", "150000"), ("customer", #"{"name":"Anton Budiman"}"#),
        ]
    }

    /// Rp100.000 until 2020, Rp150.000 until 2099, and Rp175.000 after that.
    static let steps = #"""
        [{"until":"2020-01-31","amount":100000},{"until":"2099-12-10","amount":150000},
        {"amount":175000}]
        """#

    /// The amounts as the service shows them.
    static let shownSteps =
        #"[{"until":"2020-01-31T16:59:59Z","amount":100000},"#
        + #"{"until":"2099-12-10T16:59:59Z","amount":150000},{"amount":175000}]"#

    /// A bill with these amounts; Rp150.000 today.
    static func dated(
        _ code: String = "88965110000001", _ invoice: String = "INV-1", _ amounts: String = steps
    ) -> BillJSON {
        BillJSON(code, invoice).with("amount", nil).with("amounts", amounts)
    }

    func with(_ name: String, _ json: String?) -> BillJSON {
        var copy = self
        copy.fields.removeAll { $0.name == name }
        copy.fields.append((name, json))
        return copy
    }

    var text: String {
        let members = fields.compactMap { field in field.json.map { "\"\(field.name)\":\($0)" } }
        return "{" + members.joined(separator: ",") + "}"
    }
}
