// The tables of payments: valid rows, and rows that they must refuse.

extension BadRow {
    static let tablesOfPayments = [
        "delivery", "payment", "notification", "bill_terms", "event", "epoch", "quarantine",
        "attention",
        "payment_decision", "hold_horizon", "reread", "channel_reading",
    ]

    static let goodOfPayments: [String: [String: String]] = [
        "delivery": [
            "account_id": "1", "dialect": "'o2o'", "received_at": "0",
            "source": "'notification'", "target": "'/n'", "request_id": "'r'",
            "sent_timestamp": "'t'", "body": "x'7b7d'", "body_hash": "zeroblob(32)",
            "hash": "zeroblob(32)",
        ],
        "payment": [
            "account_id": "1", "delivery_id": "1", "identifiers": "'[]'",
            "source": "'notification'", "received_at": "0", "classified_as": "'settled'",
            "standing": "'settled'", "flags": "''", "bill_horizon": "0", "change_horizon": "0",
            "terms_horizon": "0",
            "code_is_ours": "1",
            "needs_attention": "0", "checksum": "0",
        ],
        "notification": [
            "delivery_id": "1", "identifiers": "'[]'", "is_our_service": "1", "repeats": "0",
        ],
        "bill_terms": ["bill_id": "1", "amount": "1", "until": "0"],
        "event": ["at": "0", "type": "'bill.created'", "account_id": "1"],
        "epoch": ["name": "'0011223344556677'", "began_at": "0"],
        "quarantine": [
            "account_id": "1", "received_at": "0", "cause": "'signature'", "headers": "'[]'",
            "body": "x'7b7d'", "hash": "zeroblob(32)",
        ],
        "attention": [
            "kind": "'unknown_status'", "account_id": "1", "delivery_id": "1", "since": "0",
        ],
        "payment_decision": [
            "payment_id": "1", "at": "0", "action": "'refunded'", "actor": "'ops'",
        ],
        "hold_horizon": ["bill_id": "0"],
        "reread": ["delivery_id": "1"],
        "channel_reading": ["id": "1", "done": "0", "last": "0"],
    ]

    /// A resolution with all its columns.
    static let resolved = [
        "resolution": "'accept'", "resolved_at": "0", "resolved_by": "'ops'",
    ]

    private static func each(
        _ constraint: String, _ table: String, _ column: String, _ values: [String]
    ) -> [Self] {
        values.map { Self(constraint: constraint, table: table, columns: [column: $0]) }
    }

    private static let wrongHashes = ["x''", "zeroblob(31)", "zeroblob(33)"]

    /// Refused by a CHECK.
    static let allOfPayments: [Self] =
        each("delivery_dialect_known", "delivery", "dialect", ["''", "'O2O'", "'snap'"])
        + each(
            "delivery_source_known", "delivery", "source",
            ["''", "'Notification'", "'checkStatus'", "'resend'"])
        + each("delivery_body_hash_length", "delivery", "body_hash", wrongHashes)
        + each("delivery_hash_length", "delivery", "hash", wrongHashes)
        + each("delivery_signed_flag", "delivery", "signed", ["2", "-1"])
        + ["resolved_at": "0", "resolved_by": "'ops'", "note": "'seen'"].map {
            Self(
                constraint: "attention_resolved_whole", table: "attention", columns: [$0: $1])
        }
        + each("channel_reading_one_row", "channel_reading", "id", ["0", "2"])
        + each("channel_reading_in_order", "channel_reading", "done", ["1"])
        + each("notification_reader_counted", "notification", "reader", ["0", "-1"])
        + each(
            "payment_amount_range", "payment", "amount",
            ["0", "-1", "1000000000000", "9223372036854775807"])
        + each(
            "payment_standing_known", "payment", "standing",
            ["''", "'not_success'", "'SETTLED'", "'amountMismatch'", "'refunded'"])
        + ["''", "'refund'", "'ACCEPT'"].map {
            Self(
                constraint: "payment_resolution_known", table: "payment",
                columns: resolved.merging(["resolution": $0]) { $1 })
        }
        + each(
            "payment_decision_action_known", "payment_decision", "action",
            ["''", "'reopen'", "'ACCEPT'"])
        + ["reopened_at": "0", "reopened_by": "'ops'"].map { column, value in
            Self(
                constraint: "payment_decision_reopened_whole", table: "payment_decision",
                columns: [column: value])
        }
        // Each part of a resolution alone, and each part missing.
        + resolved.flatMap { column, value in
            [
                Self(
                    constraint: "payment_resolved_whole", table: "payment",
                    columns: [column: value]),
                Self(
                    constraint: "payment_resolved_whole", table: "payment",
                    columns: resolved.merging([column: "NULL"]) { $1 }),
            ]
        }

    /// Refused by another constraint.
    static let othersOfPayments: [Self] =
        [
            ("delivery", "account_id"), ("payment", "account_id"), ("payment", "delivery_id"),
            ("payment", "bill_id"), ("notification", "delivery_id"),
            ("notification", "payment_id"), ("bill_terms", "bill_id"), ("event", "account_id"),
            ("quarantine", "account_id"), ("attention", "account_id"),
            ("attention", "delivery_id"), ("attention", "payment_id"), ("event", "attention_id"),
            ("reread", "delivery_id"),
        ].map {
            Self(
                constraint: "FOREIGN KEY constraint failed", table: $0.0,
                columns: [$0.1: "404"])
        }
        + [
            ("delivery", "body", "'text'"), ("delivery", "body_hash", "'text'"),
            ("delivery", "received_at", "'soon'"), ("payment", "amount", "1.5"),
            ("payment", "amount", "'12x'"), ("payment", "needs_attention", "'yes'"),
            ("notification", "repeats", "'one'"), ("bill_terms", "amount", "'12x'"),
            ("quarantine", "body", "'text'"),
        ].map { Self(constraint: "cannot store", table: $0.0, columns: [$0.1: $0.2]) }
        + tablesOfPayments.flatMap { table in
            // SQLite assigns a row's number if it is missing.
            (goodOfPayments[table] ?? [:]).keys.sorted()
                .filter { (table, $0) != ("notification", "delivery_id") }
                .filter { (table, $0) != ("channel_reading", "id") }
                .filter { (table, $0) != ("event", "account_id") && table != "reread" }
                .map { column in
                    Self(
                        constraint: "NOT NULL constraint failed: \(table).\(column)",
                        table: table, columns: [column: "NULL"])
                }
        }
}
