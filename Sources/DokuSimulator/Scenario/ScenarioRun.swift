// Plays one story: adds a bill with a random code and number, then plays each step and compares the
// gateway's answer and the resulting state in the admin API with the expectation.

import LoketCore
import LoketSystem

struct ScenarioRun {
    /// A notification and its answer.
    private struct Notified {
        let delivery: Scenario.Delivery
        let number: String
        let code: String
        let request: DokuRequest
        let answer: DokuAnswer
    }

    private let scenario: Scenario
    private let story: Scenario.Story
    private let ways: Scenario.Ways
    private let admin: ScenarioAdmin
    private let now: @Sendable () -> Moment

    private let code: String
    private let number: String
    private var bill = ""
    private var quoted: String?
    private var last: Notified?
    private var lastPayment: String?

    init(
        _ scenario: Scenario, story: Scenario.Story, ways: Scenario.Ways,
        now: @escaping @Sendable () -> Moment
    ) {
        self.scenario = scenario
        self.story = story
        self.ways = ways
        self.now = now
        admin = ScenarioAdmin(ways, now)
        code = Self.newCode(scenario)
        number = "SCN-" + hexadecimal(randomBytes(8))
    }

    /// - Returns: Whether every step was right. The story is not played if its bill cannot be
    ///   added.
    mutating func play(
        _ report: (Scenario.Verdict) async throws -> Void
    ) async throws -> Bool {
        let added = try await addBill()
        try await report(added)
        guard !bill.isEmpty else { return false }
        var isRight = added.isRight
        for step in story.steps {
            let got = try await Self.inWords { try await act(step.act) }
            let verdict = Scenario.Verdict(
                story: story.title, step: step.title, expected: step.expected, got: got)
            try await report(verdict)
            isRight = isRight && verdict.isRight
        }
        // The bill is cancelled so that it is never paid by mistake. A paid bill cannot be
        // cancelled.
        _ = try await Self.inWords { try await admin.cancel(bill) }
        return isRight
    }

    private mutating func addBill() async throws -> Scenario.Verdict {
        let draft = ScenarioAdmin.Draft(
            code: code, number: number, amount: Scenario.Story.amount,
            isReusable: story.isReusable, expiresInSeconds: story.expiresInSeconds)
        var id: String?
        let got = try await Self.inWords {
            let added = try await admin.add(draft)
            id = added.id
            return added.words
        }
        bill = id ?? ""
        return Scenario.Verdict(
            story: story.title, step: "the merchant adds a bill",
            expected: "201; bill open, 0 received", got: id == nil ? got + ", no id" : got)
    }

    /// Returns the body's result, or the text of the admin API's refusal.
    private static func inWords(
        _ body: () async throws -> String
    ) async throws -> String {
        do {
            return try await body()
        } catch let refused as ScenarioAdmin.Refused {
            return refused.words
        }
    }

    // MARK: Steps

    private mutating func act(_ act: Scenario.Act) async throws -> String {
        switch act {
        case .inquire: return try await inquire()
        case .notify(let delivery):
            let (number, code) = (number(delivery.number), code(delivery.code))
            return try await notify(
                delivery, number: number, code: code,
                request: request(delivery, number: number, code: code))
        case .repeatLast:
            guard let last else { preconditionFailure("an earlier step sends a notification") }
            return try await notify(
                last.delivery, number: last.number, code: last.code, request: last.request,
                earlier: last.answer)
        case .redeliver:
            guard let last else { preconditionFailure("an earlier step sends a notification") }
            return try await notify(
                last.delivery, number: last.number, code: last.code,
                request: signed(last.request.body))
        case .edit(let amount): return try await admin.edit(bill, amount: amount)
        case .cancel: return try await admin.cancel(bill)
        case .resolve(let action, let namesBill):
            guard let lastPayment else { return "there is no payment to resolve" }
            let status = try await admin.resolve(
                lastPayment, action, naming: namesBill ? bill : nil)
            return "\(status); \(try await books())"
        }
    }

    private mutating func inquire() async throws -> String {
        let stamp = now().utcText
        let request = scenario.inquiries.request(
            body: Doku.inquiryBody(code: code, counter: scenario.counter, date: stamp),
            requestID: Doku.newRequestID(), timestamp: stamp)
        let answer = try await ways.inquiry(request)
        quoted = ScenarioWords.quotedNumber(answer) ?? quoted
        return ScenarioWords.inquiry(
            answer, scenario.inquiries.signature(of: answer, to: request), code: code,
            number: number)
    }

    private mutating func notify(
        _ delivery: Scenario.Delivery, number: String, code: String, request: DokuRequest,
        earlier: DokuAnswer? = nil
    ) async throws -> String {
        let answer = try await ways.notification(request)
        last = Notified(
            delivery: delivery, number: number, code: code, request: request, answer: answer)
        let words = ScenarioWords.acknowledgement(
            answer, scenario.notifications.signature(of: answer, to: request), number: number,
            code: code, earlier: earlier)
        return "\(words); \(try await books())"
    }

    /// Returns a description of the bill and of the payments with the last notified number.
    private mutating func books() async throws -> String {
        guard let last else { preconditionFailure("an earlier step sends a notification") }
        let payments = try await admin.payments(
            number: last.number, requestID: last.request.header("Request-Id") ?? "", bill: bill)
        lastPayment = payments.lastID
        return "\(payments.words); \(try await admin.bill(bill))"
    }

    // MARK: Requests

    private func request(
        _ delivery: Scenario.Delivery, number: String, code: String
    ) -> DokuRequest {
        var notice = PaymentNotice(
            invoiceNumber: number, amount: delivery.amount, paymentCode: code,
            date: now().adding(milliseconds: delivery.aheadSeconds * 1000).utcText,
            agentTransactionID: "\(self.number)-\(delivery.sale)")
        notice.counter = scenario.counter
        notice.status = delivery.status
        notice.serviceID = delivery.service
        notice.amountForm = delivery.amountForm
        switch delivery.spoiling {
        case .none: return signed(notice.body)
        case .cutOff: return signed(notice.body.dropLast(2))
        case .forged:
            var request = signed(notice.body)
            request.body[request.body.count / 2] ^= 1
            return request
        }
    }

    private func signed(_ body: some Sequence<UInt8>) -> DokuRequest {
        scenario.notifications.request(
            body: Array(body), requestID: Doku.newRequestID(), timestamp: now().utcText)
    }

    private func number(_ number: Scenario.Delivery.Number) -> String {
        switch number {
        case .quoted: quoted ?? self.number
        case .own: self.number
        case .unknown: self.number + "-unknown"
        }
    }

    private func code(_ code: Scenario.Delivery.Code) -> String {
        switch code {
        case .own: self.code
        case .other: Self.newCode(scenario)
        case .foreign: Self.foreignCode
        }
    }

    /// A code that no BIN can start, because a BIN has at least five digits.
    private static let foreignCode = "4711"

    private static func newCode(_ scenario: Scenario) -> String {
        let free = scenario.codeDigits - scenario.bin.utf8.count
        return scenario.bin + (0..<free).map { _ in "\(Int.random(in: 0...9))" }.joined()
    }
}
