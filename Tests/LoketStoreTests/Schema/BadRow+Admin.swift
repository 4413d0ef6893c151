// The tables of the admin API: valid rows, and rows that they must refuse.

extension BadRow {
    static let tablesOfAdmin = [
        "import", "import_batch", "import_change", "pause_change", "backup", "restoration",
        "journal_pruning", "page_walk", "refused_request", "hour_sum", "bill_word",
        "bill_word_fill", "webhook", "webhook_skipped",
    ]

    static let goodOfAdmin: [String: [String: String]] = [
        "import": [
            "actor": "'ops'", "started_at": "0", "format": "'csv'", "amount_format": "'plain'",
            "dry_run": "0", "state": "'applied'",
        ],
        "import_batch": ["import_id": "1", "first_bill_id": "1", "last_bill_id": "1"],
        "import_change": [
            "import_id": "1", "bill_id": "1", "change_id": "1", "state": "'open'", "amount": "1",
            "customer_name": "'A'",
        ],
        "pause_change": ["at": "0", "change": "'paused'", "actor": "'ops'"],
        "backup": [
            "taken_at": "0", "actor": "'ops'", "ledger_number": "0",
            "ledger_hash": "zeroblob(32)",
        ],
        "restoration": ["backed_up_at": "0", "restored_at": "0"],
        "journal_pruning": ["time": "0"],
        "page_walk": ["finished_at": "0", "problems": "''"],
        "refused_request": [
            "received_at": "0", "kind": "'inquiry'", "cause": "'signature_wrong'",
            "target": "'/doku/inquiry'", "request_id": "'r'", "bytes": "0", "headers": "'[]'",
            "body": "x''",
        ],
        "hour_sum": [
            "hour": "0", "kind": "'asked'", "cause": "'payable'", "count": "1", "amount": "0",
        ],
        "bill_word": ["word": "'anton'", "bill_id": "1"],
        "bill_word_fill": ["done": "0", "clears": "0"],
        "webhook": [
            "url": "'https://erp.example/'", "created_at": "0", "created_by": "'ops'",
            "secret_name": "'s'", "state": "'on'", "revision": "0", "epoch": "'e'",
            "cursor": "0", "attempts": "0",
        ],
        "webhook_skipped": [
            "webhook_id": "1", "epoch": "'e'", "event_id": "1", "at": "0", "attempts": "1",
        ],
    ]

    private static func each(
        _ constraint: String, _ table: String, _ column: String, _ values: [String]
    ) -> [Self] {
        values.map { Self(constraint: constraint, table: table, columns: [column: $0]) }
    }

    /// Refused by a CHECK.
    static let allOfAdmin: [Self] =
        each("import_format_known", "import", "format", ["''", "'CSV'", "'xlsx'"])
        + each("import_state_known", "import", "state", ["''", "'done'", "'Applied'"])
        + each("import_phase_while_running", "import", "phase", ["'checking'"])
        + each("import_phase_while_running", "import", "state", ["'running'"])
        + each("import_batch_order", "import_batch", "last_bill_id", ["0", "-1"])
        + each("journal_pruning_one_row", "journal_pruning", "id", ["0", "2"])
        + each("page_walk_one_row", "page_walk", "id", ["0", "2"])
        + each("bill_word_fill_one_row", "bill_word_fill", "id", ["0", "2"])
        + each("bill_word_fill_done_range", "bill_word_fill", "done", ["-1"])
        + each("bill_word_fill_clears_flag", "bill_word_fill", "clears", ["2", "-1"])
        + ["1", "7"].map {
            Self(
                constraint: "bill_word_fill_clears_all", table: "bill_word_fill",
                columns: ["done": $0, "clears": "1"])
        }
        + each("event_account_unless_of_service", "event", "account_id", ["NULL"])
        + each("event_finding_whole", "event", "finding", ["'paused'"])
        + each("refused_request_kind_known", "refused_request", "kind", ["''", "'Other'"])
        + each("hour_sum_kind_known", "hour_sum", "kind", ["''", "'told'"])
        + each("hour_sum_whole_hour", "hour_sum", "hour", ["1", "3599999"])
        + each("hour_sum_counted", "hour_sum", "count", ["-1"])
        + each("hour_sum_counted", "hour_sum", "amount", ["-1"])
        + each("webhook_state_known", "webhook", "state", ["''", "'gone'"])
        + each("webhook_reason_when_off", "webhook", "state", ["'off'"])
        + each("webhook_reason_when_off", "webhook", "off_reason", ["'gone'"])
        + each("webhook_reason_when_off", "webhook", "off_at", ["0"])
        + [
            Self(
                constraint: "webhook_reason_known", table: "webhook",
                columns: ["state": "'off'", "off_reason": "'x'", "off_at": "0"])
        ]
        + each("webhook_failing_whole", "webhook", "failing_event_id", ["1"])
        + each("webhook_failing_whole", "webhook", "attempts", ["1"])
        + each("pause_change_known", "pause_change", "change", ["''", "'stopped'"])
        + each(
            "backup_ledger_hash_length", "backup", "ledger_hash",
            ["x''", "zeroblob(31)", "zeroblob(33)"])

    /// Refused by another constraint.
    static let othersOfAdmin: [Self] =
        [
            ("admin_key", "account_id"), ("import", "account_id"), ("import_batch", "import_id"),
            ("import_change", "import_id"), ("import_change", "bill_id"),
            ("event", "import_id"), ("pause_change", "account_id"),
            ("refused_request", "account_id"), ("hour_sum", "account_id"),
            ("webhook", "account_id"), ("webhook_skipped", "webhook_id"),
        ].map {
            Self(
                constraint: "FOREIGN KEY constraint failed", table: $0.0,
                columns: [$0.1: "404"])
        }
        + tablesOfAdmin.flatMap { table in
            (goodOfAdmin[table] ?? [:]).keys.sorted().map { column in
                Self(
                    constraint: "NOT NULL constraint failed: \(table).\(column)", table: table,
                    columns: [column: "NULL"])
            }
        }
}
