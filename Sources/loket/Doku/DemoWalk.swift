// The steps of the demo, one line each: the merchant adds bills, DOKU sends inquiries, a customer
// pays, and then every problem of a payment is shown.

import DokuSimulator
import LoketCore
import LoketJSON

struct DemoWalk {
    private let site: DemoSite
    private let gateway: HTTPTransport
    private let admin: AdminClient
    private let isVerbose: Bool
    private let script = Script(exclusive: DemoSite.exclusiveBIN, direct: DemoSite.directBIN)
    private var hasShownExchange = false
    private(set) var steps = 0

    /// The lifetime of the expiring bill in seconds: longer than adding the other bills takes.
    private static let expirySeconds: Int64 = 3

    init(site: DemoSite, gatewayPort: Int, admin: AdminClient, isVerbose: Bool) {
        self.site = site
        gateway = HTTPTransport(base: "http://127.0.0.1:\(gatewayPort)")
        self.admin = admin
        self.isVerbose = isVerbose
    }

    var scenes: Int { script.scenes.count }

    /// - Throws: `Failure` 1 if an answer was wrong.
    mutating func play() async throws {
        try Output.print("\nthe merchant adds bills over the admin API")
        let expiry = Moment.now.adding(milliseconds: Self.expirySeconds * 1000)
        for seed in script.seeds + [script.paid] { try await add(seed, expiry: expiry) }
        try Output.print("\na customer tells the cashier a code, and DOKU sends an inquiry")
        let wrong = try await inquire(expiry: expiry)
        guard wrong == 0 else {
            throw Failure(.no, "\(wrong) of \(scenes) answers were wrong; see above")
        }
        try await checkJournal()
        try await playScenario()
    }

    // MARK: The merchant

    private func add(_ seed: Script.Seed, expiry: Moment) async throws {
        var bill = try await admin.post("/admin/v1/bills") { body in
            body.field("payment_code", seed.code)
            body.field("invoice_number", seed.invoice)
            body.field("amount", seed.amount)
            body.field("reusable", seed.reusable)
            if seed.expires { body.field("expires_at", expiry.utcMillisecondText) }
            body.object("customer") { $0.field("name", "Anton Budiman") }
            body.field("info", "Terima kasih")
        }
        if seed.cancelled, let id = bill["id"]?.string {
            bill = try await admin.post("/admin/v1/bills/\(id)/cancel") {
                $0.field("reason", "ordered twice")
            }
        }
        try Output.print(
            StepText.right(
                "bill \(seed.invoice)", "\(bill["state"]?.string ?? "-")",
                Rupiah.text(whole: seed.amount), "code \(seed.code)"))
    }

    // MARK: Inquiries

    /// - Returns: The number of wrong answers.
    private mutating func inquire(expiry: Moment) async throws -> Int {
        var referee = AnswerChecker(doku: site.doku)
        var wrong = 0
        for scene in script.scenes {
            if scene.code == script.paid.code { try await pay(script.paid) }
            if scene.expected.status == "billing_was_expired" {
                while Moment.now < expiry { try await Task.sleep(for: .milliseconds(20)) }
            }
            let request = scene.request(by: site.doku, now: .now)
            let answer = try await exchange(request)
            let faults = referee.faults(in: answer, to: request, of: scene)
            let body = try? StrictJSON(answer.body).root
            let status = body?["online_to_offline_inquiry"]?["status"]?.string ?? "-"
            let amount = body?["order"]?["amount"]?.integer
            let facts = [
                "\(answer.status) \(status)", amount.map { Rupiah.text(whole: $0) },
                body?["order"]?["invoice_number"]?.string,
                "\(site.doku.signature(of: answer, to: request))",
            ].compactMap(\.self)
            try Output.print(
                faults.isEmpty
                    ? StepText.right(scene.title, facts.joined(separator: "  "))
                    : StepText.wrong(scene.title, faults.joined(separator: "; ")))
            if !faults.isEmpty { wrong += 1 }
        }
        return wrong
    }

    /// Pays a bill by a notification.
    ///
    /// - Throws: `Failure` 1 unless the payment is settled and the answer's signature verifies.
    private mutating func pay(_ seed: Script.Seed) async throws {
        let now = Moment.now.utcText
        let notice = PaymentNotice(
            invoiceNumber: seed.invoice, amount: seed.amount, paymentCode: seed.code, date: now,
            agentTransactionID: "1246")
        let request = site.notifying.request(
            body: notice.body, requestID: Doku.newRequestID(), timestamp: now)
        let answer = try await exchange(request)
        let signature = site.notifying.signature(of: answer, to: request)
        let page = try await admin.get(
            "/admin/v1/payments", [("invoice_number", seed.invoice)])
        let standings = (page["items"]?.elements ?? []).compactMap { $0["standing"]?.string }
        guard answer.status == 200, signature == .verified, standings == ["settled"] else {
            throw Failure(.no, "the service did not record the payment of \(seed.invoice)")
        }
        try Output.print(
            StepText.right(
                "\(seed.invoice) is paid: DOKU's notification", "200 settled",
                Rupiah.text(whole: seed.amount), seed.invoice, "\(signature)"))
    }

    /// Waits until every verified inquiry is in the journal, which is written after the answers.
    private func checkJournal() async throws {
        let due = script.scenes.count { $0.isVerified }
        var rows: [JSONValue] = []
        for _ in 0..<500 where rows.count < due {
            try await Task.sleep(for: .milliseconds(10))
            rows = try await admin.get("/admin/v1/inquiries")["items"]?.elements ?? []
        }
        guard rows.count == due else {
            throw Failure(.no, "the journal has \(rows.count) rows, expected \(due)")
        }
        let times = rows.compactMap { $0["duration_us"]?.integer }.sorted()
        try Output.print(
            StepText.right(
                "the journal has every verified inquiry", "\(rows.count) inquiries",
                "answered in \(times[times.count / 2]) us (median)"))
    }

    // MARK: Payments

    /// - Throws: `Failure` 1 if a step was wrong.
    private mutating func playScenario() async throws {
        let scenario = Scenario(
            inquiries: site.doku, notifications: site.notifying, bin: DemoSite.exclusiveBIN)
        var printer = ScenarioPrinter()
        let (gateway, isVerbose) = (gateway, isVerbose)
        let send: Scenario.Send = { request in
            let answer = try await gateway.send(request)
            if isVerbose { try Exchange.print(request, answer) }
            return answer
        }
        let isRight = try await scenario.run(
            over: Scenario.Ways(inquiry: send, notification: send, admin: admin.answer)
        ) { try printer.print($0) }
        steps = printer.count
        guard isRight else {
            throw Failure(.no, "\(printer.wrong) of \(steps) steps were wrong; see above")
        }
    }

    /// Sends a request. Prints the first exchange, or every one if verbose.
    private mutating func exchange(_ request: DokuRequest) async throws -> DokuAnswer {
        let answer = try await gateway.send(request)
        if isVerbose || !hasShownExchange { try Exchange.print(request, answer) }
        hasShownExchange = true
        return answer
    }
}

/// One line of text for a step and its result.
enum StepText {
    private static let titleWidth = 42

    static func right(_ title: String, _ facts: String...) -> String {
        let space = String(repeating: " ", count: max(0, titleWidth - title.count))
        return "ok   \(title)\(space)  \(facts.joined(separator: "  "))"
    }

    static func wrong(_ title: String, _ faults: String) -> String { "WRONG  \(title): \(faults)" }
}
