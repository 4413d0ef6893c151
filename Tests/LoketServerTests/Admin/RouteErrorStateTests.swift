// The errors that depend on what is there: taken numbers and codes, closed bills, lost edits,
// payments that were decided, keys, imports. One case each over a real socket, and each answer must
// be one that the document has for its route.

import DokuSimulator
import DokuWire
import LoketCore
import Testing

struct RouteErrorStateTests {
    private struct Case {
        let method: String
        let path: String
        var body: String?
        var headers: [(name: String, value: String)] = []
        let status: Int
        let cause: String

        static func get(_ path: String, _ status: Int, _ cause: String) -> Case {
            Case(method: "GET", path: path, status: status, cause: cause)
        }

        static func post(
            _ path: String, _ body: String, _ status: Int, _ cause: String
        ) -> Case {
            Case(method: "POST", path: path, body: body, status: status, cause: cause)
        }

        static func patch(
            _ path: String, _ tag: String?, _ status: Int, _ cause: String
        ) -> Case {
            Case(
                method: "PATCH", path: path, body: #"{"amount":1000}"#,
                headers: tag.map { [("If-Match", $0)] } ?? [], status: status, cause: cause)
        }
    }

    private func expect(
        _ cases: [Case], by client: AdminClient, _ service: RunningService
    ) async throws {
        let operations = try await OpenAPIReader(service).operations
        for one in cases {
            let answer = try await client.send(
                one.method, one.path, body: one.body.map { Array($0.utf8) } ?? [],
                type: "application/json", more: one.headers)
            try expectProblem(answer, one.status, one.cause)
            let path = one.path.split(separator: "?")[0].split(separator: "/")
            let operation = operations.first { operation in
                let parts = operation.path.split(separator: "/")
                return operation.method == one.method && parts.count == path.count
                    && zip(parts, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
            }
            #expect(
                operation?.causes[one.status]?.contains(one.cause) == true,
                "\(one.method) \(one.path) does not document \(one.cause)")
        }
    }

    private static func bill(_ code: String, _ invoice: String, _ change: String = "") -> String {
        #"{"payment_code":"\#(code)","invoice_number":"\#(invoice)","amount":150000,"#
            + #""customer":{"name":"Anton"}\#(change)}"#
    }

    private static let bills = "/admin/v1/bills"

    @Test func `a bill says why it cannot be made or changed`() async throws {
        try await withTill { service in
            // 1 stays open, 2 is paid, 3 is cancelled, 4 is reusable.
            try service.seed([
                .sample(Till.code, "INV-1"), .sample("88965110000002", "INV-2"),
                .sample("88965110000003", "INV-3"),
                .sample("88965110000004", "INV-4") { $0.reusable = true },
            ])
            try await service.pay(Till.notice("INV-2", code: "88965110000002"))
            #expect(try await service.admin.post(Self.bills + "/3/cancel", "{}").status == 200)
            try await expect(
                [
                    .post(Self.bills, Self.bill(Till.code, "INV-9"), 409, "code_taken"),
                    .post(Self.bills, Self.bill(Till.code, "INV-2"), 409, "invoice_number_taken"),
                    .post(
                        Self.bills, Self.bill("88965110000009", "INV-4-0123456789"), 409,
                        "invoice_number_ambiguous"),
                    .post(Self.bills, Self.bill("99999900000009", "INV-9"), 422, "invalid_value"),
                    .post(
                        Self.bills,
                        Self.bill("88965110000009", "INV-9", #","expires_at":"2001-01-01""#), 422,
                        "invalid_value"),
                    .post(Self.bills + "/2/cancel", "{}", 409, "bill_closed"),
                    .post(Self.bills + "/1/forget", "{}", 409, "bill_open"),
                    .patch(Self.bills + "/1", nil, 428, "precondition_required"),
                    .patch(Self.bills + "/1", "\"lost\"", 412, "precondition_failed"),
                    .patch(Self.bills + "/2", "*", 409, "bill_closed"),
                ], by: service.admin, service)
        }
    }

    @Test func `a lost edit is refused and the bill stays`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let path = Self.bills + "/1"
            let tag = try #require(try await service.admin.tag(path))
            func edit(_ amount: Int) async throws -> AdminAnswer {
                try await service.admin.send(
                    "PATCH", path, body: Array("{\"amount\":\(amount)}".utf8),
                    type: "application/json", more: [("If-Match", tag)])
            }
            #expect(try await edit(1000).status == 200)
            try expectProblem(try await edit(2000), 412, "precondition_failed")
            #expect(try await service.admin.get(path).json()["amount"]?.integer == 1000)
        }
    }

    @Test func `a payment says why it cannot be resolved`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample("88965110000002", "INV-2")])
            try await service.pay(Till.notice("INV-1"))
            try await service.pay(Till.notice("INV-2", amount: 1, code: "88965110000002"))
            let resolved = try await service.admin.post(
                "/admin/v1/payments/2/resolve", #"{"action":"dismiss"}"#)
            #expect(resolved.status == 200)
            let payments = "/admin/v1/payments"
            try await expect(
                [
                    .post(
                        payments + "/1/resolve", #"{"action":"accept"}"#, 409,
                        "nothing_to_resolve"),
                    .post(
                        payments + "/2/resolve", #"{"action":"refunded"}"#, 409,
                        "payment_resolved"),
                    .post(
                        payments + "/1/resolve", #"{"action":"refund"}"#, 422, "invalid_value"),
                    .get(payments + "?standing=not_success", 400, "invalid_parameter"),
                    .post("/admin/v1/reconcile", "{}", 409, "check_status_off"),
                    .get("/admin/v1/events?after=other-1", 410, "cursor_gone"),
                    .post("/admin/v1/pause", "{}", 422, "invalid_value"),
                    .post(
                        "/admin/v1/resume", #"{"account":"MCH-NOBODY"}"#, 422, "invalid_value"),
                ], by: service.admin, service)
        }
    }

    @Test func `a key and an import say why not`() async throws {
        try await withService { service in
            let reader = try await service.makeKey(#"{"name":"erp","scopes":["read","keys"]}"#)
            try await expect(
                [
                    .post(
                        "/admin/v1/keys", #"{"name":"erp","scopes":["read"]}"#, 409,
                        "key_name_taken"),
                    .post("/admin/v1/keys", #"{"name":"x","scopes":[]}"#, 422, "invalid_value"),
                    .post(
                        "/admin/v1/imports?format=csv", "payment_code", 415,
                        "media_type_unknown"),
                ], by: service.admin, service)
            let poor = AdminClient(port: service.adminPort, key: reader.text)
            try await expect(
                [
                    .post(
                        "/admin/v1/keys", #"{"name":"x","scopes":["write"]}"#, 403,
                        "scope_missing")
                ], by: poor, service)
            let revoked = try await service.admin.send(
                "DELETE", "/admin/v1/keys/\(reader.id)", body: nil)
            #expect(revoked.status == 200)
            try await expect(
                [
                    Case(
                        method: "DELETE", path: "/admin/v1/keys/1", status: 409,
                        cause: "last_key")
                ], by: service.admin, service)
            let dry = try await service.admin.send(
                "POST", "/admin/v1/imports?dry_run=true",
                body: Array("payment_code,invoice_number,amount,customer_name\n".utf8),
                type: "text/csv")
            let id = try #require(dry.string("id"), "\(dry.text)")
            try await eventually {
                try await service.admin.get("/admin/v1/imports/\(id)").string("state")
                    != "running"
            }
            try await expect(
                [.post("/admin/v1/imports/\(id)/undo", "{}", 409, "import_not_undoable")],
                by: service.admin, service)
        }
    }
}
