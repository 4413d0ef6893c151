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
        let typed = form.typed["until"].map { _ in form["until"] ?? "" }
        let end = visit.now.adding(milliseconds: Self.extensionDays * Moment.dayMilliseconds)
        let date = typed ?? end.wibDate
        do {
            try await extend(to: date, tag: form["tag"], visit)
            let until = visit.words.moment(typed)
            return visit.done(
                until == nil ? "extended" : "extended_until", ["until": until ?? ""], form: form)
        } catch let problem as Problem where typed != nil && !problem.faults.isEmpty {
            // The form of the bill has room for what is wrong with the date.
            return try await EditBillPage().again(
                problem, typed: [.expires: date], was: [:], tag: form["tag"], visit)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }

    /// The second of two clicks finds the bill extended, which is no failure.
    private func extend(to date: String, tag: String?, _ visit: Visit) async throws {
        var body = JSONWriter()
        body.object { $0.field("expires_at", date) }
        let path = path(visit, "")
        do {
            try await visit.api.send(.patch, path, body.bytes, ifMatch: tag)
        } catch let problem as Problem where problem.cause == .preconditionFailed {
            let stored = try await visit.api.get(path)["expires_at"]?.string
            guard stored.flatMap({ Moment(rfc3339: $0) })?.wibDate == date else { throw problem }
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
        do {
            let left = try await visit.api.send(.post, "/admin/v1/resume", body.bytes).json
            let names = (left["pauses"]?.elements ?? []).map {
                $0["account"]?.string ?? visit.words["every_account"]
            }
            guard !names.isEmpty else { return visit.done("resumed", form: form) }
            let ended = form["account"] ?? visit.words["every_account"]
            return visit.done(
                "resumed_part", ["ended": ended, "left": names.joined(separator: ", ")], form: form)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
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
