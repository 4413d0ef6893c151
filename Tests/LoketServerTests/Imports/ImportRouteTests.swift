// The routes of imports: what a request may and may not contain, how notes are paged, and what a
// key for one account sees.

import Testing

struct ImportRouteTests {
    private static let file = ImportCase.head + ImportCase.row(1)
    private static let path = "/admin/v1/imports"

    private static let wrongQueries = [
        ("?dry_run=yes", "invalid_parameter"), ("?dry_run=TRUE", "invalid_parameter"),
        ("?dry_run=", "invalid_parameter"), ("?dry_run=true&dry_run=true", "invalid_parameter"),
        ("?amount_format=us", "invalid_parameter"), ("?amount_format=", "invalid_parameter"),
        ("?account=NOBODY", "invalid_parameter"), ("?account=", "invalid_parameter"),
        ("?format=xlsx", "invalid_parameter"), ("?dryrun=true", "unknown_parameter"),
        ("?limit=1", "unknown_parameter"),
    ]

    @Test func `a wrong parameter is refused and nothing begins`() async throws {
        try await withService { service in
            for (query, cause) in Self.wrongQueries {
                let answer = try await service.admin.post(
                    Self.path + query, Self.file, type: "text/csv")
                try expectProblem(answer, 400, cause)
            }
            #expect(try await service.imports().isEmpty)
            #expect(service.stagingFiles.isEmpty)
        }
    }

    private static let unknownTypes: [(type: String?, query: String)] = [
        (nil, ""), ("text/plain", ""), ("application/vnd.ms-excel", ""),
        ("application/octet-stream", ""), ("text/csv", "?format=ndjson"),
        ("application/x-ndjson", "?format=csv"), ("multipart/form-data; boundary=x", ""),
        ("application/json", "?format=csv"), ("text/csv", "?format=json"), ("", ""),
    ]

    @Test func `an unknown media type is refused`() async throws {
        try await withService { service in
            for (type, query) in Self.unknownTypes {
                let answer = try await service.admin.post(Self.path + query, Self.file, type: type)
                try expectProblem(answer, 415, "media_type_unknown")
            }
            #expect(try await service.imports().isEmpty)
        }
    }

    @Test(arguments: [
        ("text/csv", ""), ("Text/CSV; charset=utf-8; header=present", ""),
        ("text/csv", "?format=csv"), ("application/octet-stream", "?format=csv"),
    ])
    func `a known media type is accepted however it is written`(
        _ type: String, query: String
    ) async throws {
        try await withService { service in
            let report = try await service.importText(Self.file, query, type: type)
            #expect(report.text == "applied: 1 rows, 1 new, 1 applied created")
        }
    }

    @Test func `an import is shown with all of its members`() async throws {
        try await withService { service in
            let report = try await service.importText(
                Self.file, "?amount_format=english&account=\(Shop.clientID)")
            let names = report.json.members.map(\.name)
            #expect(
                names == [
                    "id", "state", "phase", "dry_run", "format", "amount_format", "options",
                    "file_name", "note", "account", "actor", "started_at", "finished_at", "failure",
                    "bytes", "rows", "checked", "diff", "warnings", "applied", "undone", "causes",
                    "notes",
                ])
            #expect(report.json["account"]?.string == Shop.clientID)
            #expect(report.json["amount_format"]?.string == "english")
            #expect(report.json["format"]?.string == "csv")
            #expect(report.json["checked"]?.integer == 1)
            #expect(report.json["undone"]?.isNull == true)
            let list = try await service.items(Self.path)
            #expect(list.first?.members.map(\.name) == Array(names.dropLast(2)))
        }
    }

    @Test func `notes come in pages, all or of one outcome`() async throws {
        try await withService { service in
            let right = (1...9).map(ImportCase.row).joined()
            _ = try await service.importText(ImportCase.head + right)
            let file =
                ImportCase.head + right.replacing("150000", with: "7")
                + (0..<250).map { "\(88_965_120_000_000 + $0),INV-X\($0),x,A\n" }.joined()
            let report = try await service.importText(file)
            #expect(report.summary == "refused: 259 rows, 9 changed, 250 refused")
            let path = Self.path + "/\(report.id)"
            for (query, count) in [
                ("", 259), ("&outcome=refused", 250), ("&outcome=changed", 9),
                ("&outcome=skipped", 0),
            ] {
                for limit in [1, 7, 100, 1000] where count < 20 || limit > 1 {
                    let lines = try await Self.lines(service, path + "?limit=\(limit)" + query)
                    #expect(lines.count == count, "\(query) \(limit)")
                    #expect(lines == lines.sorted())
                }
            }
            let page = try await service.admin.get(path).json()["notes"]
            #expect(page?["items"]?.elements.count == 100)
            for query in [
                "limit=0", "limit=1001", "limit=x", "outcome=new", "outcome=", "cursor=x",
                "cursor=before-3", "cursor=note-", "cursor=note-0", "cursor=note--1", "cursor=",
            ] {
                try expectProblem(
                    try await service.admin.get(path + "?" + query), 400, "invalid_parameter")
            }
            try expectProblem(
                try await service.admin.get(path + "?state=x"), 400, "unknown_parameter")
        }
    }

    /// Lines of all notes, page after page.
    private static func lines(
        _ service: RunningService, _ path: String
    ) async throws -> [Int64] {
        var lines: [Int64] = []
        var cursor = ""
        while true {
            let notes = try #require(try await service.admin.get(path + cursor).json()["notes"])
            lines += (notes["items"]?.elements ?? []).compactMap { $0["line"]?.integer }
            guard let next = notes["next_cursor"]?.string else { return lines }
            cursor = "&cursor=" + next
        }
    }

    @Test func `imports are listed newest first, page by page`() async throws {
        try await withService { service in
            for _ in 0..<5 { _ = try await service.importText(Self.file, "?dry_run=true") }
            var ids: [String] = []
            var query = "?limit=2"
            while true {
                let page = try await service.admin.get(Self.path + query).list("id")
                ids += page.values
                guard let cursor = page.cursor else { break }
                query = "?limit=2&cursor=" + cursor
            }
            #expect(ids == ["5", "4", "3", "2", "1"])
            for id in ["6", "0", "-1", "x", "1x"] {
                try expectProblem(
                    try await service.admin.get(Self.path + "/" + id), 404, "not_found")
            }
        }
    }

    @Test func `a key for one account imports its own bills and sees no others`() async throws {
        try await withService { service in
            let own = try await service.clientBound(toAccount: 1)
            let other = try await service.clientBound(toAccount: 2)
            let mine = try await service.importFile(Array(Self.file.utf8), by: own)
            #expect(mine.state == "applied")
            #expect(mine.json["account"]?.string == Shop.clientID)
            let theirs = try await service.importFile(Array(Self.file.utf8), by: other)
            #expect(
                theirs.text == "refused: 1 rows, 1 refused\n"
                    + "2 payment_code <88965100000001> refused INV-1: does not begin with a "
                    + "configured BIN; see `accounts` in the settings")
            let shared = ImportCase.head + "5432112345,INV-5,1,A\n"
            #expect(
                try await service.importFile(Array(shared.utf8), by: other).state == "applied")
            let all = try await service.importText(Self.file)

            #expect(try await service.imports(by: own) == ["1 applied"])
            #expect(try await service.imports(by: other) == ["3 applied", "2 refused"])
            #expect(try await service.imports().count == 4)
            for id in [theirs.id, all.id, "3"] {
                let path = Self.path + "/" + id
                try expectProblem(try await own.get(path), 404, "not_found")
                try expectProblem(try await own.post(path + "/undo", "{}"), 404, "not_found")
            }
            let named = try await own.post(
                Self.path + "?account=\(Shop.neighbourID)", Self.file, type: "text/csv")
            try expectProblem(named, 403, "account_forbidden")
            #expect(try await own.post(Self.path + "/1/undo", "{}").status == 202)
        }
    }
}
