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
