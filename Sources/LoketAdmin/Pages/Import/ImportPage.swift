// Import: the form with which a file is sent and checked, and the imports below it, newest first.

import BillFiles
import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON

struct ImportPage {
    let room: UploadRoom

    static let path = "/ui/import"
    static let api = "/admin/v1/imports"
    static func place(_ id: String) -> String { "\(path)/\(id)" }

    private static let listed = 20
    private static let offered = 10

    func add(to pages: PageRoutes) {
        pages.get("import", use: list)
        pages.upload("import", use: take)
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let parameters = try visit.request.parameters(["cursor", "like"])
        return try await page(
            visit, typed: parameters, cursor: parameters["cursor"], problem: nil)
    }

    // MARK: Sending a file

    /// Receives the fields and the file, keeps the file in the session, and has it checked.
    @Sendable private func take(_ visit: Visit, body: MultipartBody) async throws -> Response {
        guard visit.mayWrite else {
            throw Problem(.scopeMissing, "an import needs a key with the scope `write`")
        }
        var fields: [String: String] = [:]
        var chosen: Sessions.Upload?
        while let part = try await body.next() {
            guard let name = part.fileName else {
                let text = try await body.text().trimmingCharacters(in: .whitespacesAndNewlines)
                fields[part.name] = text.isEmpty ? nil : text
                continue
            }
            guard part.name == "file", !name.isEmpty else { continue }
            chosen = try await visit.keep(named: Self.shown(name)) {
                try await UploadedFile.receive(body, in: room)
            }
        }
        let kept = visit.upload.flatMap { $0.id == fields["kept"] ? $0 : nil }
        guard let upload = chosen ?? kept else {
            let words = visit.words[fields["kept"] == nil ? "import_no_file" : "import_not_kept"]
            let problem = Problem(.invalidValue, at: "/file", words)
            return try await page(visit, typed: fields, problem: problem)
        }
        fields["kept"] = upload.id
        do {
            let id = try await visit.check(upload, Self.query(fields, upload.name))
            return .seeOther(Self.place(id))
        } catch let problem as Problem {
            return try await page(visit, typed: fields, problem: problem)
        }
    }

    /// The name for the history; nil if it could not be shown as it is.
    private static func shown(_ name: String) -> String? {
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? name
        return try? PrintableText.line(last, max: Limits.fileNameMax)
    }

    private static func query(_ fields: [String: String], _ name: String?) -> ImportQuery.Pairs {
        let rowsOf = fields["rows_of"]
        let format = ImportQuery.format(ofFileNamed: name)
        return [
            // The format of an earlier import stays, unless the name says another one.
            ("format", rowsOf == nil ? format ?? (fields["like"] == nil ? "csv" : nil) : "csv"),
            ("like", fields["like"]), ("rows_of", rowsOf), ("note", fields["note"]),
            ("account", fields["account"]), ("file_name", name), ("dry_run", "true"),
        ]
    }

    // MARK: The page

    /// - Parameters:
    ///   - typed: what the form has in its fields.
    ///   - problem: why the form was refused.
    private func page(
        _ visit: Visit, typed: [String: String], cursor: String? = nil, problem: Problem?
    ) async throws -> Response {
        let words = visit.words
        let found = try await visit.api.get(
            Self.api, [("limit", "\(Self.listed)"), ("cursor", cursor)])
        let items = found["items"]?.elements ?? []
        var values: [String: Any] = ["rows": items.map { row($0, words) }]
        values["empty"] = items.isEmpty ? words["import_empty"] : nil
        values["older"] = found["next_cursor"]?.string.map { Self.path.with([("cursor", $0)]) }
        values["updated"] = words(
            "import_listed",
            [
                "count": words.count(Int64(items.count)),
                "time": words.time(visit.now.utcText, seconds: true) ?? "",
            ])
        if visit.mayWrite { values["form"] = try await form(visit, typed, problem) }
        return await PageView.page(
            "imports", title: words["tab_import"], values, visit,
            status: problem?.cause.status ?? .ok)
    }

    private func form(
        _ visit: Visit, _ typed: [String: String], _ problem: Problem?
    ) async throws -> [String: Any] {
        let newest = try await visit.api.get(Self.api, [("limit", "\(Self.offered)")])
        var likes = (newest["items"]?.elements ?? []).map { item -> [String: Any] in
            let id = item["id"]?.string ?? ""
            let name = ImportView.name(item, visit.words)
            return ["id": id, "name": "\(id) · \(name)", "chosen": id == typed["like"]]
        }
        if let like = typed["like"], !likes.contains(where: { $0["id"] as? String == like }) {
            likes.insert(["id": like, "name": like, "chosen": true], at: 0)
        }
        let faults = ImportQuery.faults(problem, visit.words)
        // The file of this form, not of another tab.
        let kept = visit.upload.flatMap { $0.id == typed["kept"] ? $0 : nil }
        var form: [String: Any] = [
            "likes": likes, "note": typed["note"] ?? "", "account": typed["account"] ?? "",
            "is_kept": kept != nil, "kept": kept?.id ?? "", "rows_of": typed["rows_of"] ?? "",
            "is_rows": typed["rows_of"] != nil, "more_open": typed["account"] != nil,
        ]
        form["kept_name"] = kept?.name ?? visit.words["import_unnamed"]
        let fields = ["file", "note", "like", "account"]
        for name in fields { form["\(name)_fault"] = faults[name] }
        form["fault"] = faults.first { !fields.contains($0.key) }?.value
        return form
    }

    private func row(_ item: JSONValue, _ words: Words) -> [String: Any] {
        var row: [String: Any] = [
            "path": Self.place(item["id"]?.string ?? ""), "name": ImportView.name(item, words),
            "counts": words(
                "import_counts",
                [
                    "new": words.count(item["diff"]?["new"]?.integer ?? 0),
                    "changed": words.count(item["diff"]?["changed"]?.integer ?? 0),
                    "refused": words.count(item["diff"]?["refused"]?.integer ?? 0),
                ]),
            "state": ImportView.state(item, words), "tone": ImportView.tone(item),
            "who": item["actor"]?.string ?? words["nobody"],
            "time": words.moment(item["started_at"]?.string) ?? "",
        ]
        row["note_text"] = item["note"]?.string
        return row
    }
}

extension Visit {
    /// Sends the file to the API and keeps the id of its import. A short check is awaited, so that
    /// the next page has its result.
    ///
    /// - Parameter applied: the id of the checked import that this one applies.
    func check(
        _ upload: Sessions.Upload, _ query: ImportQuery.Pairs, applying applied: String? = nil
    ) async throws -> String {
        let answer = try await api.send(
            .post, ImportPage.api.with(query), file: upload.file,
            type: "application/octet-stream")
        let id = answer.json["id"]?.string ?? ""
        change(upload) {
            $0.importIDs.insert(id)
            if let applied { $0.appliedBy[applied] = id }
        }
        try await awaitImport(id)
        return id
    }

    private static let looks = 20

    /// Returns the state of the import, which is "running" if it needs longer than a short wait.
    @discardableResult func awaitImport(_ id: String) async throws -> String {
        for _ in 0..<Self.looks {
            let item = try await api.get("\(ImportPage.api)/\(id)", [("limit", "1")])
            let state = item["state"]?.string ?? ""
            guard state == "running" else { return state }
            try await Task.sleep(for: .milliseconds(100))
        }
        return "running"
    }
}
