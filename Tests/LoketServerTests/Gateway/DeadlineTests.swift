// A request must be complete within its time, counted from its first byte, even if its bytes arrive
// steadily.

import DokuSimulator
import TestSupport
import Testing

struct DeadlineTests {
    private static let code = "88965110000001"

    private func withHurry(_ body: (RunningService) async throws -> Void) async throws {
        try await withService({ $0.limits.requestMilliseconds = 300 }, body)
    }

    /// Sends a byte again and again until the connection has answered.
    private func drip(_ byte: String, into connection: RawConnection) async throws -> [DokuAnswer] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    guard (try? await connection.send(byte)) != nil else { return }
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
            defer { group.cancelAll() }
            return try await connection.answersUntilEnd()
        }
    }

    private static let beginnings: [(String, String)] = [
        ("POST /", "x"),
        ("POST /doku/inquiry HTTP/1.1\r\nX: ", "x"),
        ("POST /doku/inquiry HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n", " "),
        (
            "POST /doku/inquiry HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n",
            " "
        ),
        ("POST /nowhere HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n", " "),
    ]

    @Test(arguments: beginnings)
    func `bytes that arrive slowly do not move the deadline`(
        beginning: String, byte: String
    ) async throws {
        try await withHurry { service in
            let connection = try await service.connect()
            try await connection.send(beginning)
            let answers = try await drip(byte, into: connection)
            #expect(answers.map(\.status) == [408])
            #expect(answers.first?.header("Connection") == "close")
            #expect(answers.first?.body.isEmpty == true)
        }
    }

    @Test func `silence in the middle of a request ends the connection too`() async throws {
        try await withHurry { service in
            let connection = try await service.connect()
            try await connection.send("POST /doku/inquiry HTTP/1.1\r\n")
            #expect(try await connection.answersUntilEnd().map(\.status) == [408])
        }
    }

    /// Each waits for more than half its time, so that both together exceed the time of one.
    @Test func `each request on a connection has its own time`() async throws {
        try await withService({ $0.limits.requestMilliseconds = 4000 }) { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let connection = try await service.connect()
            for _ in 0..<2 {
                let wire = Shop.doku.inquiry(Self.code).wire
                try await connection.send(wire.prefix(100))
                try await Task.sleep(for: .milliseconds(2200))
                try await connection.send(wire.dropFirst(100))
                #expect(try await connection.answer().status == 200)
            }
        }
    }

    private static let remainders = [1, 40, 400]

    @Test(.timeLimit(.minutes(1)), arguments: remainders)
    func `a request that began in the same write as another is timed too`(
        bytes: Int
    ) async throws {
        try await withHurry { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let wire = Shop.doku.inquiry(Self.code).wire
            let connection = try await service.connect()
            try await connection.send(wire + wire.prefix(bytes))
            #expect(try await connection.answer().status == 200)
            let rest = try await within(.seconds(20)) { try await connection.answersUntilEnd() }
            #expect(rest.map(\.status) == [408])
        }
    }

    @Test func `a silent connection is left open between requests`() async throws {
        try await withHurry { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let connection = try await service.connect()
            try await Task.sleep(for: .milliseconds(700))
            try await connection.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await connection.answer().status == 200)
            try await Task.sleep(for: .milliseconds(700))
            try await connection.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await connection.answer().status == 200)
        }
    }
}
