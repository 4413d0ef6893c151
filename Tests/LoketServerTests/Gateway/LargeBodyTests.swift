// Bodies over 16 KiB: accepted only from a sender who may be DOKU, and only while there is room.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct LargeBodyTests {
    private static let target = "/doku/notification"

    private static func head(
        _ lines: [String], bytes: Int, target: String = target
    ) -> String {
        "POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes)\r\n"
            + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static let known = [
        "Client-Id: \(Shop.clientID)", "Request-Id: 1", "Request-Timestamp: 2026-01-01T00:00:00Z",
        "Signature: HMACSHA256=x",
    ]

    private static let strangers: [[String]] = [
        [], Array(known.dropFirst()), Array(known.dropLast()),
        ["Client-Id: NOBODY"] + known.dropFirst(), known + [known[0]],
    ]

    @Test func `no large body is accepted from a sender who cannot be DOKU`() async throws {
        try await withService { service in
            for lines in Self.strangers {
                let small = try await service.connect()
                try await small.send(Self.head(lines, bytes: 1) + "x")
                let refusal = try await small.headOfAnswer()

                let expecting = try await service.connect()
                try await expecting.send(
                    Self.head(lines + ["Expect: 100-continue"], bytes: 16_385))
                #expect(try await expecting.answer().status == 401)

                let large = try await service.connect()
                let body = String(repeating: "x", count: 16_385)
                try await large.send(Self.head(lines, bytes: 16_385) + body)
                let answer = try await large.headOfAnswer()
                // The same bytes, except for the date.
                #expect(answer.withoutDate == refusal.withoutDate)
                try await large.send(Self.head(lines, bytes: 1) + "x")
                #expect(try await large.answer().status == 401)
            }
        }
    }

    @Test func `a known sender is asked for his body, and for chunks of it`() async throws {
        try await withService { service in
            let expecting = try await service.connect()
            try await expecting.send(
                Self.head(Self.known + ["Expect: 100-continue"], bytes: 16_385))
            #expect(try await expecting.answer().status == 100)

            let chunked = try await service.connect()
            let head = Self.head(Self.strangers[0] + ["Transfer-Encoding: chunked"], bytes: 0)
                .replacing("Content-Length: 0\r\n", with: "")
            let chunk = "4000\r\n" + String(repeating: "x", count: 16_384) + "\r\n"
            try await chunked.send(head + chunk + chunk + "0\r\n\r\n")
            #expect(try await chunked.answer().status == 401)
        }
    }

    @Test func `a body beyond the room for large bodies is answered 503`() async throws {
        try await withHeldGateway(largeBodyBytesMax: 80_000) { gateway, _ in
            let head = Self.head([], bytes: 40_000, target: "/notification")
            var connections: [RawConnection] = []
            for _ in 0..<3 {
                let connection = try await gateway.connect()
                try await connection.send(head + String(repeating: "x", count: 35_000))
                connections.append(connection)
            }
            try await eventually { gateway.metrics.current.gateway == [503: 1] }
            // The room of the refused body is free again, and the two others are accepted.
            for connection in connections {
                try? await connection.send(String(repeating: "x", count: 5_000))
            }
            try await eventually { gateway.arrived.count == 2 }
            gateway.release()
            gateway.release()
            var statuses: [Int] = []
            for connection in connections {
                let answer = try await connection.answer()
                statuses.append(answer.status)
                guard answer.status == 503 else { continue }
                #expect(answer.header("Retry-After") == "60")
                #expect(answer.header("Connection") == "close")
            }
            #expect(statuses.sorted() == [200, 200, 503])
        }
    }
}

extension String {
    fileprivate var withoutDate: [Substring] {
        split(separator: "\r\n").filter { !$0.hasPrefix("Date: ") }
    }
}
