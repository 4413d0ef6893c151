// The refused rows of an import as a file: with the columns of the file and the reasons, for as long as
// they may be kept.

import LoketCore
import Testing

struct RefusedRowTests {
    private func rows(
        _ id: String, of service: RunningService, by client: AdminClient? = nil
    ) async throws -> String {
        let answer = try await (client ?? service.admin).get(
            "/admin/v1/imports/\(id)/rows?outcome=refused")
        try #require(answer.status == 200, "\(answer.text)")
        return answer.text.replacing("\r\n", with: "\n")
    }

    private static let query = ProgramFile.query(
        "map=No. Faktur=invoice_number", "ignore=Kelas", "date_format=dmy",
        "amount_format=indonesian", "skip_lines=1")

    private static let file = """
        Laporan
        No. Faktur;Kelas;kode bayar;nominal;jatuh tempo;nama
        INV-9;A;88965100000009;150.000;31/12/2099;Anton
        INV-2;B;88965100000002;1.50.000;31-12-99;"Budi; S.Kom"
        INV-3;C;11115100000003;150.000;31/12/2099;Citra
        INV-4;D;88965100000001;150.000;31/12/2099;Dewi
        INV-5;E
        INV-6;F;88965100000006;1;31/12/2099;Eka;x;y
        """

    private static let date =
        "is not day, month and a year of four digits: write 31/12/2026, which means the end of "
        + "that day in Jakarta"

    private static let bad = """
        No. Faktur,Kelas,kode bayar,nominal,jatuh tempo,nama,loket_reason
        INV-2,B,88965100000002,1.50.000,31-12-99,"Budi; S.Kom",\
        "amount: is not an amount in the form 150.000, 150.000,00 or Rp150.000; \
        expires_at: \(date)"
        INV-3,,11115100000003,150000,31/12/2099,Citra,"payment_code: does not begin with a \
        configured BIN; see `accounts` in the settings"
        INV-4,,88965100000001,150000,31/12/2099,Dewi,payment_code: is in use by bill INV-1
        INV-5,E,�,�,�,�,"the row has 2 cells, but the header has 6"
        INV-6,F,88965100000006,1,31/12/2099,Eka,"the row has 8 cells, but the header has 6: put a \
        value that contains a semicolon in quotes",x,y

        """

    @Test func `refused rows have the columns of the file and the reasons`() async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let report = try await service.importText(Self.file, Self.query)
            #expect(report.summary == "refused: 6 rows, 1 new, 5 refused")
            let found = try await rows(report.id, of: service)
            #expect(found == Self.bad, "\(found)")
        }
    }

    @Test(arguments: ["", "&encoding=windows-1252"])
    func `corrected rows are imported by rows_of alone, and others refused again`(
        _ encoding: String
    ) async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let name: [UInt8] = encoding.isEmpty ? Array("Réné".utf8) : [0x52, 0xE9, 0x6E, 0xE9]
            let file = Self.file.split(separator: "Dewi").map { Array($0.utf8) }
            let report = try await service.importFile(
                Array(file.joined(separator: name)), Self.query + encoding)
            let found = try await rows(report.id, of: service)
            let same = try await service.importText(found, "?rows_of=\(report.id)")
            #expect(same.summary == "refused: 5 rows, 5 refused", "\(same.text)")
            #expect(same.json["options"]?["rows_of"]?.string == report.id)
            let lines = found.split(separator: "\n")
            let right =
                lines[0] + "\n" + lines[3].replacing("88965100000001", with: "88965100000004")
            let again = try await service.importText(String(right), "?rows_of=\(same.id)")
            #expect(again.text == "applied: 1 rows, 1 new, 1 applied created")
            #expect(try await service.billLines().last?.contains("Réné") == true)
        }
    }

    @Test func `an import like one of refused rows reads a file in the form of the first`()
        async throws
    {
        try await withService { service in
            func file(_ row: String) -> [UInt8] {
                let text = "Laporan\nNo. Faktur|Kelas|kode bayar|nominal|jatuh tempo|nama\n" + row
                return text.unicodeScalars.map { UInt8($0.value & 0xFF) }
            }
            let first = try await service.importFile(
                file("INV-2|B|88965100000002|x|31/12/2099|R\u{E9}n\u{E9}\n"),
                Self.query + "&encoding=windows-1252&delimiter=bar")
            let right = try await rows(first.id, of: service).replacing(",x,", with: ",150.000,")
            let second = try await service.importText(
                right, "?rows_of=\(first.id)&delimiter=comma")
            #expect(second.text == "applied: 1 rows, 1 new, 1 applied created")
            let third = try await service.importFile(
                file("INV-3|B|88965100000003|1.500|31/12/2099|Jos\u{E9}\n"), "?like=\(second.id)")
            #expect(third.text == "applied: 1 rows, 1 new, 1 applied created")
            #expect(third.json["options"]?.minified == first.json["options"]?.minified)
            let names = try await service.billLines()
            #expect(names.count == 2 && names[0].contains("R\u{E9}n\u{E9}"), "\(names)")
            #expect(names.last?.contains("Jos\u{E9}") == true, "\(names)")
        }
    }

    @Test func `corrected objects are imported by rows_of`() async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let report = try await service.importText(
                #"[{"no":"INV-2","payment_code":"88965100000001","total":5,"customer_name":"A"}]"#,
                "?map=no%3Dinvoice_number&map=total%3Damount", type: "application/json")
            let found = try await rows(report.id, of: service)
            #expect(found.contains(#"{""payment_code"":"#), "\(found)")
            #expect(found.contains(#","no":"INV-2","total":5,"#.replacing("\"", with: "\"\"")))
            let again = try await service.importText(
                found.replacing("88965100000001", with: "88965100000002"),
                "?rows_of=\(report.id)")
            #expect(again.text == "applied: 1 rows, 1 new, 1 applied created")
        }
    }

    @Test(arguments: ["?rows_of=9", "?rows_of=x", "?rows_of=1&like=1"])
    func `rows_of must be an import, and without like`(_ query: String) async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let answer = try await service.admin.send(
                "POST", "/admin/v1/imports" + query, body: [], type: "text/csv")
            try expectProblem(answer, 400, "invalid_parameter")
        }
    }

    @Test func `the first rows are kept until their bytes are too many, and counted`() async throws
    {
        try await withService { service in
            let head = "payment_code,invoice_number,amount,customer_name,Catatan\n"
            let long = String(repeating: "n", count: 60_000)
            let file =
                head + (1...150).map { "x,INV-\($0),1,A,\(long)\n" }.joined()
                + "x,INV-200,1,A,\n"
            let report = try await service.importText(file, "?ignore=Catatan")
            let path = "/admin/v1/imports/\(report.id)/rows"
            let kept = try #require(try await service.admin.header("Loket-Rows", of: path))
            #expect(Int(kept).map { (100..<150).contains($0) } == true, "\(kept)")
            #expect(try await service.admin.header("Loket-Refused", of: path) == "151")
            #expect(try await !rows(report.id, of: service).contains("INV-200"))
        }
    }

    @Test func `refused objects of a JSON array are shown as they are`() async throws {
        try await withService { service in
            let report = try await service.importText(
                #"[{"amount": 1.5, "info":"a"}, 5]"#, type: "application/json")
            let found = try await rows(report.id, of: service)
            #expect(
                found.hasPrefix(
                    #"row,loket_reason\#n"{""amount"": 1.5, ""info"":""a""}","amount: must "#),
                "\(found)")
            #expect(found.split(separator: "\n").count == 2, "\(found)")
        }
    }

    @Test func `an import without refused rows has the header alone`() async throws {
        try await withService { service in
            let report = try await service.importText(ImportCase.head + ImportCase.row(1))
            #expect(
                try await rows(report.id, of: service)
                    == ImportCase.head.replacing("\n", with: ",loket_reason\n"))
            let unread = try await service.importText("payment_code\n")
            #expect(try await rows(unread.id, of: service) == "loket_reason\n")
        }
    }

    @Test func `rows are for keys that may see the import, and outcome is refused alone`()
        async throws
    {
        try await withService { service in
            let own = try await service.clientBound(toAccount: 1)
            let other = try await service.clientBound(toAccount: 2)
            let report = try await service.importFile(
                Array((ImportCase.head + "x,INV-1,1,A\n").utf8), by: own)
            #expect(try await rows(report.id, of: service, by: own).contains("x,INV-1,1,A"))
            let path = "/admin/v1/imports/\(report.id)/rows"
            try expectProblem(try await other.get(path), 404, "not_found")
            try expectProblem(
                try await own.get(path + "?outcome=skipped"), 400, "invalid_parameter")
            try expectProblem(try await own.get("/admin/v1/imports/99/rows"), 404, "not_found")
        }
    }
}
