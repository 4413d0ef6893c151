// The page of one import, with its part that is refreshed while the import runs, and its forms:
// check the kept file again, apply it, stop, undo; and the file of the refused rows.

import HTTPTypes
import Hummingbird
import LoketJSON

struct ImportActions {
    func add(to pages: PageRoutes) {
        pages.get("import/:id", use: show)
        pages.part("import/:id/now", use: showPart)
        pages.get("import/:id/rows", use: rows)
        pages.post("import/:id/check", use: check)
        pages.post("import/:id/apply", use: apply)
        pages.post("import/:id/cancel", use: cancel)
        pages.post("import/:id/undo", use: undo)
    }

    private func path(_ visit: Visit, _ end: String = "") -> String {
        "\(ImportPage.api)/\(visit.addressedID.escapedForQuery)\(end)"
    }

    // MARK: The page

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let (view, values) = try await values(visit)
        let title = "\(ImportView.name(view.record, visit.words)) · \(visit.words["tab_import"])"
        return await PageView.page("import", title: title, values, visit)
    }

    @Sendable private func showPart(_ visit: Visit) async throws -> Response {
        PageView.part("importpart", try await values(visit).1, visit)
    }

    /// - Parameters:
    ///   - typed: the form that was refused.
    ///   - problem: why.
    private func values(
        _ visit: Visit, typed: PageForm? = nil, problem: Problem? = nil
    ) async throws -> (ImportView, [String: Any]) {
        let (view, found) = try await ImportView.read(visit.addressedID, visit)
        var values = found
        // An applied file is not needed again.
        let isOver = view.state == "applied" && !view.isDryRun
        if isOver, visit.upload?.importIDs.contains(view.id) == true { visit.upload = nil }
        if values["is_lost"] as? Bool == false, let upload = visit.upload {
            values["check"] =
                ImportCheckForm(
                    record: view.record, file: upload.file, words: visit.words, typed: typed,
                    problem: problem
                ).values
        }
        return (view, values)
    }

    /// Shows the page again with what was typed and why it was refused.
    private func again(
        _ visit: Visit, _ form: PageForm, _ problem: Problem
    ) async throws -> Response {
        let (view, values) = try await values(visit, typed: form, problem: problem)
        return await PageView.page(
            "import", title: ImportView.name(view.record, visit.words), values, visit,
            status: problem.cause.status)
    }

    @Sendable private func rows(_ visit: Visit) async throws -> Response {
        var response = try await visit.api.response(.get, path(visit, "/rows"))
        guard response.status == .ok else {
            throw Problem(
                response.status == .conflict ? .importNotDone : .notFound,
                "the refused rows of import \(visit.addressedID) cannot be read")
        }
        response.headers[.contentDisposition] =
            "attachment; filename=\"import-\(visit.addressedID)-refused.csv\""
        response.headers[.cacheControl] = "no-store"
        return response
    }

    // MARK: The kept file

    @Sendable private func check(_ visit: Visit, form: PageForm) async throws -> Response {
        try await send(visit, form) { record in
            ImportQuery.changing(record, form) + [("dry_run", "true")]
        }
    }

    @Sendable private func apply(_ visit: Visit, form: PageForm) async throws -> Response {
        try await send(visit, form) { record in
            ImportQuery.repeating(record)
                + [("dry_run", "false"), ("accept_warnings", form["accept_warnings"])]
        }
    }

    private func send(
        _ visit: Visit, _ form: PageForm, _ query: (JSONValue) -> ImportQuery.Pairs
    ) async throws -> Response {
        let record = try await visit.api.get(path(visit), [("limit", "1")])
        guard let upload = visit.upload, upload.importIDs.contains(visit.addressedID) else {
            let (_, values) = try await values(visit)
            return await PageView.page(
                "import", title: ImportView.name(record, visit.words), values, visit,
                status: .conflict)
        }
        do {
            return .seeOther(ImportPage.place(try await visit.check(upload, query(record))))
        } catch let problem as Problem {
            return try await again(visit, form, problem)
        }
    }

    // MARK: Ending

    @Sendable private func cancel(_ visit: Visit, form: PageForm) async throws -> Response {
        try await end(visit, form, "/cancel", done: "import_cancelled")
    }

    @Sendable private func undo(_ visit: Visit, form: PageForm) async throws -> Response {
        try await end(visit, form, "/undo", done: "import_undoing")
    }

    private func end(
        _ visit: Visit, _ form: PageForm, _ end: String, done: String
    ) async throws -> Response {
        do {
            try await visit.api.send(.post, path(visit, end), Array("{}".utf8))
            try await visit.awaitImport(visit.addressedID.escapedForQuery)
            return visit.done(done, form: form)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }
}
