// Errors of requests that are wrong in themselves, with one or two rows each. RouteErrorTests and
// RouteErrorBodyTests send such requests to every route.

import LoketCore

extension Provocation {
    /// Causes with one row here as an example; the tests named above cover every route that
    /// documents them.
    static let provokedEverywhere: Set<String> = [
        "host_malformed", "host_unknown", "malformed_json", "unknown_field", "unknown_parameter",
        "invalid_parameter",
        "invalid_value", "key_missing", "too_many_requests", "scope_missing", "not_found",
        "body_too_large", "body_broken", "body_too_slow", "not_json", "store_failed",
    ]

    static let ofRequests: [Provocation] = [
        Provocation(
            "GET /bills", headers: [("Host", "a b")], isRaw: true, 400, "host_malformed",
            saying: "send one header `Host`"),
        Provocation(
            "GET /bills", headers: [("Host", "evil.example:80")], isRaw: true, 421, "host_unknown",
            saying: "for the host evil.example: send"),
        Provocation(
            "POST /pause", sending: #"{"reason":"a","reason":"b"}"#, 400, "malformed_json",
            saying: "a key appears twice in one object at byte"),
        Provocation(
            "POST /pause", sending: #"{"reasons":"a"}"#, 400, "unknown_field",
            saying: "/reasons: does not exist; did you mean `reason`?"),
        Provocation(
            "GET /payments?limits=1", 400, "unknown_parameter",
            saying: "`limits` does not exist; did you mean `limit`?"),
        Provocation(
            "GET /payments?limit=0", 400, "invalid_parameter",
            saying: "`limit` must be a number from 1 to 1000"),
        Provocation(
            "GET /bills?cursor=0123456789ab-7", 400, "invalid_parameter",
            saying: "`cursor` was not returned by this list"),
        Provocation(
            "POST /pause", sending: "{}", 422, "invalid_value", saying: "/reason: is missing"),
        Provocation(
            "POST /resume", sending: #"{"account":"MCH-NOBODY"}"#, 422, "invalid_value",
            saying: "/account: is not a configured Client-Id"),
        Provocation(
            "GET /payments?from=2026-11-30&to=2026-11-01", 400, "invalid_parameter",
            saying: "is before `from` (2026-11-30): write from=2026-11-01&to=2026-12-01"),
        Provocation(
            "GET /bills?expires_from=2026-11-30&expires_to=2026-11-30", 400, "invalid_parameter",
            saying: "write expires_from=2026-11-30&expires_to=2026-12-01"),
        Provocation(
            "GET /payments/totals?from=2026-11-30&to=2026-11-30", 400, "invalid_parameter",
            saying: "for the whole day, write from=2026-11-30&to=2026-12-01"),
        Provocation(
            "GET /inquiries?from=2026-11-30T08:00:00Z&to=2026-11-30T08:00:00Z", 400,
            "invalid_parameter", saying: "give a later `to`"),
        Provocation(
            "GET /payments?cursor=0123456789ab-7", 400, "invalid_parameter",
            saying: "send it with the parameters of the page that returned it"),
        Provocation(
            "GET /payments?limit=5", headers: [("Accept", "text/csv")], 400, "invalid_parameter",
            saying: "`limit` is for pages, and a CSV file has all payments: leave it out"),
        Provocation(
            "GET /payments?channel=%20", 400, "invalid_parameter",
            saying: "`channel` must be `alfa` or `indomaret`, or an id of a channel"),
        Provocation(
            "GET /payments?standing=not_success", 400, "invalid_parameter",
            saying: "no payment is not_success"),
        Provocation(
            "POST /bills", sending: BillJSON("99999900000009").text, 422, "invalid_value",
            saying: "/payment_code: does not begin with a configured BIN"),
        Provocation(
            "POST /bills", sending: BillJSON().with("expires_at", "\"2001-01-01\"").text, 422,
            "invalid_value", saying: "/expires_at: is in the past"),
        Provocation(
            "POST /bills/cancel", sending: #"{"invoice_numbers":["INV-1"]}"#, 422,
            "invalid_value", saying: "/account: is missing: the key is for several accounts"),
        Provocation(
            "POST /bills/cancel", sending: #"{"invoice_numbers":["INV-1","a b"]}"#, 422,
            "invalid_value", saying: "/invoice_numbers/1: must be a string of 1 to 64"),
        Provocation(
            "POST /bills/cancel", sending: #"{"invoice_numbers":[]}"#, 422, "invalid_value",
            saying: "/invoice_numbers: must be an array of 1 to 1000 invoice numbers"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"state":"open"},"dry_run":true}"#, 422,
            "invalid_value", saying: "/filter: matches every open bill: give a field such as"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"customer":"a","state":"paid"}}"#, 422,
            "invalid_value", saying: "/filter/state: must be open or expired"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"customer":"a"}}"#, 422, "invalid_value",
            saying: "/expected_count: is missing: send a dry run first"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"customer":7}}"#, 422, "invalid_value",
            saying: "/filter/customer: must be a string"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"sort":"newest"}}"#, 400, "unknown_field",
            saying: "/filter/sort: is not one of:"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{"expires_to":"soon"}}"#, 422,
            "invalid_value", saying: "/filter: `expires_to` must be a date"),
        Provocation(
            "POST /bills/cancel", sending: #"{"filter":{},"invoice_numbers":["A"]}"#, 422,
            "invalid_value", saying: "/invoice_numbers: give either this or `filter`"),
        Provocation(
            "POST /bills/cancel", sending: #"{"invoice_numbers":["A"],"expected_count":1}"#, 422,
            "invalid_value", saying: "/expected_count: is for `filter` only"),
        Provocation(
            "POST /payments/1/resolve", sending: #"{"action":"refund"}"#, 422, "invalid_value",
            saying: "/action: must be one of:"),
        Provocation(
            "POST /keys", sending: #"{"name":"x","scopes":[]}"#, 422, "invalid_value",
            saying: "/scopes: must be an array of one or more of"),
        Provocation("GET /bills/7", 404, "not_found", saying: "there is no bill 7"),
        Provocation("GET /bill", 404, "not_found", saying: "/admin/v1/bill is not a route"),
        Provocation(
            "PUT /bills", sending: "{}", 405, "method_not_allowed",
            saying: "this path allows: GET, HEAD, POST"),
        Provocation(
            "POST /pause", sending: "reason=a", type: "application/x-www-form-urlencoded", 415,
            "not_json",
            saying: "send `Content-Type: application/json`"),
        Provocation(
            "POST /bills", sending: String(repeating: " ", count: 9_000_000),
            headers: [("Content-Length", "9000000")], isRaw: true, 413, "body_too_large",
            saying: "send at most 8 MiB"),
        Provocation(
            "POST /imports", sending: ImportCase.head, type: "text/csv",
            headers: [("Content-Length", "\(Limits.importFileBytesMax + 1)")], isRaw: true, 413,
            "body_too_large", saying: "send at most 2 GiB: split the file"),
        Provocation(
            "POST /pause", sending: "zz\r\n", headers: [("Transfer-Encoding", "chunked")],
            isRaw: true,
            400, "body_broken", saying: "the body is incomplete"),
        Provocation(
            "POST /pause", sending: "{", headers: [("Content-Length", "9")], isRaw: true,
            in: .impatience, 408, "body_too_slow",
            saying: "fewer than 1024 bytes of the body arrived per second"),
        Provocation(
            "POST /pause", sending: #"{"reason":"a"}"#, in: .failingDatabase, 503, "store_failed",
            saying: "the reason is in the service's log"),
        Provocation(
            "GET /odd", in: .strayError, 500, "unexpected", saying: "a parameter was lost"),
    ]
}
