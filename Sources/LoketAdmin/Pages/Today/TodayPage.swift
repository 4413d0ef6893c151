// Today: the state of the service as a sentence, the figures of the day, the hours as bars, and the
// latest inquiries at the counters. The script replaces its parts every few seconds.

import Hummingbird
import LoketJSON

struct TodayPage {
    func add(to pages: PageRoutes) {
        pages.get("", use: show)
        pages.part("now", use: showPart)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        var values = try await values(visit)
        let list = try CounterList.filters(visit)
        values["filters"] = CounterList.allCases.map { filter -> [String: Any] in
            [
                "name": visit.words["show_\(filter.rawValue)"], "here": filter == list.filter,
                "path": PagePlace.today.with([("show", filter.word)]),
            ]
        }
        // An older page of the list stays as it is.
        if list.cursor == nil {
            values["refresh"] = "/ui/now".with([("show", list.filter.word)])
        }
        return await PageView.page("today", title: visit.words["tab_today"], values, visit)
    }

    @Sendable private func showPart(_ visit: Visit) async throws -> Response {
        var values = try await values(visit)
        let lamp = await Lamp(visit)
        values["lamp"] = lamp.values
        values["title"] = lamp.mark + visit.words["tab_today"]
        return PageView.part("now", values, visit)
    }

    private func values(_ visit: Visit) async throws -> [String: Any] {
        let (filter, cursor) = try CounterList.filters(visit)
        // A key of one account may not read the status, which concerns all accounts.
        let status = try await visit.api.getIfAny("/admin/v1/status")
        var values = await Headline(visit, status).values
        if let status {
            let totals = try await visit.api.get(
                "/admin/v1/payments/totals", MoneyRange([:], now: visit.now).query)
            values["figures"] =
                Figures(status, received: totals["received"], visit.words).values
            values["hours"] = HourBars(status, visit.words).values
        }
        let list = try await filter.page(visit, cursor: cursor)
        values["counters"] = list.rows
        if list.rows.isEmpty { values["empty"] = visit.words["empty_\(filter.rawValue)"] }
        values["older"] = list.next.map {
            PagePlace.today.with([("show", filter.word), ("cursor", $0)])
        }
        values["updated"] = visit.words(
            "updated", ["time": visit.words.time(visit.now.utcText, seconds: true) ?? ""])
        return values
    }
}
