// Every route of the admin API has a command, so that no job needs another HTTP client.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct RouteCommands {
        /// The command of each route, or one of several, with what it needs.
        private static let commands = [
            "POST /admin/v1/bills": "bills add --code 1 --invoice I --amount 1 --name A",
            "GET /admin/v1/bills": "bills list",
            "GET /admin/v1/bills/{id}": "bills show 1",
            "PATCH /admin/v1/bills/{id}": "bills edit 1 --amount 2",
            "GET /admin/v1/bills/{id}/timeline": "bills timeline 1",
            "POST /admin/v1/bills/{id}/cancel": "bills cancel 1",
            "POST /admin/v1/bills/cancel": "bills cancel-many --file numbers.txt",
            "POST /admin/v1/bills/{id}/reopen": "bills reopen 1",
            "POST /admin/v1/bills/{id}/forget": "bills forget 1",
            "GET /admin/v1/quote": "bills quote 8896",
            "POST /admin/v1/imports": "bills import bills.csv --no-wait",
            "GET /admin/v1/imports": "imports list",
            "GET /admin/v1/imports/{id}": "imports show 1",
            "GET /admin/v1/imports/{id}/rows": "imports rows 1",
            "POST /admin/v1/imports/{id}/cancel": "imports cancel 1",
            "POST /admin/v1/imports/{id}/undo": "imports undo 1",
            "GET /admin/v1/payments": "payments list",
            "GET /admin/v1/payments/totals": "payments totals",
            "GET /admin/v1/payments/{id}": "payments show 1",
            "POST /admin/v1/payments/{id}/resolve": "payments resolve 1 --action dismiss",
            "POST /admin/v1/payments/{id}/reopen": "payments reopen 1",
            "GET /admin/v1/attention": "attention list",
            "POST /admin/v1/attention/{id}/resolve": "attention resolve 1",
            "GET /admin/v1/notifications": "notifications list",
            "GET /admin/v1/notifications/{id}": "notifications show 1",
            "GET /admin/v1/quarantine": "quarantine list",
            "POST /admin/v1/quarantine/retry": "quarantine retry",
            "GET /admin/v1/events": "events",
            "GET /admin/v1/inquiries": "inquiries",
            "GET /admin/v1/inquiries/{request_id}": "why 1",
            "GET /admin/v1/search": "find 1",
            "POST /admin/v1/search/rebuild": "find --rebuild",
            "GET /admin/v1/status": "status",
            "GET /admin/v1/reconcile": "reconcile",
            "POST /admin/v1/reconcile": "reconcile",
            "GET /admin/v1/pauses": "pauses",
            "POST /admin/v1/pause": "pause --reason A",
            "POST /admin/v1/resume": "resume",
            "POST /admin/v1/backup": "backup copy.db",
            "POST /admin/v1/webhooks": "webhooks add https://erp.example.com/loket",
            "GET /admin/v1/webhooks": "webhooks list",
            "GET /admin/v1/webhooks/{id}": "webhooks show 1",
            "PATCH /admin/v1/webhooks/{id}": "webhooks edit 1 --note a",
            "DELETE /admin/v1/webhooks/{id}": "webhooks remove 1",
            "POST /admin/v1/webhooks/{id}/pause": "webhooks pause 1",
            "POST /admin/v1/webhooks/{id}/resume": "webhooks resume 1",
            "POST /admin/v1/webhooks/{id}/replay": "webhooks replay 1 --since 2026-11-01",
            "POST /admin/v1/webhooks/{id}/rotate-secret": "webhooks rotate 1",
            "POST /admin/v1/webhooks/{id}/drop-old-secret": "webhooks drop-old-secret 1",
            "POST /admin/v1/webhooks/{id}/test": "webhooks test 1",
            "GET /admin/v1/webhooks/{id}/skipped": "webhooks skipped 1",
            "POST /admin/v1/keys": "keys create a --scope read",
            "GET /admin/v1/keys": "keys list",
            "GET /admin/v1/keys/{id}": "keys show 1",
            "DELETE /admin/v1/keys/{id}": "keys revoke 1",
        ]

        @Test func `each route of the service has a command`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let answer = try await Connection.ask(
                    DokuRequest(method: "GET", target: "/openapi.json", headers: [], body: []),
                    port: service.adminPort)
                let paths = try StrictJSON(answer.body, depthMax: 64).root["paths"]?.members ?? []
                let routes = paths.filter { $0.name.hasPrefix("/admin/") }.flatMap { path in
                    path.value.members.filter { $0.name != "parameters" }.map {
                        "\($0.name.uppercased()) \(path.name)"
                    }
                }
                #expect(routes.count > 30)
                for route in routes {
                    #expect(Self.commands[route] != nil, "\(route) has no command")
                }
                for route in Self.commands.keys {
                    #expect(routes.contains(route), "\(route) does not exist")
                }
            }
        }

        @Test func `each of these commands sends the request of its route`() async throws {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "key")
                try site.write("INV-1\n", to: "numbers.txt")
                let head = "payment_code,invoice_number,amount,customer_name\n"
                try site.write(head, to: "bills.csv")
                // The first answer is that of a reconciliation in progress.
                let answers: [(status: Int, body: String)] = ["running", "applied"].map {
                    (200, #"{"id":"1","state":"\#($0)","items":[]}"#)
                }
                let reconcile = try await site.startRecorder(answers)
                let other = try await site.startRecorder([answers[1]])
                for (route, command) in Self.commands {
                    let recorder = command == "reconcile" ? reconcile : other
                    let words = command.split(separator: " ").map(String.init)
                    _ = try await site.run(
                        words + ["--url", recorder.url, "--key-file", "key"])
                    let path = route.replacing(/\{[a-z_]+\}/, with: "1")
                    let isSent = recorder.requests.contains {
                        $0.split(separator: "?").first.map(String.init) == path
                    }
                    #expect(isSent, "\(command): \(recorder.requests)")
                }
            }
        }
    }
}
