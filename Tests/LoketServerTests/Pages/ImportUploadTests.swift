// A form with a file: its token is checked before the file is read, the file arrives whatever its
// pieces are, and it is kept no longer than its session.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct ImportUploadTests {
    private static let file = ImportCase.head + ImportCase.row(1)

    private func token(_ browser: PageBrowser) async throws -> String {
        let form = try await browser.get("/ui/import").form("/ui/import")
        return try #require(form?["form_token"])
    }

    @Test func `a form with a wrong token ends before its file is read`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let right = try await token(browser)
            let foreign = try await token(try await service.browser())
            let cookies = await browser.cookies.map { "\($0.key)=\($0.value)" }
            let fields: [[(name: String, value: String)]] = [
                [("form_token", "")], [("form_token", foreign)], [("form_token", right + "0")],
                [("note", "x"), ("form_token", right)], [],
            ]
            for fields in fields {
                let form = PageUpload(
                    fields: fields, fileName: "a.csv", content: Array(Self.file.utf8))
                let connection = try await RawConnection.open(port: service.adminPort)
                try await connection.send(
                    "POST /ui/import HTTP/1.1\r\nHost: localhost\r\n"
                        + "Cookie: \(cookies.joined(separator: "; "))\r\n"
                        + "\(PageUpload.type.name): \(PageUpload.type.value)\r\n"
                        + "Content-Length: 1000000000\r\n\r\n")
                try await connection.send(form.body.dropLast(20))
                let answer = try await connection.answer()
                #expect(answer.status == 403, "\(fields): \(answer.text)")
                #expect(answer.header("Connection") == "close")
                #expect(answer.text.contains("Formulir ini sudah lama."))
                try await connection.halfClose()
                #expect(try await connection.answersUntilEnd().isEmpty)
                await connection.close()
            }
            #expect(service.keptFiles == 0)
            #expect(try await service.imports().isEmpty)
        }
    }

    @Test func `a form with a file needs a session and its own page`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            var form = PageUpload(
                fields: [("form_token", try await token(browser))], fileName: "a.csv",
                content: Array(Self.file.utf8))
            var foreign = form.request
            foreign.headers.append(Header("Origin", "http://evil.example"))
            #expect(try await browser.send(foreign).status == 403)
            let stranger = try await PageBrowser(service).send(form.request)
            #expect(stranger.header("Location") == "/ui/sign-in?next=%2Fui%2Fimport")
            var other = form.request
            for type in ["text/csv", "multipart/form-data", "multipart/form-data; boundary="] {
                other.headers = [Header("Content-Type", type)]
                #expect(try await browser.send(other).status == 415, "\(type)")
            }
            form.fields.append(("note", String(repeating: "x", count: 70_000)))
            #expect(try await browser.send(form.request).status == 413)
            #expect(service.keptFiles == 0)
            #expect(try await service.imports().isEmpty)
        }
    }

    @Test func `a file that arrives counts in the share of its key`() async throws {
        try await withService({ $0.limits.bodyGraceMilliseconds = 600_000 }) { service in
            let browser = try await service.browser()
            let form = PageUpload(
                fields: [("form_token", try await token(browser))], fileName: "a.csv",
                content: Array(Self.file.utf8))
            let cookie = await browser.cookies["loket_session"] ?? ""
            let head =
                "POST /ui/import HTTP/1.1\r\nHost: localhost\r\nCookie: loket_session=\(cookie)\r\n"
                + "\(PageUpload.type.name): \(PageUpload.type.value)\r\n"
                + "Content-Length: 9000\r\n\r\n"
            var held: [RawConnection] = []
            while try await service.admin.get("/admin/v1/bills").status != 429 {
                try #require(held.count < 1_000)
                let connection = try await RawConnection.open(port: service.adminPort)
                try await connection.send(head)
                held.append(connection)
            }
            #expect(held.count >= Limits.connectionsMin / 4)
            let refused = try await browser.send(form.request)
            #expect(refused.status == 429)
            #expect(refused.header("Retry-After") == "1")
            #expect(refused.text.contains("Kunci ini sedang dipakai terlalu banyak."))
            for connection in held { await connection.close() }
            try await eventually {
                try await service.admin.get("/admin/v1/bills").status == 200
            }
            #expect(try await browser.send(form.request).status == 303)
        }
    }

    @Test func `a form that is cut off or malformed leaves no file`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let form = PageUpload(
                fields: [("form_token", try await token(browser))], fileName: "a.csv",
                content: Array(Self.file.utf8))
            for count in [40, 60, 100] {
                var request = form.request
                request.body = Array(request.body.dropLast(count))
                let answer = try await browser.send(request)
                #expect(answer.status == 400, "\(count): \(answer.text)")
                #expect(answer.text.contains("Berkas tidak sampai seluruhnya."))
            }
            try await eventually { service.keptFiles == 0 }
            #expect(try await service.imports().isEmpty)
        }
    }

    @Test func `a file arrives as it is, whatever its pieces are`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let cookie = await browser.cookies["loket_session"] ?? ""
            // Beginnings of the delimiter inside the file, and one at its end.
            let mark = "\r\n--\(PageUpload.boundary)"
            let odd =
                "payment_code,invoice_number,amount,customer_name,info\r\n"
                + "88965100000001,INV-1,150000,Anton,\"a\r\n--b\"\r\n\r\n\r\r\n"
            let contents = [odd + mark.dropLast(), odd + "\r\n-", odd + "\r", ""]
            for content in contents {
                let form = PageUpload(
                    fields: [("form_token", try await token(browser)), ("like", "")],
                    fileName: "a.csv", content: Array(content.utf8))
                for size in [1, 2, 7, 61, 4_096] {
                    let connection = try await RawConnection.open(port: service.adminPort)
                    let request = form.request.adding("Cookie", "loket_session=\(cookie)")
                    try await connection.send(request.chunkedWire(of: size))
                    let answer = try await connection.answer()
                    await connection.close()
                    let place = try #require(answer.header("Location"), "\(answer.text)")
                    let id = String(place.split(separator: "/").last ?? "")
                    let report = try await service.ended(id)
                    #expect(report.json["bytes"]?.integer == Int64(content.utf8.count), "\(size)")
                }
            }
        }
    }

    @Test func `a file larger than any form is received`() async throws {
        try await withService { service in
            let rows = (10_000..<20_000).map { "889651\($0),INV-\($0),150000,Anton Budiman\n" }
            let text = ImportCase.head + rows.joined()
            let browser = try await service.browser()
            let page = try await browser.check(text)
            #expect(page.text.contains("<b>10.000</b><span>baru</span>"), "\(page.text)")
            #expect(try await service.report("1").json["bytes"]?.integer == Int64(text.utf8.count))
        }
    }

    @Test func `a file is kept until another one, or until its session ends`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            for _ in 1...2 {
                _ = try await browser.check(Self.file)
                try await eventually { service.keptFiles == 1 }
            }
            #expect(service.folder.files.allSatisfy { !$0.contains("upload") })
            let page = try await browser.get("/ui")
            _ = try await browser.submit("/ui/sign-out", on: page)
            try await eventually { service.keptFiles == 0 }

            let other = try await service.browser()
            _ = try await other.check(Self.file)
            #expect(service.keptFiles == 1)
            service.clock.goOn(hours: 13)
            _ = try await service.browser().get("/ui")
            try await eventually { service.keptFiles == 0 }
        }
    }

    @Test func `a file takes its place before it arrives, and gives it back if it fails`()
        async throws
    {
        try await withService { service in
            let browser = try await service.browser()
            let form = PageUpload(
                fields: [("form_token", try await token(browser))], fileName: "a.csv",
                content: Array(Self.file.utf8))
            let cookie = await browser.cookies["loket_session"] ?? ""
            let request = form.request.adding("Cookie", "loket_session=\(cookie)")
            var uploads: [RawConnection] = []
            for _ in 0..<Sessions.uploadsMax {
                let connection = try await RawConnection.open(port: service.adminPort)
                try await connection.send(request.wire.dropLast(20))
                uploads.append(connection)
            }
            try await eventually { service.keptFiles == Sessions.uploadsMax }
            let refused = try await browser.upload(Self.file)
            #expect(refused.status == 429, "\(refused.text)")
            #expect(refused.text.contains("Terlalu banyak impor sedang berjalan."))
            #expect(service.keptFiles == Sessions.uploadsMax)
            await uploads.removeLast().close()
            try await eventually { try await browser.upload(Self.file).status == 303 }
            for upload in uploads { await upload.close() }
        }
    }

    @Test func `a few sessions keep files, and the one unused longest makes room`() async throws {
        try await withService { service in
            var first: PageBrowser?
            for number in 0...Sessions.uploadsMax {
                let clerk = try await service.client("clerk-\(number)", scopes: ["read", "write"])
                let browser = try await service.browser(key: clerk.key)
                _ = try await browser.check(Self.file)
                first = first ?? browser
                service.clock.goOn(minutes: 1)
            }
            try await eventually { service.keptFiles == Sessions.uploadsMax }
            let page = try await first?.get("/ui/import/1")
            #expect(page?.text.contains("berkasnya perlu dipilih lagi") == true)
        }
    }
}
