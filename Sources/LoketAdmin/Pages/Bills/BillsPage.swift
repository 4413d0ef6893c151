// The bills: all or those in one state, by pages, or what a search finds.

import HTTPTypes
import Hummingbird
import LoketJSON

struct BillsPage {
    static let path = "/ui/bills"

    func add(to pages: PageRoutes) {
        pages.get("bills", use: show)
    }

    private static let limit = 50

    /// What the address asks for.
    private struct Wanted {
        static let states = ["open", "held", "expired", "paid", "cancelled"]

        let text: String?
        let state: String?
        let sort: String?
        let cursor: String?

        init(_ visit: Visit) throws {
            let parameters = try visit.request.parameters(["q", "state", "sort", "cursor"])
            text = parameters.search
            state = parameters["state"]
            sort = parameters["sort"]
            cursor = parameters["cursor"]
        }

        func place(state: String?, sort: String? = nil, cursor: String? = nil) -> String {
            BillsPage.path.with([
                ("q", text), ("state", state), ("sort", sort), ("cursor", cursor),
            ])
        }

        /// The orders that the API has for bills in this state; its own order is the first.
        var sorts: [String] {
            switch state {
            case nil, "open", "held": ["newest", "expires_at", "invoice_number"]
            case "expired": ["expires_at", "newest", "invoice_number"]
            default: ["newest", "invoice_number"]
            }
        }
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let wanted = try Wanted(visit)
        let words = visit.words
        var values: [String: Any] = ["text": wanted.text ?? ""]
        values["only"] = wanted.state
        values["chips"] = ([nil] + Wanted.states).map { state -> [String: Any] in
            [
                "name": state.map { words["bills_\($0)"] } ?? words["show_all"],
                "path": wanted.place(state: state), "here": state == wanted.state,
            ]
        }
        var status = HTTPResponse.Status.ok
        do {
            let more =
                if let text = wanted.text {
                    try await found(text, wanted, visit)
                } else {
                    try await list(wanted, visit)
                }
            values.merge(more) { $1 }
        } catch let problem as Problem
            where problem.cause == .invalidParameter && wanted.text != nil
        {
            values["fault"] = words["bills_find_wrong"]
            status = problem.cause.status
        }
        return await PageView.page(
            "bills", title: words["tab_bills"], values, visit, status: status)
    }

    // MARK: The list

    private func list(_ wanted: Wanted, _ visit: Visit) async throws -> [String: Any] {
        let words = visit.words
        let found = try await visit.api.get(
            "/admin/v1/bills",
            [
                ("state", wanted.state), ("sort", wanted.sort), ("cursor", wanted.cursor),
                ("limit", "\(Self.limit)"),
            ])
        let bills = found["items"]?.elements ?? []
        let next = found["next_cursor"]?.string
        var values = rows(
            bills, found["damaged"]?.elements, isPart: next != nil || wanted.cursor != nil, visit)
        values["sorts"] = wanted.sorts.enumerated().map { place, sort -> [String: Any] in
            [
                "name": words["bills_sort_\(sort)"],
                "path": wanted.place(state: wanted.state, sort: place == 0 ? nil : sort),
                "here": sort == wanted.sort ?? wanted.sorts.first,
            ]
        }
        values["older"] = next.map {
            wanted.place(state: wanted.state, sort: wanted.sort, cursor: $0)
        }
        if bills.isEmpty {
            values["empty"] =
                words.ifAny("bills_empty_\(next == nil ? wanted.state ?? "all" : "page")")
                ?? words["find_none"]
        }
        return values
    }

    // MARK: The search

    /// The search has no states: those that it finds are selected here.
    private func found(
        _ text: String, _ wanted: Wanted, _ visit: Visit
    ) async throws -> [String: Any] {
        let found = try await visit.api.get("/admin/v1/search", [("q", text)])
        let code = found["payment_code"]?.string
        let ofCode = try await bills(withCode: code, wanted, visit)
        // Of the bills with a code, the search has those that would answer an inquiry.
        let others = FindPage.bills(found).filter {
            $0["payment_code"]?.string != code && wanted.cursor == nil
        }
        let all = others + (ofCode?["items"]?.elements ?? [])
        let bills = all.filter { bill in
            wanted.state.map { [bill["state"]?.string, bill.billState].contains($0) } ?? true
        }
        let next = ofCode?["next_cursor"]?.string
        var values = rows(
            bills, FindPage.damaged(found) + (ofCode?["damaged"]?.elements ?? []),
            isPart: next != nil || wanted.cursor != nil, visit)
        values["older"] = next.map { wanted.place(state: wanted.state, cursor: $0) }
        values["cut"] = found["names"]?["cut"]?.bool == true
        if bills.isEmpty { values["empty"] = visit.words["find_none"] }
        if all.isEmpty { values["near"] = WhyPage.near(found["near"], visit.words) }
        return values
    }

    /// A page of the bills with a code, newest first; nil without a code.
    private func bills(
        withCode code: String?, _ wanted: Wanted, _ visit: Visit
    ) async throws -> JSONValue? {
        guard let code else { return nil }
        return try await visit.api.get(
            "/admin/v1/bills",
            [
                ("payment_code", code), ("state", wanted.state), ("cursor", wanted.cursor),
                ("limit", "\(Self.limit)"),
            ])
    }

    private func rows(
        _ bills: [JSONValue], _ damaged: [JSONValue]?, isPart: Bool, _ visit: Visit
    ) -> [String: Any] {
        let words = visit.words
        var values: [String: Any] = ["bills": bills.map { BillLine.values($0, words) }]
        values["count"] = words(
            isPart ? "bills_count_part" : "bills_count",
            [
                "count": words.count(Int64(bills.count)),
                "time": words.time(visit.now.utcText, seconds: true) ?? "",
            ])
        values["damaged"] = Self.sentence(damaged: damaged ?? [], words)
        return values
    }

    /// Names the damaged bills; nil if there are none.
    static func sentence(damaged: [JSONValue], _ words: Words) -> String? {
        let ids = Set(damaged.compactMap(\.string)).sorted()
        return ids.isEmpty ? nil : words("bills_damaged", ["ids": ids.joined(separator: ", ")])
    }
}
