// The inquiries at the counters, newest first: all, the refused ones, or those that were quoted and
// not paid.

import LoketJSON

enum CounterList: String, CaseIterable {
    case all, refused, unpaid

    private static let limit = 20

    /// The word in the address; nil for the list that is shown without one.
    var word: String? { self == .all ? nil : rawValue }

    /// The address of the list, on the page Today.
    var place: String { PagePlace.today.with([("show", word)]) + "#counters-title" }

    /// Returns the list and the page of it that an address names.
    static func filters(_ visit: Visit) throws -> (filter: CounterList, cursor: String?) {
        let parameters = try visit.request.parameters(["show", "cursor"])
        return (
            parameters["show"].flatMap(CounterList.init(rawValue:)) ?? .all, parameters["cursor"]
        )
    }

    /// Returns the rows for the template.
    ///
    /// - Parameter range: the parameters `from` and `to`; none for every time.
    func page(
        _ visit: Visit, cursor: String?, _ range: [(name: String, value: String?)] = []
    ) async throws -> (rows: [[String: Any]], next: String?) {
        let found = try await visit.api.get(
            "/admin/v1/inquiries",
            [
                ("limit", "\(Self.limit)"), ("cursor", cursor),
                ("refused", self == .refused ? "true" : nil),
                ("unpaid", self == .unpaid ? "true" : nil),
            ] + range)
        let items = found["items"]?.elements ?? []
        let bills = try await Self.bills(of: items, visit)
        return (
            items.map { row($0, bills[$0["bill_id"]?.string ?? ""], visit) },
            found["next_cursor"]?.string
        )
    }

    /// Returns the bills of inquiries by their ids.
    static func bills(of items: [JSONValue], _ visit: Visit) async throws -> [String: JSONValue] {
        let ids = Set(items.compactMap { $0["bill_id"]?.string })
        guard !ids.isEmpty else { return [:] }
        let found = try await visit.api.get(
            "/admin/v1/bills",
            [("ids", ids.joined(separator: ",")), ("limit", "\(ids.count)")])
        return Dictionary(
            (found["items"]?.elements ?? []).map { ($0["id"]?.string ?? "", $0) },
            uniquingKeysWith: { first, _ in first })
    }

    func row(_ item: JSONValue, _ bill: JSONValue?, _ visit: Visit) -> [String: Any] {
        let (words, now) = (visit.words, visit.now)
        let answeredBy = item["guard"]?.string ?? ""
        let (answer, tone) =
            switch (answeredBy, bill?["state"]?.string) {
            case ("payable", "paid"): (words["tag_paid"], "good")
            case ("payable", "held"): (words["state_held"], "warn")
            case ("payable", _): (words["tag_asked"], "quiet")
            default: (words("tag_refused", ["why": words["short_\(answeredBy)"]]), "bad")
            }
        var row: [String: Any] = [
            "time": words.momentOrTime(item["received_at"]?.string, now: now) ?? "",
            "code": grouped(item["payment_code"]?.string ?? "–"),
            "answer": answer,
            "tone": tone,
            "amount": rupiah(item["amount"]?.integer) ?? "–",
        ]
        row["why"] = WhyPage.place(request: item["request_id"])
        row["customer"] = bill?["customer"]?["name"]?.string
        row["bill_path"] = BillLine.place(bill?["id"]?.string)
        return row
    }
}
