// The demo's payments: one bill is paid as DOKU would tell of it, and then the whole scenario is
// played, every signed request printed with its signed answer.

import DokuSimulator
import LoketCore

struct DemoPayments {
    private let site: DemoSite
    private let gateway: HTTPTransport
    private let admin: AdminClient

    init(site: DemoSite, gatewayPort: Int, admin: AdminClient) {
        self.site = site
        gateway = HTTPTransport(base: "http://127.0.0.1:\(gatewayPort)")
        self.admin = admin
    }

    /// Pays a bill by a notification.
    ///
    /// - Throws: `Failure` unless it was recorded, settled, and the answer signed.
    func pay(_ seed: Script.Seed) async throws {
        let now = Moment.now.utcText
        let notice = PaymentNotice(
            invoiceNumber: seed.invoice, amount: seed.amount, paymentCode: seed.code, date: now,
            agentTransactionID: "1246")
        let request = site.notifying.request(
            body: notice.body, requestID: Doku.newRequestID(), timestamp: now)
        try Output.print("\n--- \(seed.invoice) is paid at the counter: DOKU's notification")
        let answer = try await exchange(request)
        let signature = site.notifying.signature(of: answer, to: request)
        try Output.print("\n  signature of the answer: \(signature)")
        let page = try await admin.get("/admin/v1/payments?invoice_number=\(seed.invoice)")
        let standings = (page["items"]?.elements ?? []).compactMap { $0["standing"]?.string }
        guard answer.status == 200, signature == .verified, standings == ["settled"] else {
            throw Failure(.no, "the payment of \(seed.invoice) was not taken; see above")
        }
        try Output.print("  RECORDED, settled")
    }

    /// - Returns: how many steps there were.
    /// - Throws: `Failure` if one of them was wrong.
    func playScenario() async throws -> Int {
        let scenario = Scenario(
            inquiries: site.doku, notifications: site.notifying, bin: DemoSite.exclusiveBIN)
        var printer = ScenarioPrinter()
        try Output.print("\n--- payments, as `loket simulate scenario` plays them")
        let isRight = try await scenario.run(
            over: Scenario.Ways(
                inquiry: exchange, notification: exchange, admin: admin.answer)
        ) { try printer.print($0) }
        guard isRight else {
            throw Failure(.no, "\(printer.wrong) of \(printer.count) steps were wrong; see above")
        }
        return printer.count
    }

    /// Sends a request and prints it with its answer.
    private func exchange(_ request: DokuRequest) async throws -> DokuAnswer {
        let answer = try await gateway.send(request)
        try Exchange.print(request, answer)
        return answer
    }
}
