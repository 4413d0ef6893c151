// Today: the state of the service as a sentence, the figures of the day, the hours as bars, and the
// latest inquiries at the counters. The script replaces its parts every few seconds.

import Hummingbird
import LoketJSON

struct TodayPage {
    private let counts = DayCounts()
    private let parts = SharedParts()

    func add(to pages: PageRoutes) {
        pages.get("", use: show)
        pages.part("now", use: showPart)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        parts.refresh()
        var values = try await values(visit, counts.now(visit))
        let list = try CounterList.filters(visit)
        values["filters"] = CounterList.allCases.map { filter -> [String: Any] in
            [
                "name": visit.words["show_\(filter.rawValue)"], "here": filter == list.filter,
                "path": filter.place,
            ]
        }
        // An older page of the list stays as it is.
        if list.cursor == nil {
            values["refresh"] = "/ui/now".with([("show", list.filter.word)])
        }
        return await PageView.page("today", title: visit.words["tab_today"], values, visit)
    }

    @Sendable private func showPart(_ visit: Visit) async throws -> Response {
        let reader = SharedParts.Reader(
            accountID: visit.key.accountID, scopes: visit.key.scopes,
            language: visit.words.language, query: visit.request.uri.query ?? "")
        return try await parts.part(for: reader) {
            var values = try await values(visit, counts.lately(visit))
            let lamp = await Lamp(visit)
            values["lamp"] = lamp.values
            values["title"] = lamp.mark + visit.words["tab_today"]
            return PageView.part("now", values, visit)
        }
    }

    private func values(
        _ visit: Visit, _ counts: DayCounts.Counts?
    ) async throws -> [String: Any] {
        let (filter, cursor) = try CounterList.filters(visit)
        var values = await Headline(visit, counts?.status).values
        if let counts {
            values["figures"] =
                Figures(counts.status, received: counts.received, visit.words).values
            values["hours"] = HourBars(counts.status, visit.words).values
        }
        let list = try await filter.page(visit, cursor: cursor)
        values["counters"] = list.rows
        if list.rows.isEmpty { values["empty"] = visit.words["empty_\(filter.rawValue)"] }
        values["older"] = list.next.map {
            PagePlace.today.with([("show", filter.word), ("cursor", $0)]) + "#counters-title"
        }
        values["updated"] = visit.words(
            "updated", ["time": visit.words.time(visit.now.utcText, seconds: true) ?? ""])
        return values
    }
}
