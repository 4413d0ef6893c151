// Errors that depend on the state: numbers and codes in use, closed bills, lost edits, decided
// payments, imports and backups in progress, damaged rows.

import LoketCore

extension Provocation {
    private static func bill(_ code: String, _ invoice: String) -> String {
        BillJSON(code, invoice).text
    }

    private static func edit(
        _ id: Int, _ tag: String?, in scene: Scene, _ status: Int, _ cause: String, saying: String
    ) -> Provocation {
        Provocation(
            "PATCH /bills/\(id)", sending: #"{"amount":1000}"#,
            headers: tag.map { [("If-Match", $0)] } ?? [], in: scene, status, cause,
            saying: saying)
    }

    static let ofBills: [Provocation] = [
        Provocation(
            "POST /bills", sending: bill(Till.code, "INV-9"), in: .bills, 409, "code_taken",
            saying: "/payment_code: is in use by the open bill INV-1"),
        Provocation(
            "POST /bills", sending: bill(Till.code, "INV-2"), in: .bills, 409,
            "invoice_number_taken",
            saying: "/invoice_number: belongs to bill 2, which has different content"),
        Provocation(
            "POST /bills", sending: bill("88965110000009", "INV-4-0123456789"), in: .bills, 409,
            "invoice_number_ambiguous", saying: "could be confused with INV-4, because"),
        Provocation(
            "POST /bills",
            sending: BillJSON(Till.code, "INV-10").with("payment_code", nil)
                .with("bin", "\"\(Shop.direct)\"").text,
            in: .usedUpBIN, 409, "codes_exhausted",
            saying: "/bin: has almost no unused code left"),
        edit(
            1, nil, in: .bills, 428, "precondition_required",
            saying: "send the header `If-Match` with the ETag that GET returned"),
        edit(
            1, "\"lost\"", in: .bills, 412, "precondition_failed",
            saying: "bill 1 now has the ETag \""),
        edit(2, "*", in: .bills, 409, "bill_closed", saying: "bill 2 is paid, not open"),
        Provocation(
            "POST /bills/2/cancel", sending: "{}", in: .bills, 409, "bill_closed",
            saying: "bill 2 is paid"),
        Provocation(
            "POST /bills/2/reopen", sending: "{}", in: .bills, 409, "bill_closed",
            saying: "bill 2 is paid; only a cancelled bill can be reopened"),
        Provocation(
            "POST /bills/3/reopen", sending: "{}", in: .bills, 409, "code_taken",
            saying: "the bill INV-6 has the payment code now: cancel that bill first"),
        Provocation(
            "POST /bills/5/reopen", sending: "{}", in: .bills, 409, "payment_undecided",
            saying: "payment 2 was made for the cancelled bill: resolve the payment first"),
        Provocation(
            "POST /bills/cancel",
            sending: #"{"filter":{"invoice_prefix":"INV-"},"expected_count":99}"#, in: .bills, 409,
            "count_changed", saying: "the filter matches 3 open bills now, not 99"),
        Provocation(
            "POST /bills/1/forget", sending: "{}", in: .bills, 409, "bill_open",
            saying: "bill 1 is open; cancel the bill first"),
    ]

    static let ofPayments: [Provocation] = [
        Provocation(
            "POST /payments/1/resolve", sending: #"{"action":"dismiss"}"#, in: .payments, 409,
            "nothing_to_resolve", saying: "payment 1 is settled and has no flag"),
        Provocation(
            "POST /payments/2/resolve", sending: #"{"action":"accept","bill_id":"1"}"#,
            in: .payments, 409,
            "bill_closed", saying: "bill 1 was already paid by another payment"),
        Provocation(
            "POST /payments/3/resolve", sending: #"{"action":"refunded"}"#, in: .payments, 409,
            "payment_resolved", saying: "payment 3 is already resolved with `dismiss`"),
        Provocation(
            "POST /attention/1/resolve", sending: #"{"note":"y"}"#, in: .payments, 409,
            "attention_resolved",
            saying: "attention entry 1 is already resolved with another note"),
        Provocation(
            "POST /payments/1/reopen", sending: "{}", in: .payments, 409, "payment_undecided",
            saying: "payment 1 is settled and has no decision to take back"),
        Provocation(
            "POST /payments/4/reopen", sending: "{}", in: .payments, 409, "decision_overtaken",
            saying: "payment 5 arrived after the decision"),
        Provocation(
            "POST /reconcile", sending: "{}", 409, "check_status_off",
            saying: "set `check_status.base_url` in the settings"),
    ]

    static let ofOperation: [Provocation] = [
        Provocation(
            "POST /imports", sending: ImportCase.head, type: "application/pdf", 415,
            "media_type_unknown",
            saying: "send `Content-Type: text/csv`, `application/x-ndjson` or `application/json`"),
        Provocation(
            "POST /imports?format=csv", sending: ImportCase.head, 415, "media_type_unknown",
            saying: "`format=csv` does not match the media type application/json"),
        Provocation(
            "POST /imports", sending: ImportCase.head, type: "text/csv", in: .uploads(4), 429,
            "too_many_imports", saying: "4 imports are in progress; wait until one has finished"),
        Provocation(
            "POST /imports/1/undo", sending: "{}", in: .uploads(1), 409, "import_not_done",
            saying: "import 1 is still running"),
        Provocation(
            "GET /imports/1/rows", in: .uploads(1), 409, "import_not_done",
            saying: "import 1 is still running"),
        Provocation(
            "POST /imports/1/undo", sending: "{}", in: .dryRun, 409, "import_not_undoable",
            saying: "import 1 is checked and has not created or changed any bill"),
        Provocation(
            "POST /imports/1/cancel", sending: "{}", in: .dryRun, 409, "import_not_cancellable",
            saying: "import 1 is checked"),
        Provocation(
            "POST /backup", sending: "{}", in: .heldBackup, 409, "backup_running",
            saying: "wait until the running backup has finished"),
        Provocation(
            "POST /webhooks", sending: #"{"url":"https://erp.example/"}"#, in: .fullOfWebhooks,
            409, "too_many_webhooks", saying: "there are 20 webhooks without an account: remove"),
        Provocation(
            "POST /resume", sending: "{}", in: .restored, 409, "reconcile_first",
            saying: "and lacks later payments. Check Status is not configured"),
        Provocation(
            "GET /events?after=0123456789abcdef-1", in: .restored, 410, "cursor_gone",
            saying: "the database was restored, and this cursor is no longer valid"),
        Provocation(
            "GET /inquiries?after=0123456789abcdef-7", in: .restored, 410, "cursor_gone",
            saying: "the database was restored"),
    ]

    private static let noRoom = " free, but "

    static let ofRoom: [Provocation] = [
        Provocation(
            "POST /bills", sending: bill(Till.code, "INV-1"), in: .noRoom, 507,
            "insufficient_storage", saying: noRoom),
        Provocation(
            "POST /bills/cancel",
            sending: #"{"invoice_numbers":["INV-1"],"account":"\#(Shop.clientID)"}"#,
            in: .noRoomWithBill, 507, "insufficient_storage", saying: noRoom),
        Provocation(
            "POST /imports", sending: ImportCase.head, type: "text/csv", in: .noRoom, 507,
            "insufficient_storage", saying: noRoom),
        Provocation(
            "POST /imports/1/undo", sending: "{}", in: .noRoomAfterImport, 507,
            "insufficient_storage", saying: noRoom),
        Provocation(
            "POST /backup", sending: "{}", in: .noRoom, 507, "insufficient_storage",
            saying: noRoom),
    ]

    private static let damagedBill =
        "bill 1 is damaged and does not match its checksum: cancel the bill "
        + "(`loket bills cancel 1`)"
    private static let damagedPayment = "payment 1 is damaged and does not match its checksum"

    static let ofDamagedBills: [Provocation] =
        [
            ("GET /bills/1", ""), ("POST /bills", bill(Till.code, "INV-1")),
            ("POST /bills", bill(Till.code, "INV-2")), ("POST /bills/1/cancel", "{}"),
            ("POST /bills/1/reopen", "{}"), ("POST /bills/1/forget", "{}"),
            ("GET /quote?payment_code=\(Till.code)", ""),
            ("GET /bills/1/timeline", ""),
            ("POST /payments/1/resolve", #"{"action":"accept","bill_id":"1"}"#),
            ("POST /payments/2/reopen", "{}"),
        ].map {
            Provocation($0, sending: $1, in: .damagedBill, 500, "bill_damaged", saying: damagedBill)
        } + [edit(1, "*", in: .damagedBill, 500, "bill_damaged", saying: damagedBill)]

    static let ofDamagedPayments: [Provocation] =
        [
            ("GET /payments/1", ""),
            ("POST /payments/1/resolve", #"{"action":"dismiss"}"#),
            ("POST /payments/1/reopen", "{}"),
        ].map {
            Provocation(
                $0, sending: $1, in: .damagedPayment, 500, "payment_damaged", saying: damagedPayment
            )
        }
}
