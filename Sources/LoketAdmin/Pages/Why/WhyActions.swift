// The buttons below an explanation. Each calls the API and leads back to the page that has it.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON

struct WhyActions {
    func add(to pages: PageRoutes) {
        pages.post("bills/:id/extend", use: extend)
        pages.post("bills/:id/reopen", use: reopen)
        pages.post("resume", use: resume)
    }

    private static let extensionDays: Int64 = 7

    /// Extends to the date in the form, or by the usual days if the form has none.
    @Sendable private func extend(_ visit: Visit, form: PageForm) async throws -> Response {
        let date = form.typed["until"].map { _ in form["until"] ?? "" }
        let end = visit.now.adding(milliseconds: Self.extensionDays * Moment.dayMilliseconds)
        var body = JSONWriter()
        body.object { $0.field("expires_at", date ?? end.wibDate) }
        let path = path(visit, "")
        do {
            _ = try await visit.api.send(.patch, path, body.bytes, ifMatch: form["tag"])
            let until = visit.words.moment(date)
            return visit.done(
                until == nil ? "extended" : "extended_until", ["until": until ?? ""], form: form)
        } catch let problem as Problem where date != nil && !problem.faults.isEmpty {
            // The form of the bill has room for what is wrong with the date.
            return try await EditBillPage().again(
                problem, typed: [.expires: date ?? ""], was: [:], tag: form["tag"], visit)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }

    @Sendable private func reopen(_ visit: Visit, form: PageForm) async throws -> Response {
        try await act(visit, form, done: "reopened") {
            try await visit.api.send(.post, path(visit, "/reopen"), Array("{}".utf8))
        }
    }

    @Sendable private func resume(_ visit: Visit, form: PageForm) async throws -> Response {
        var body = JSONWriter()
        body.object { $0.field("account", form["account"]) }
        let bytes = body.bytes
        return try await act(visit, form, done: "resumed") {
            try await visit.api.send(.post, "/admin/v1/resume", bytes)
        }
    }

    private func path(_ visit: Visit, _ end: String) -> String {
        "/admin/v1/bills/\(visit.addressedID.escapedForQuery)\(end)"
    }

    private func act(
        _ visit: Visit, _ form: PageForm, done: String, _ send: () async throws -> LocalAPI.Answer
    ) async throws -> Response {
        do {
            _ = try await send()
            return visit.done(done, form: form)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }
}
