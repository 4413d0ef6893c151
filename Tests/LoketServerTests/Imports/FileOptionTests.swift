// The options of a file over HTTP: the files of programs as they are, the options that an import
// keeps, and what an import may take from another.

import LoketJSON
import TestSupport
import Testing

struct FileOptionTests {
    @Test(arguments: ProgramFile.all)
    func `a program's file is imported unedited by its options`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    @Test(arguments: ProgramFile.all)
    func `the same file a month later needs the first import's id alone`(
        _ file: ImportCase
    ) async throws {
        try await withService { service in
            let first = try await service.importFile(file.body, file.query, type: file.type)
            try #require(first.state == "applied", "\(first.text)")
            let again = try await service.importFile(
                file.body, "?like=\(first.id)", type: file.type)
            #expect(again.summary.contains(" unchanged"), "\(again.text)")
            #expect(!again.summary.contains("new"), "\(again.text)")
            #expect(again.json["options"]?.minified == first.json["options"]?.minified)
        }
    }

    @Test func `options beside like are added to those of the import or replace them`()
        async throws
    {
        try await withService { service in
            let query = ProgramFile.query(
                "map=VA=payment_code", "map=Sisa=amount", "ignore=Kelas", "date_format=dmy",
                "amount_format=indonesian", "clean_codes=true", "dry_run=true")
            let first = try await service.importText(
                "VA,no faktur,Sisa,Kelas,nama\n88965100000001,INV-1,1.500,A,Anton\n", query)
            #expect(first.state == "checked", "\(first.text)")
            let second = try await service.importText(
                "VA,no faktur,Total Sisa,Kelas,Warna,nama\n88965100000001,INV-1,1500,A,x,Anton\n",
                ProgramFile.query(
                    "like=\(first.id)", "map=Total Sisa=amount", "ignore=Warna",
                    "amount_format=plain", "clean_codes=false"))
            #expect(second.text == "applied: 1 rows, 1 new, 1 applied created")
            let options = try #require(second.json["options"])
            #expect(
                String(decoding: options.minified, as: UTF8.self) == """
                    {"format":"csv","amount_format":"plain","date_format":"dmy","delimiter":null,\
                    "encoding":"utf-8","skip_lines":0,"map":{"VA":"payment_code","Total Sisa":\
                    "amount"},"ignore":["Kelas","Warna"],"skip_rows":[],"clean_codes":false,\
                    "clean_spaces":false,"rows_of":null}
                    """)
        }
    }

    @Test func `an import takes the format of the other if its media type has none`() async throws {
        try await withService { service in
            let file = ProgramFile.erpNext
            let first = try await service.importFile(file.body, file.query, type: file.type)
            let again = try await service.importFile(
                file.body, "?like=\(first.id)", type: "application/octet-stream")
            #expect(again.text == "applied: 2 rows, 2 unchanged")
            #expect(again.json["format"]?.string == "json")
            let other = try await service.admin.post(
                "/admin/v1/imports?like=\(first.id)&delimiter=tab", "[]", type: "application/json")
            try expectProblem(other, 400, "invalid_parameter")
            #expect(other.text.contains("`delimiter` is for CSV, and the file is json"))
        }
    }

    @Test func `like refuses an import that the key may not see`() async throws {
        try await withService { service in
            let text = ImportCase.head + ImportCase.row(1)
            let first = try await service.importText(text, "?account=\(Shop.clientID)")
            let bound = try await service.clientBound(toAccount: 2)
            for id in [first.id, "99", "0", "x", ""] {
                let answer = try await bound.send(
                    "POST", "/admin/v1/imports?like=\(id)", body: Array(text.utf8),
                    type: "text/csv")
                try expectProblem(answer, 400, "invalid_parameter")
                #expect(answer.text.contains("`like` must be the id of an import"))
            }
            let own = try await service.clientBound(toAccount: 1)
            let again = try await service.importFile(
                Array(text.utf8), "?like=\(first.id)", by: own)
            #expect(again.text == "applied: 1 rows, 1 unchanged")
        }
    }

    @Test func `the file's name and a note are kept and listed`() async throws {
        try await withService { service in
            let report = try await service.importText(
                ImportCase.head,
                ProgramFile.query("file_name=tagihan januari.csv", "note=dari kantor pusat"))
            #expect(report.json["file_name"]?.string == "tagihan januari.csv")
            let list = try await service.items("/admin/v1/imports")
            #expect(list.first?["note"]?.string == "dari kantor pusat")
            for name in ["file_name", "note"] {
                for wrong in ["", "%0A", "a%0Ab", String(repeating: "x", count: 256)] {
                    let answer = try await service.admin.post(
                        "/admin/v1/imports?\(name)=\(wrong)", ImportCase.head, type: "text/csv")
                    try expectProblem(answer, 400, "invalid_parameter")
                }
            }
        }
    }

    @Test func `options that do not fit a header say which column is missing`() async throws {
        try await withService { service in
            let report = try await service.importText(
                ImportCase.head + ImportCase.row(1), ProgramFile.query("map=Terhutang=amount"))
            #expect(report.summary == "refused: 0 rows, 1 refused")
            #expect(
                report.notes.first?.hasPrefix(
                    "1 refused: the header has no column \"Terhutang\", which map gives as amount")
                    == true, "\(report.text)")
        }
    }
}
