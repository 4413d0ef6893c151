// Money: the decisions that wait, those of the last day, and what was received in a range of days,
// also as a file for accounting.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON

struct MoneyPage {
    func add(to pages: PageRoutes) {
        pages.get("money", use: show)
        pages.get("money.csv", use: file)
        MoneyPaymentPage().add(to: pages)
        ChooseBillPage().add(to: pages)
        NotificationPage().add(to: pages)
        MoneyActions().add(to: pages)
    }

    static let path = "/ui/money"
    static func place(payment id: String) -> String { "\(path)/\(id.escapedForQuery)" }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let parameters = try visit.request.parameters(["from", "to", "show", "cursor", "decide"])
        // The lamp and the tab then count what the database has now, after a decision too.
        let counts = try await visit.api.getIfAny("/admin/v1/status")
        var values = try await OpenDecisions.values(
            visit, after: parameters["decide"], waiting: counts?["waiting"]?.sumOfCounts)
        values["decided"] = try await DecidedList.values(visit)
        let range = MoneyRange(parameters, now: visit.now)
        let isUnpaid = parameters["show"] == "unpaid"
        values["range"] = range.values(visit, isUnpaid: isUnpaid)
        values["updated"] = visit.words(
            "updated", ["time": visit.words.time(visit.now.utcText, seconds: true) ?? ""])
        var status: HTTPResponse.Status = .ok
        do {
            // It checks the days, which every other request of this page then has.
            let totals = try await visit.api.get("/admin/v1/payments/totals", range.query)
            values[isUnpaid ? "unpaid" : "received"] =
                isUnpaid
                ? try await unpaid(visit, range, parameters["cursor"])
                : try await Received.values(visit, range, totals, cursor: parameters["cursor"])
        } catch let problem as Problem
            where problem.cause == .invalidParameter && parameters["cursor"] == nil
        {
            values["range_fault"] = visit.words(
                "money_range_wrong", ["days": "\(Limits.totalsDaysMax)"])
            status = problem.cause.status
        }
        return await PageView.page(
            "money", title: visit.words["tab_money"], values, visit, status: status)
    }

    private func unpaid(
        _ visit: Visit, _ range: MoneyRange, _ cursor: String?
    ) async throws -> [String: Any] {
        let list = try await CounterList.unpaid.page(visit, cursor: cursor, range.query)
        var values: [String: Any] = ["counters": list.rows]
        if list.rows.isEmpty { values["empty"] = visit.words["empty_unpaid"] }
        values["older"] = list.next.map { range.place(isUnpaid: true, cursor: $0) }
        return values
    }

    /// The answer of the API passes through as it is written.
    @Sendable private func file(_ visit: Visit) async throws -> Response {
        let parameters = try visit.request.parameters(["from", "to", "delimiter"])
        let range = MoneyRange(parameters, now: visit.now)
        let delimiter: PaymentCSV.Delimiter? = try parameters.word("delimiter")
        let path = "/admin/v1/payments"
        // A refusal becomes a page rather than a file.
        _ = try await visit.api.get(path, range.query + [("limit", "1")])
        var response = try await visit.api.response(
            .get,
            path.with(range.query + [("sort", "oldest"), ("delimiter", delimiter?.rawValue)]),
            nil, [.accept: Request.csv])
        guard response.status == .ok else {
            throw Problem(.unexpected, "the payments of these days cannot be read")
        }
        response.headers[.contentDisposition] =
            "attachment; filename=\"loket-\(range.from)-\(range.to).csv\""
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension JSONValue {
    /// The sum of the counts in an object.
    var sumOfCounts: Int64 { members.reduce(0) { $0 + ($1.value.integer ?? 0) } }
}

extension Visit {
    /// The path of the payment in the address.
    func payment(_ end: String = "") -> String {
        "/admin/v1/payments/\(addressedID.escapedForQuery)\(end)"
    }
}
