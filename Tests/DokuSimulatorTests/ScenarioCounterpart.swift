// A service in memory, just complete enough for the scenario, to test that the scenario passes and
// that it notices each wrong answer. It is not a model of the service, and only the scenario is
// tested with it.

import DokuSimulator
import DokuWire
import LoketCore
import LoketJSON
import Synchronization

final class ScenarioCounterpart: Sendable {
    enum Way: Sendable { case inquiry, notification, admin }
    /// Changes an answer before it is returned.
    typealias Lie = @Sendable (Way, DokuRequest, DokuAnswer) -> DokuAnswer

    static let bin = "889651"
    static let now = Moment(seconds: 1_700_000_000)

    private let books = Mutex(CounterpartBooks())
    private let lie: Lie
    private let suffixesAlways: Bool

    /// - Parameter suffixesAlways: Whether every inquiry gets a new number, not only one for a
    ///   reusable bill.
    init(suffixesAlways: Bool = false, lie: @escaping Lie = { $2 }) {
        self.suffixesAlways = suffixesAlways
        self.lie = lie
    }

    var ways: Scenario.Ways {
        Scenario.Ways(
            inquiry: { self.lie(.inquiry, $0, self.inquiry($0)) },
            notification: { self.lie(.notification, $0, self.notification($0)) },
            admin: { self.lie(.admin, $0, self.admin($0)) })
    }

    // MARK: The gateway

    private func isVerified(_ request: DokuRequest) -> Bool {
        let headers = request.headers.map { (name: $0.name, value: $0.value) }
        guard let signed = try? SignedHeaders(headers) else { return false }
        let component = Signature.component(
            .request, clientID: signed.clientID, requestID: signed.requestID,
            timestamp: signed.timestamp, target: request.target, body: request.body)
        return signed.signature == Sample.secret.signature(over: component)
    }

    private func answer(_ status: Int, _ body: String, to request: DokuRequest) -> DokuAnswer {
        Sample.answer(status, body, to: request, target: request.target)
    }

    private func inquiry(_ request: DokuRequest) -> DokuAnswer {
        guard isVerified(request), let root = try? StrictJSON(request.body).root,
            let code = root["online_to_offline_info"]?["payment_code"]?.string
        else { return DokuAnswer(status: 401, headers: [], body: []) }
        let bill = books.withLock { $0.bills.last { $0.code == code } }
        let info = #""online_to_offline_info":{"payment_code":"\#(code)"}"#
        func decline(_ status: String) -> DokuAnswer {
            answer(
                400, #"{\#(info),"online_to_offline_inquiry":{"status":"\#(status)"}}"#, to: request
            )
        }
        guard let bill, bill.state == "open" else {
            return decline(bill?.state == "paid" ? "billing_already_paid" : "decline")
        }
        let id = request.header("Request-Id") ?? ""
        let suffix = bill.isReusable || suffixesAlways ? "-" + id.prefix(8).uppercased() + "00" : ""
        return answer(
            200,
            """
            {"order":{"invoice_number":"\(bill.number)\(suffix)","amount":\(bill.amount)},\
            \(info),"online_to_offline_inquiry":{"status":"success"}}
            """, to: request)
    }

    private func notification(_ request: DokuRequest) -> DokuAnswer {
        guard isVerified(request) else { return DokuAnswer(status: 401, headers: [], body: []) }
        let text = books.withLock {
            $0.take(request.body, requestID: request.header("Request-Id") ?? "")
        }
        return answer(200, text, to: request)
    }

    // MARK: The admin API

    private func admin(_ request: DokuRequest) -> DokuAnswer {
        let path = request.target.split(separator: "/").dropFirst(2).map(String.init)
        let body = (try? StrictJSON(request.body))?.root
        let answer = books.withLock { books -> (Int, String)? in
            switch (request.method, path.count, path.first, path.last) {
            case ("POST", 1, "bills", _): return body.map { (201, books.add($0)) }
            case ("GET", 2, "bills", let id?): return books.bill(id).map { (200, $0) }
            case ("PATCH", 2, "bills", let id?):
                guard request.header("If-Match") == "\"\(id)\"" else { return nil }
                return books.edit(id, body?["amount"]?.integer).map { (200, $0) }
            case ("POST", 3, "bills", "cancel"): return books.cancel(path[1]).map { (200, $0) }
            case ("GET", 2, "payments", "totals"): return (200, books.totals)
            case ("GET", 2, "payments", let id?): return books.payment(id).map { (200, $0) }
            case ("POST", 3, "payments", "resolve"):
                return body.flatMap { books.resolve(path[1], $0) }.map { (200, $0) }
            case ("GET", 1, let list?, _):
                if list.hasPrefix("notifications") { return (200, books.notificationList) }
                let number = list.split(separator: "=")[1].split(separator: "&")[0]
                return (200, books.payments(of: String(number)))
            default: return nil
            }
        }
        guard let (status, text) = answer else {
            return DokuAnswer(status: 404, headers: [], body: Array("{}".utf8))
        }
        return DokuAnswer(
            status: status, headers: [Header("etag", "\"\(path.last ?? "")\"")],
            body: Array(text.utf8))
    }
}
