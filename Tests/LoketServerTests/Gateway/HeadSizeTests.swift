// How many header lines a head may have, and how long they may be.

import DokuSimulator
import LoketCore
import Testing

struct HeadSizeTests {
    private static let code = "88965110000001"

    /// An inquiry with this many header lines on the wire, including Host and Content-Length.
    private static func inquiry(fields: Int) -> DokuRequest {
        var request = Shop.doku.inquiry(code)
        for number in 0..<(fields - 2 - request.headers.count) {
            request = request.adding("X-\(number)", "x")
        }
        return request
    }

    /// An inquiry with this many bytes before its body.
    private static func inquiry(headBytes: Int) -> DokuRequest {
        let request = Shop.doku.inquiry(code)
        let room = headBytes - request.head.utf8.count - "X-Fill: \r\n".utf8.count
        return request.adding("X-Fill", String(repeating: "x", count: room))
    }

    @Test func `64 header lines are answered and 65 are not`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            #expect(try await service.ask(Self.inquiry(fields: 64)).status == 200)
            let refused = try await service.ask(Self.inquiry(fields: 65))
            #expect(refused.status == 431)
            #expect(refused.body.isEmpty)
            #expect(refused.header("Connection") == "close")
        }
    }

    @Test func `a head of nearly 16 KiB is answered and a larger one is not`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            #expect(try await service.ask(Self.inquiry(headBytes: 16_300)).status == 200)
            #expect(try await service.ask(Self.inquiry(headBytes: 16_500)).status == 431)
            #expect(try await service.ask(Self.inquiry(headBytes: 60_000)).status == 431)
        }
    }

    private static let farOver: [String] = [
        "X: " + String(repeating: "x", count: 300_000) + "\r\n",
        String(repeating: "X: x\r\n", count: 50_000),
        String(repeating: "x", count: 300_000),
    ]

    @Test(arguments: farOver.indices)
    func `a head far over every limit is refused and the refusal can be read`(
        _ index: Int
    ) async throws {
        let lines = Self.farOver[index]
        try await withService { service in
            let connection = try await service.connect()
            try await connection.send("POST /doku/inquiry HTTP/1.1\r\nHost: x\r\n" + lines)
            #expect(try await connection.answersUntilEnd().map(\.status) == [431])
            #expect(!connection.wasReset)
        }
    }

    @Test func `a client that sends more after such a head is not cut off with a reset`()
        async throws
    {
        try await withService { service in
            let head =
                "POST /doku/inquiry HTTP/1.1\r\nHost: x\r\nX: "
                + String(repeating: "x", count: 100_000)
            let (answers, wasCutOff) = try await service.talkOn(
                after: head, piece: [UInt8](repeating: 0x78, count: 10_000), times: 50)
            #expect(answers.map(\.status) == [431])
            #expect(!wasCutOff)
        }
    }
}
