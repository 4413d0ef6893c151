// The merchant's side of a scenario: requests to the admin API, and descriptions of the answers.

import LoketCore
import LoketJSON

struct ScenarioAdmin: Sendable {
    /// An unexpected answer of the admin API, such as a refusal.
    struct Refused: Error {
        let words: String
    }

    struct Draft: Sendable {
        let code: String
        let number: String
        let amount: Int64
        let isReusable: Bool
        let expiresInSeconds: Int64?
    }

    /// The description of the payments with one invoice number, or of the payment of a
    /// notification.
    struct Payments {
        let words: String
        /// The newest payment's id.
        let lastID: String?
    }

    /// The number of notifications to search for a Request-Id.
    private static let notificationsMax = 1_000

    private let send: Scenario.Send
    private let now: @Sendable () -> Moment

    init(_ ways: Scenario.Ways, _ now: @escaping @Sendable () -> Moment) {
        send = ways.admin
        self.now = now
    }

    // MARK: Bills

    /// - Returns: The bill's id, nil if the answer has none, and a description of the answer.
    func add(_ draft: Draft) async throws -> (id: String?, words: String) {
        let expiry = draft.expiresInSeconds.map { now().adding(milliseconds: $0 * 1000).utcText }
        let answer = try await ask("POST", "/admin/v1/bills") { body in
            body.field("payment_code", draft.code)
            body.field("invoice_number", draft.number)
            body.field("amount", draft.amount)
            body.field("reusable", draft.isReusable)
            body.field("expires_at", expiry)
            body.field("info", "loket scenario")
            body.object("customer") { $0.field("name", "Anton Budiman") }
        }
        return (answer.value["id"]?.string, "\(answer.status); \(ScenarioWords.bill(answer.value))")
    }

    func bill(_ id: String) async throws -> String {
        ScenarioWords.bill(try await ask("GET", "/admin/v1/bills/\(id)").value)
    }

    func edit(_ id: String, amount: Int64) async throws -> String {
        let path = "/admin/v1/bills/\(id)"
        guard let tag = try await ask("GET", path).header("ETag") else {
            throw Refused(words: "GET \(path): no ETag")
        }
        let headers = [
            Header("If-Match", tag), Header("Content-Type", "application/merge-patch+json"),
        ]
        let answer = try await ask("PATCH", path, headers) { $0.field("amount", amount) }
        return "\(answer.status); \(ScenarioWords.bill(answer.value))"
    }

    func cancel(_ id: String) async throws -> String {
        let answer = try await ask("POST", "/admin/v1/bills/\(id)/cancel") {
            $0.field("reason", "scenario")
        }
        return "\(answer.status); \(ScenarioWords.bill(answer.value))"
    }

    // MARK: Payments

    /// - Parameters:
    ///   - number: The notified invoice number, which is searched for first.
    ///   - requestID: The notification's Request-Id, which is searched for if no payment has the
    ///     number.
    func payments(number: String, requestID: String, bill: String) async throws -> Payments {
        let list = try await ask("GET", "/admin/v1/payments?invoice_number=\(number)&limit=100")
        var ids = (list.value["items"]?.elements ?? []).compactMap { $0["id"]?.string }
        if ids.isEmpty {
            let notification = try await notification(requestID)
            guard let id = notification?["payment_id"]?.string else {
                let standing = notification.map { ScenarioWords.text($0["standing"]) }
                return Payments(words: "no payment, \(standing ?? "not recorded")", lastID: nil)
            }
            ids = [id]
        }
        var words: [String] = []
        for id in ids.reversed() {
            let payment = try await ask("GET", "/admin/v1/payments/\(id)").value
            words.append(ScenarioWords.payment(payment, bill: bill))
        }
        return Payments(words: words.joined(separator: " + "), lastID: ids.first)
    }

    private func notification(_ requestID: String) async throws -> JSONValue? {
        let path = "/admin/v1/notifications?limit=\(Self.notificationsMax)"
        let list = try await ask("GET", path).value["items"]?.elements ?? []
        return list.first { $0["request_id"]?.string == requestID }
    }

    /// - Returns: The status of the answer.
    func resolve(_ id: String, _ action: String, naming bill: String?) async throws -> Int {
        try await ask("POST", "/admin/v1/payments/\(id)/resolve") { body in
            body.field("action", action)
            if let bill { body.field("bill_id", bill) }
            body.field("note", "scenario")
        }.status
    }

    func sums() async throws -> String {
        do {
            return ScenarioWords.sums(try await ask("GET", "/admin/v1/payments/totals").value)
        } catch let refused as Refused {
            return refused.words
        }
    }

    // MARK: One request

    private struct Answer {
        let status: Int
        let value: JSONValue
        let headers: [Header]

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// - Throws: `Refused` if the answer is not 2xx with JSON.
    private func ask(
        _ method: String, _ path: String,
        _ headers: [Header] = [Header("Content-Type", "application/json")],
        _ write: ((inout JSONWriter) -> Void)? = nil
    ) async throws -> Answer {
        var body = JSONWriter()
        if let write { body.object(write) }
        let request = DokuRequest(
            method: method, target: path, headers: headers, body: body.bytes)
        let answer = try await send(request)
        guard (200..<300).contains(answer.status) else {
            throw Refused(words: ScenarioWords.refusal(answer, to: request))
        }
        guard let value = try? StrictJSON(answer.body).root else {
            throw Refused(words: ScenarioWords.refusal(answer, to: request) + " without JSON")
        }
        return Answer(status: answer.status, value: value, headers: answer.headers)
    }
}
