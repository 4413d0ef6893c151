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
        try await send(visit, form) { record, file in
            ImportQuery.changing(record, form, ImportCheckForm.columns(record, file))
                + [("dry_run", "true")]
        }
    }

    @Sendable private func apply(_ visit: Visit, form: PageForm) async throws -> Response {
        let id = visit.addressedID
        if let upload = visit.upload, upload.importIDs.contains(id) {
            // A second click leads to the import of the first, or to the list until it has an id.
            let begun = visit.change(upload) { upload -> String? in
                let begun = upload.appliedBy[id]
                upload.appliedBy[id] = begun ?? ""
                return begun
            }
            if let begun = begun ?? "" {
                return .seeOther(begun.isEmpty ? ImportPage.path : ImportPage.place(begun))
            }
        }
        defer {
            if let upload = visit.upload {
                visit.change(upload) { if $0.appliedBy[id] == "" { $0.appliedBy[id] = nil } }
            }
        }
        return try await send(visit, form, applying: id) { record, _ in
            ImportQuery.repeating(record)
                + [("dry_run", "false"), ("accept_warnings", form["accept_warnings"])]
        }
    }

    private func send(
        _ visit: Visit, _ form: PageForm, applying applied: String? = nil,
        _ query: (JSONValue, UploadedFile) -> ImportQuery.Pairs
    ) async throws -> Response {
        let record = try await visit.api.get(path(visit), [("limit", "1")])
        guard let upload = visit.upload, upload.importIDs.contains(visit.addressedID) else {
            let (_, values) = try await values(visit)
            return await PageView.page(
                "import", title: ImportView.name(record, visit.words), values, visit,
                status: .conflict)
        }
        do {
            let query = query(record, upload.file)
            let id = try await visit.check(upload, query, applying: applied)
            return .seeOther(ImportPage.place(id))
        } catch let problem as Problem {
            return try await again(visit, form, problem)
        }
    }

    // MARK: Ending

    @Sendable private func cancel(_ visit: Visit, form: PageForm) async throws -> Response {
        try await end(visit, form, "/cancel", done: ["failed": "import_cancelled"])
    }

    @Sendable private func undo(_ visit: Visit, form: PageForm) async throws -> Response {
        try await end(visit, form, "/undo", done: ["undone": "import_undoing"])
    }

    /// - Parameter done: what to say by the state after a short wait.
    private func end(
        _ visit: Visit, _ form: PageForm, _ end: String, done: [String: String]
    ) async throws -> Response {
        do {
            try await visit.api.send(.post, path(visit, end), Array("{}".utf8))
            let state = try await visit.awaitImport(visit.addressedID.escapedForQuery)
            return visit.done(Self.notice(after: state, done: done), form: form)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }

    /// The words for the notice: the state itself if it is none that was asked for.
    static func notice(after state: String, done: [String: String]) -> String {
        done[state] ?? (state == "running" ? "import_goes_on_below" : "import_state_\(state)")
    }
}
