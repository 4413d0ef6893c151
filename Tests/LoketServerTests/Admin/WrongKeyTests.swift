// Wrong keys over real sockets: delayed without delaying a right key; and what happens to the
// connection and to an unread body.

import DokuSimulator
import LoketAdmin
import LoketCore
import TestSupport
import Testing

struct WrongKeyTests {
    private static let path = "/admin/v1/bills"
    private static let nobodys = "loket_" + String(repeating: "0", count: 48)

    private func bad(_ service: RunningService) -> [UInt8] {
        service.adminRequest("GET", Self.path, "", key: Self.nobodys).wire
    }

    @Test func `a right key is answered while a wrong one waits`() async throws {
        try await withService { service in
            let (wrong, right) = (
                try await RawConnection.open(port: service.adminPort),
                try await RawConnection.open(port: service.adminPort)
            )
            var first: Int?
            // On a busy machine the wrong key may be answered first: a few tries.
            for _ in 0..<40 where first != 200 {
                try await wrong.send(bad(service))
                try await right.send(service.adminRequest("GET", Self.path, "").wire)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                    for connection in [wrong, right] {
                        tasks.addTask { try await connection.answer().status }
                    }
                    return try await tasks.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses.sorted() == [200, 401])
                first = statuses.first
            }
            #expect(first == 200)
        }
    }

    @Test func `two hundred wrong keys at once do not delay a right one`() async throws {
        try await withService { service in
            let asked = bad(service)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<200 {
                    tasks.addTask {
                        let connection = try await RawConnection.open(port: service.adminPort)
                        for _ in 0..<3 {
                            try await connection.send(asked)
                            let answer = try await connection.answer()
                            #expect(answer.status == 401)
                            if answer.header("Connection") == "close" { break }
                        }
                        await connection.close()
                    }
                }
                for _ in 0..<20 {
                    #expect(try await service.admin.get(Self.path).status == 200)
                }
                try await tasks.waitForAll()
            }
            #expect(try await service.admin.get(Self.path).status == 200)
        }
    }

    @Test func `a limited number of wrong keys wait, and the others are refused`() async throws {
        let delay = FailedKeyDelay(slowness: .seconds(600), places: 3)
        let tasks = (0..<3).map { _ in Task { try? await delay.wait() } }
        try await eventually { delay.waiting == 3 }
        #expect(try await delay.wait() == false)
        tasks[0].cancel()
        #expect(await tasks[0].value == nil)
        try await eventually { delay.waiting == 2 }
        for task in tasks { task.cancel() }
        try await eventually { delay.waiting == 0 }
        let quick = FailedKeyDelay(slowness: .zero, places: 1)
        #expect(try await quick.wait())
        #expect(try await quick.wait())
    }

    @Test func `a connection goes on after each refusal, its short body unread`() async throws {
        try await withService { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let connection = try await RawConnection.open(port: service.adminPort)
            let body = BillJSON().text
            let keyless = DokuRequest(
                method: "POST", target: Self.path, headers: [], body: Array(body.utf8))
            for (request, status) in [
                (keyless, 401),
                (service.adminRequest("POST", Self.path, body, key: Self.nobodys), 401),
                (service.adminRequest("POST", Self.path, body, key: reader.key), 403),
                (keyless.adding("Authorization", "Basic YTpi"), 401),
                (service.adminRequest("GET", Self.path, ""), 200),
                (
                    service.adminRequest("GET", Self.path, "")
                        .adding("Authorization", "Bearer \(service.adminKey)"), 401
                ),
                (service.adminRequest("POST", Self.path, body), 201),
            ] {
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.status == status, "\(answer.text)")
                #expect(answer.header("Connection") != "close")
            }
        }
    }

    /// The body never comes, with or without a length: the answer is sent and the connection ends.
    @Test func `the long body of a refused request is not waited for`() async throws {
        try await withService { service in
            let reader = try await service.client("reader", scopes: ["read"])
            var refused: [RawConnection] = []
            for line in ["Content-Length: 8000000", "Transfer-Encoding: chunked"] {
                for (key, status) in [(Self.nobodys, 401), (reader.key ?? "", 403)] {
                    let connection = try await RawConnection.open(port: service.adminPort)
                    try await connection.send(
                        "POST \(Self.path) HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer \(key)\r\n\(line)\r\n\r\n")
                    let answer = try await connection.answer()
                    #expect(answer.status == status)
                    #expect(answer.header("Connection") == "close")
                    refused.append(connection)
                }
            }
            for connection in refused {
                #expect(try await connection.answersUntilEnd().isEmpty)
            }
        }
    }

    @Test func `a key longer than any valid key is wrong`() async throws {
        try await withService { service in
            for key in [String(repeating: "k", count: 129), String(repeating: "k", count: 20_000)] {
                let client = AdminClient(port: service.adminPort, key: key)
                try expectProblem(try await client.get(Self.path), 401, "key_missing")
            }
        }
    }
}
