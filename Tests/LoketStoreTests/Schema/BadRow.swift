// Rows that a table must refuse: a valid row with some columns changed, and the constraint.

import Testing

struct BadRow: CustomTestStringConvertible, Sendable {
    let constraint: String
    let table: String
    /// SQL literals by column, which replace those of the valid row.
    let columns: [String: String]

    var testDescription: String {
        constraint + " " + columns.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined()
    }

    private static let good: [String: [String: String]] = [
        "account": ["client_id": "'MCH-9'"],
        "bill": [
            "account_id": "1", "payment_code": "'889651'", "invoice_number": "'INV-9'",
            "amount": "1", "reusable": "0", "state": "'open'", "customer_name": "'A'",
            "created_at": "0", "changed_at": "0", "checksum": "0",
        ],
        "admin_key": [
            "name": "'k'", "hash": "zeroblob(32)", "scopes": "'read'", "created_at": "0",
        ],
        "bill_change": ["bill_id": "1", "at": "0", "change": "'cancelled'"],
        "inquiry": [
            "received_at": "0", "dialect": "'o2o'", "account_id": "1", "request_id": "'r'",
            "guard": "'payable'", "duration_us": "0", "skew_ms": "0",
        ],
        "pause": ["reason": "'r'", "actor": "'a'", "paused_at": "0"],
    ].merging(goodOfPayments) { $1 }.merging(goodOfAdmin) { $1 }

    /// In an order in which each row's references exist.
    static let tables =
        ["account", "bill", "admin_key", "bill_change", "inquiry", "pause", "import"]
        + tablesOfPayments + tablesOfAdmin.filter { $0 != "import" }

    static func insert(into table: String, with columns: [String: String] = [:]) -> String {
        let row = (good[table] ?? [:]).merging(columns) { $1 }.sorted { $0.key < $1.key }
        let names = row.map(\.key).joined(separator: ", ")
        let values = row.map(\.value).joined(separator: ", ")
        return "INSERT INTO \(table) (\(names)) VALUES (\(values))"
    }

    var sql: String { Self.insert(into: table, with: columns) }

    static func text(_ count: Int, _ character: Character = "7") -> String {
        "'" + String(repeating: character, count: count) + "'"
    }

    private static func bill(_ constraint: String, _ column: String, _ values: [String]) -> [Self] {
        values.map { Self(constraint: constraint, table: "bill", columns: [column: $0]) }
    }

    /// Refused by a CHECK.
    static let all: [Self] =
        ["''", text(129, "c")].map {
            Self(
                constraint: "account_client_id_length", table: "account",
                columns: ["client_id": $0])
        }
        + bill(
            "bill_payment_code_digits", "payment_code",
            ["''", text(26), "'88965a'", "'8896 1'", "'-88965'", "'８８９６５１'", "'٣٣٣'", "'+1'"])
        + bill("bill_invoice_number_length", "invoice_number", ["''", text(65)])
        + bill("bill_amount_range", "amount", ["0", "-1", "1000000000000", "9223372036854775807"])
        + bill("bill_reusable_flag", "reusable", ["2", "-1"])
        + bill("bill_state_known", "state", ["''", "'expired'", "'OPEN'", "'open '"])
        + bill("bill_cancel_reason_when_cancelled", "cancel_reason", ["'x'", "''"])
        + ["held", "paid", "replaced"].map {
            Self(
                constraint: "bill_cancel_reason_when_cancelled", table: "bill",
                columns: ["state": "'\($0)'", "cancel_reason": "'paid_elsewhere'"])
        }
        + bill("bill_customer_name_length", "customer_name", ["''", text(65, "n")])
        + ["x''", "zeroblob(31)", "zeroblob(33)"].map {
            Self(constraint: "admin_key_hash_length", table: "admin_key", columns: ["hash": $0])
        }
        + allOfPayments + allOfAdmin

    /// Refused by another constraint: its message begins with `constraint`.
    static let others: [Self] =
        [
            ("UNIQUE constraint failed: account.client_id", "account", ["client_id": "'MCH-0001'"]),
            ("FOREIGN KEY constraint failed", "bill", ["account_id": "404"]),
            ("FOREIGN KEY constraint failed", "bill_change", ["bill_id": "404"]),
            ("FOREIGN KEY constraint failed", "inquiry", ["account_id": "404"]),
            ("FOREIGN KEY constraint failed", "pause", ["account_id": "404"]),
        ].map { Self(constraint: $0.0, table: $0.1, columns: $0.2) }
        + [
            ("amount", "'12x'"), ("amount", "1.5"), ("expires_at", "'soon'"),
            ("customer_name", "x'41'"), ("reusable", "'yes'"), ("checksum", "x'00'"),
        ].map { Self(constraint: "cannot store", table: "bill", columns: [$0.0: $0.1]) }
        + [
            "account_id", "payment_code", "invoice_number", "amount", "reusable", "state",
            "customer_name", "created_at", "changed_at", "checksum",
        ].map {
            Self(
                constraint: "NOT NULL constraint failed: bill.\($0)", table: "bill",
                columns: [$0: "NULL"])
        }
        + othersOfPayments + othersOfAdmin
}
