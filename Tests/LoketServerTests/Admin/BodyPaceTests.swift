// The minimum rate at which bodies arrive on the admin listener.

import LoketRuntime
import TestSupport
import Testing

struct BodyPaceTests {
    private static let bills = "/admin/v1/bills"
    private static let imports = "/admin/v1/imports"
    private static let impatient: @Sendable (inout Settings) -> Void = {
        $0.limits.bodyGraceMilliseconds = 100
    }

    private static let routes: [(path: String, type: String)] = [
        (bills, "application/json"), (imports, "text/csv"),
    ]

    private func expectTooSlow(_ connection: RawConnection) async throws {
        let answer = try await connection.answer()
        #expect(answer.status == 408, "\(answer.text)")
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(answer.header("Connection") == "close")
        #expect(answer.text.contains("urn:loket:problem:body_too_slow"))
        #expect(try await connection.answersUntilEnd().isEmpty)
    }

    @Test(arguments: routes, [HalfBody.short, HalfBody.long, HalfBody.chunked])
    func `a body that does not arrive is answered 408, and the connection ends`(
        _ route: (path: String, type: String), _ framing: String
    ) async throws {
        try await withService(Self.impatient) { service in
            let head = service.head(
                "POST", route.path, key: service.adminKey, type: route.type)
            try await expectTooSlow(try await service.begin(head + framing))
            guard route.path == Self.imports else { return }
            let failure = try await service.ended("1").json["failure"]?.string ?? ""
            #expect(failure.hasPrefix("fewer than 1024 bytes of the body"), "\(failure)")
            #expect(service.stagingFiles.isEmpty)
        }
    }

    private static let inChunks = "Transfer-Encoding: chunked\r\n\r\n"

    @Test(arguments: routes, ["Content-Length: 9000\r\n\r\n", inChunks])
    func `a body that arrives too slowly is answered 408 too`(
        _ route: (path: String, type: String), _ framing: String
    ) async throws {
        try await withService(Self.impatient) { service in
            let connection = try await service.begin(
                service.head("POST", route.path, key: service.adminKey, type: route.type)
                    + framing)
            let piece = framing == Self.inChunks ? "1\r\n \r\n" : " "
            // At most 100 bytes a second.
            let dripping = Task {
                while (try? await connection.send(piece)) != nil {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            let answer = try await connection.answer()
            #expect(answer.status == 408, "\(answer.text)")
            dripping.cancel()
            await connection.close()
        }
    }

    /// The first parts allow another 20 seconds; the slow sender's 100 ms end in that time.
    @Test(arguments: [false, true])
    func `a body that is fast enough passes`(_ chunked: Bool) async throws {
        try await withService(Self.impatient) { service in
            let bill = String(repeating: " ", count: 20_480) + BillJSON().text
            let rows = (1...400).map { "\(88_965_110_000_000 + $0),INV-\($0),150000,Anton\n" }
            let file = ImportCase.head + rows.joined()
            var senders: [(connection: RawConnection, rest: String)] = []
            for (route, body) in zip(Self.routes, [bill, file]) {
                let head = service.head(
                    "POST", route.path, key: service.adminKey, type: route.type)
                var framing = "Content-Length: \(body.utf8.count)\r\n\r\n"
                var (first, rest) = (String(body.dropLast(5)), String(body.suffix(5)))
                if chunked {
                    framing = Self.inChunks
                    (first, rest) = (Self.chunk(first), Self.chunk(rest) + Self.chunk(""))
                }
                senders.append((try await service.begin(head + framing + first), rest))
            }
            let slow = service.head("POST", Self.bills, key: service.adminKey) + HalfBody.short
            try await expectTooSlow(try await service.begin(slow))
            for (sender, status) in zip(senders, [201, 202]) {
                try await sender.connection.send(sender.rest)
                let answer = try await sender.connection.answer()
                #expect(answer.status == status, "\(answer.text)")
                await sender.connection.close()
            }
            #expect(try await service.ended("1").state == "applied")
        }
    }

    private static func chunk(_ text: String) -> String {
        "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }

    /// The import cannot begin, and reads nothing of its body, until the lock is released.
    @Test func `the service's own time does not count against the sender`() async throws {
        try await withService(Self.impatient) { service in
            let holder = try ForeignHand(holding: service.folder.file("loket.db"))
            let upload = try await service.begin(
                service.head("POST", Self.imports, key: service.adminKey, type: "text/csv")
                    + Self.inChunks + ImportCase.head.map { Self.chunk("\($0)") }.joined())
            let slow = service.head("POST", Self.bills, key: service.adminKey) + HalfBody.short
            try await expectTooSlow(try await service.begin(slow))
            try await upload.send(Self.chunk(ImportCase.row(1)) + Self.chunk(""))
            try holder.letGo()
            let answer = try await upload.answer()
            #expect(answer.status == 202, "\(answer.text)")
            await upload.close()
            #expect(try await service.ended("1").state == "applied")
        }
    }

    private static let unread: [(method: String, path: String, status: Int)] = [
        ("GET", "/ready", 200), ("POST", "/ready", 405), ("POST", "/nowhere", 404),
        ("POST", bills, 401), ("GET", "/openapi.json", 200),
    ]

    @Test(arguments: unread)
    func `a body that no route reads ends its connection after the answer`(
        method: String, path: String, status: Int
    ) async throws {
        try await withService(Self.impatient) { service in
            let connection = try await service.begin(
                service.head(method, path, key: nil) + HalfBody.short)
            #expect(try await connection.answer().status == status)
            #expect(try await connection.answersUntilEnd().isEmpty)
        }
    }

    @Test func `a slow body after a request in progress ends both`() async throws {
        try await withService(Self.impatient) { service in
            let upload = service.head(
                "POST", Self.imports, key: service.adminKey, type: "text/csv")
            let file = ImportCase.head
            let connection = try await service.begin(
                upload + "Content-Length: \(file.utf8.count)\r\n\r\n\(file)"
                    + service.head("POST", Self.bills, key: service.adminKey) + HalfBody.short)
            let statuses = try await connection.answersUntilEnd().map(\.status)
            #expect([[], [202], [202, 408]].contains(statuses), "\(statuses)")
            #expect(try await service.admin.get(Self.bills).status == 200)
        }
    }
}
