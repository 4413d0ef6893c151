// `loket demo`: the real service, a fresh database, and DOKU played against it over HTTP. Exits 0
// only if every answer was the right one and every signature verified.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import LoketServer

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk through every answer that an inquiry and a payment can get.",
        discussion: """
            Starts the service as a process of its own on a temporary database, adds bills over \
            the admin API, plays DOKU over HTTP, prints every signed request with its answer and \
            the verdict, then the journal. Then bills are paid in every way that a payment can go \
            wrong, as `loket simulate scenario` does.
            """)

    @Flag(help: "Keep serving afterwards, until Ctrl-C.")
    var stay = false

    /// Seconds that the expiring bill lives: longer than it takes to add the others.
    private static let expirySeconds: Int64 = 3

    func run() async throws {
        let site = try DemoSite(purpose: "demo") { database, secretFile in
            ExampleSettings.adapted(
                gatewayPort: 0, adminPort: 0, database: database, secretFile: secretFile,
                host: "127.0.0.1")
        }
        defer { site.remove() }
        let script = Script(exclusive: DemoSite.exclusiveBIN, direct: DemoSite.directBIN)
        let service = try await site.serve(Bundle.main.executablePath ?? "loket")
        defer { _ = service.stop() }
        let admin = AdminClient(
            url: "http://127.0.0.1:\(service.adminPort ?? 0)", key: try site.key())
        try Output.print("service: process \(service.id), gateway on port \(service.gatewayPort)\n")

        let expiry = Moment.now.adding(milliseconds: Self.expirySeconds * 1000)
        let seeds = script.seeds + [script.paid]
        for seed in seeds { try await add(seed, expiry: expiry, over: admin) }
        let payments = DemoPayments(site: site, gatewayPort: service.gatewayPort, admin: admin)
        try await payments.pay(script.paid)
        let faults = try await play(script, site, service, expiry: expiry)
        let count = script.scenes.count
        guard faults == 0 else {
            throw Failure(.no, "\(faults) of \(count) answers were wrong; see above")
        }
        try await printJournal(of: script, over: admin)
        let steps = try await payments.playScenario()
        try Output.print(
            """

            all \(count) answers were right, and every signature that was due verified
            all \(steps) steps of the payments were right
            """)
        if stay { try stayUp(site, service, askingFor: script.seeds[0].code) }
    }

    // MARK: Before

    private func add(
        _ seed: Script.Seed, expiry: Moment, over admin: AdminClient
    ) async throws {
        let bill = try await admin.post("/admin/v1/bills") { body in
            body.field("payment_code", seed.code)
            body.field("invoice_number", seed.invoice)
            body.field("amount", seed.amount)
            body.field("reusable", seed.reusable)
            if seed.expires { body.field("expires_at", expiry.utcMillisecondText) }
            body.object("customer") { $0.field("name", "Anton Budiman") }
            body.field("info", "Terima kasih")
        }
        try Output.print("added    \(BillText.line(bill))")
        guard seed.cancelled, let id = bill["id"]?.string else { return }
        let cancelled = try await admin.post("/admin/v1/bills/\(id)/cancel") { body in
            body.field("reason", "ordered twice")
        }
        try Output.print("cancelled \(BillText.line(cancelled))")
    }

    // MARK: The walk

    /// - Returns: scenes whose answer was wrong.
    private func play(
        _ script: Script, _ site: DemoSite, _ service: ServiceProcess, expiry: Moment
    ) async throws -> Int {
        let transport = HTTPTransport(base: "http://127.0.0.1:\(service.gatewayPort)")
        var referee = Referee(doku: site.doku)
        var wrong = 0
        for (index, scene) in script.scenes.enumerated() {
            if scene.expected.status == "billing_was_expired" {
                while Moment.now < expiry { try await Task.sleep(for: .milliseconds(20)) }
            }
            let request = scene.request(by: site.doku, now: .now)
            let answer = try await transport.send(request)
            let faults = referee.faults(in: answer, to: request, of: scene)
            try Output.print("\n--- \(index + 1). \(scene.title)")
            try Exchange.print(request, answer)
            let signature = site.doku.signature(of: answer, to: request)
            try Output.print("\n  signature of the answer: \(signature)")
            try Output.print(
                faults.isEmpty ? "  RIGHT" : "  WRONG: " + faults.joined(separator: "; "))
            if !faults.isEmpty { wrong += 1 }
        }
        return wrong
    }

    // MARK: After

    /// The journal is written behind the answers: waits until every verified inquiry is there.
    private func printJournal(of script: Script, over admin: AdminClient) async throws {
        let due = script.scenes.filter(\.isVerified).count
        var rows: [JSONValue] = []
        for _ in 0..<500 where rows.count < due {
            try await Task.sleep(for: .milliseconds(10))
            rows = try await admin.get("/admin/v1/inquiries")["items"]?.elements ?? []
        }
        guard rows.count == due else {
            throw Failure(.no, "the journal has \(rows.count) rows, expected \(due)")
        }
        try Output.print("\n--- the journal, newest first")
        for row in rows {
            let fields = ["id", "payment_code", "channel", "guard", "status", "invoice_number"]
            let texts = fields.map { name in
                row.members.first { $0.name == name }?.value.string ?? "-"
            }
            try Output.print(
                "  " + texts.joined(separator: "  ") + "  \(row["duration_us"]?.integer ?? 0) us")
        }
    }

    private func stayUp(_ site: DemoSite, _ service: ServiceProcess, askingFor code: String) throws
    {
        let inquiryURL = "http://127.0.0.1:\(service.gatewayPort)\(DemoSite.inquiryPath)"
        try Output.print(
            """

            serving until Ctrl-C:
              inquiry URL  \(inquiryURL)
              admin API    http://127.0.0.1:\(service.adminPort ?? 0)/admin/v1
              admin key    \(site.keyPath)
              settings     \(site.settingsPath)

            ask it from another terminal:
              \(Bundle.main.executablePath ?? "loket") simulate inquiry \(inquiryURL) \\
                --client-id \(DemoSite.clientID) --secret-file \(site.secretPath) --code \(code)
            """)
        _ = service.wait()
    }
}
