// Errors of keys that may not send their request: missing, revoked, without the scope, of another
// account.

extension Provocation {
    static let ofKeys: [Provocation] = [
        Provocation(
            "GET /bills", in: .stranger, 401, "key_missing",
            saying: "send the header `Authorization: Bearer <admin key>` once"),
        Provocation(
            "GET /bills", in: .revokedKey, 401, "key_missing",
            saying: "the key in the request is not an active admin key"),
        Provocation(
            "GET /bills", in: .fullShare, 429, "too_many_requests",
            saying: "requests with this key are in progress; wait for one to finish"),
        Provocation(
            "GET /keys", in: .key("read", "write", "backup"), 403, "scope_missing",
            saying: "this request needs a key with the scope `keys`"),
        Provocation(
            "GET /status", in: .neighbour, 403, "account_forbidden",
            saying: "this request concerns every account, but the key is for one account"),
        Provocation(
            "POST /backup", sending: "{}", in: .key("read", "write", "keys"), 403, "scope_missing",
            saying: "this request needs a key with the scope `backup`"),
        Provocation(
            "POST /keys", sending: #"{"name":"more","scopes":["write","read"]}"#,
            in: .key("read", "keys"), 403, "scope_missing",
            saying: "a key cannot grant a scope that it does not have: `write`"),
        Provocation(
            "POST /webhooks", sending: #"{"url":"https://erp.example/"}"#, in: .key("write"), 403,
            "scope_missing", saying: "a webhook passes on what the scope `read` shows"),
        Provocation(
            "POST /keys", sending: #"{"name":"erp","scopes":["read"]}"#, in: .twoKeys, 409,
            "key_name_taken", saying: "/name: is the name of an active key"),
        Provocation(
            "DELETE /keys/1", in: .twoKeys, 409, "last_key",
            saying: "first create another key for all accounts with the same scopes as key 1"),
    ]

    static let ofListsOfOneAccount: [Provocation] =
        [
            "/bills", "/imports", "/payments", "/payments/totals", "/inquiries", "/notifications",
            "/quarantine", "/attention", "/keys", "/webhooks",
        ].map {
            Provocation(
                "GET \($0)?account=\(Shop.clientID)", in: .neighbour, 403, "account_forbidden",
                saying: "`account` is not the account of")
        }

    static let ofOneAccount: [Provocation] = [
        // The answer does not reveal that there is no such account.
        Provocation(
            "GET /inquiries?account=MCH-NOBODY", in: .neighbour, 403, "account_forbidden",
            saying: "`account` is not the account of"),
        Provocation(
            "POST /bills/cancel",
            sending: #"{"invoice_numbers":["INV-1"],"account":"\#(Shop.clientID)"}"#,
            in: .neighbour, 403, "account_forbidden",
            saying: "/account: is not the account of your key"),
        Provocation(
            "POST /bills/cancel",
            sending: #"{"filter":{"customer":"a","account":"\#(Shop.clientID)"},"dry_run":true}"#,
            in: .neighbour, 403, "account_forbidden",
            saying: "`account` is not the account of your key"),
        Provocation(
            "POST /search/rebuild", sending: "{}", in: .neighbour, 403, "account_forbidden",
            saying: "this request concerns every account"),
        Provocation(
            "POST /imports?account=\(Shop.clientID)", sending: ImportCase.head, type: "text/csv",
            in: .neighbour, 403, "account_forbidden",
            saying: "`account` is not the account of"),
        Provocation(
            "POST /bills",
            sending: BillJSON("7777700000001").with("account", "\"\(Shop.clientID)\"").text,
            in: .neighbour, 403, "account_forbidden",
            saying: "/account: is not the account of your key"),
        Provocation(
            "POST /keys", sending: keyJSON("x", scopes: ["read"], account: Shop.clientID),
            in: .neighbour, 403, "account_forbidden",
            saying: "`account` is not the account of this key"),
        Provocation(
            "POST /webhooks",
            sending: #"{"url":"https://erp.example/","account":"\#(Shop.clientID)"}"#,
            in: .neighbour, 403, "account_forbidden",
            saying: "`account` is not the account of this key"),
        Provocation(
            "POST /pause", sending: #"{"reason":"a"}"#, in: .neighbour, 403, "account_forbidden",
            saying: "set the field `account` to the account of your key"),
        Provocation(
            "POST /pause", sending: #"{"reason":"a","account":"\#(Shop.clientID)"}"#,
            in: .neighbour,
            403, "account_forbidden", saying: "set the field `account` to the account"),
        Provocation(
            "POST /resume", sending: "{}", in: .neighbour, 403, "account_forbidden",
            saying: "set the field `account` to the account of your key"),
        Provocation(
            "POST /reconcile", sending: "{}", in: .neighbour, 403, "account_forbidden",
            saying: "this request concerns every account, but the key is for one account"),
        Provocation(
            "GET /reconcile", in: .neighbour, 403, "account_forbidden",
            saying: "this request concerns every account, but the key is for one account"),
        Provocation(
            "POST /backup", sending: "{}", in: .neighbourWithBackup, 403, "account_forbidden",
            saying: "this request concerns every account, but the key is for one account"),
    ]
}
