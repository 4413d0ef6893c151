// Answers that wait for the disk on a connection that ends meanwhile: after garbage, a half close,
// a disconnect, further requests, or a stop.

import DokuSimulator
import TestSupport
import Testing

struct AnswerEndTests {
    private typealias Gateway = HeldGateway

    private static let garbage = "BREW /pot\u{1} HTCPCP/1.0\r\n\r\n"

    @Test func `garbage after a notification is refused after its answer`() async throws {
        for between in [[], Gateway.inquiry("two")] {
            try await withHeldGateway { gateway, _ in
                let connection = try await gateway.connect()
                try await connection.send(
                    Gateway.notification("one") + between + Array(Self.garbage.utf8))
                try await eventually { gateway.arrived == ["one"] }
                gateway.release()
                let answers = try await connection.answersUntilEnd()
                #expect(answers.map(\.status) == (between.isEmpty ? [200, 400] : [200, 200, 400]))
                #expect(answers.first?.text == "one")
                #expect(answers.last?.header("Connection") == "close")
                #expect(!connection.wasReset)
            }
        }
    }

    @Test func `a refusal after a notification is given after its answer`() async throws {
        let refused: [(request: String, status: Int)] = [
            ("POST /inquiry HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n", 413),
            (
                "POST /inquiry HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "x", count: 17_000))"
                    + "\r\n\r\n", 431
            ),
            ("GET /nowhere HTTP/1.1\r\n\r\n", 404),
            ("GET /notification HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ]
        for (request, status) in refused {
            try await withHeldGateway { gateway, _ in
                let connection = try await gateway.connect()
                try await connection.send(Gateway.notification("one") + Array(request.utf8))
                try await eventually { gateway.arrived == ["one"] }
                gateway.release()
                #expect(try await connection.answer().text == "one")
                #expect(try await connection.answer().status == status)
            }
        }
    }

    /// The sender must be able to read the refusal, and not get a reset for unread bytes.
    @Test(arguments: ["garbage", "Connection: close"])
    func `a client that sends more after a last answer can read it`(_ way: String) async throws {
        let isGarbage = way == "garbage"
        let notification = DokuRequest(
            method: "POST", target: "/notification",
            headers: isGarbage ? [] : [Header("Connection", "close")], body: Array("one".utf8))
        var wasCutOff = true
        // The service reads on for a limited time only: on a busy machine there are a few tries.
        for _ in 0..<5 where wasCutOff {
            try await withHeldGateway { gateway, _ in
                let connection = try await gateway.connect()
                try await connection.send(
                    notification.wire + (isGarbage ? Array(Self.garbage.utf8) : []))
                try await eventually { gateway.arrived == ["one"] }
                let piece = [UInt8](repeating: 0x20, count: 10_000)
                try await connection.send(piece)
                gateway.release()
                var answers = [try await connection.answer()]
                var sent = 0
                while sent < 1000, (try? await connection.send(piece)) != nil { sent += 1 }
                answers += try await connection.answersUntilEnd()
                #expect(answers.map(\.status) == (isGarbage ? [200, 400] : [200]))
                wasCutOff = connection.wasReset || sent < 1000
            }
        }
        #expect(!wasCutOff)
    }

    @Test func `a client that has closed its sending side is still answered`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            try await connection.send(Gateway.notification("one"))
            try await connection.halfClose()
            try await eventually { gateway.arrived == ["one"] }
            // Another connection is answered on the same thread, so the end of the first was seen.
            let other = try await gateway.connect()
            for _ in 0..<20 {
                try await other.send(Gateway.inquiry("x"))
                #expect(try await other.answer().text == "x")
            }
            gateway.release()
            #expect(try await connection.answersUntilEnd().map(\.text) == ["one"])
        }
    }

    @Test func `a client that disconnects disturbs no later request`() async throws {
        try await withHeldGateway { gateway, _ in
            for place in 1...20 {
                let connection = try await gateway.connect()
                try await connection.send(Gateway.notification("one") + Gateway.inquiry("two"))
                try await eventually { gateway.arrived.count == place }
                await connection.close()
                gateway.release()
            }
            let connection = try await gateway.connect()
            try await connection.send(Gateway.inquiry("still here"))
            #expect(try await connection.answer().text == "still here")
        }
    }

    @Test func `a stop waits for the answer, which is the last`() async throws {
        try await withHeldGateway { gateway, stop in
            let connection = try await gateway.connect()
            try await connection.send(Gateway.notification("one"))
            try await eventually { gateway.arrived == ["one"] }
            await stop()
            try await eventually {
                guard let late = try? await gateway.connect() else { return true }
                await late.close()
                return false
            }
            gateway.release()
            let answers = try await connection.answersUntilEnd()
            #expect(answers.map(\.text) == ["one"])
            #expect(answers.first?.header("Connection") == "close")
            #expect(!connection.wasReset)
        }
    }

    @Test func `a notification may be sent with Expect: 100-continue`() async throws {
        try await withHeldGateway { gateway, _ in
            let request = DokuRequest(
                method: "POST", target: "/notification",
                headers: [Header("Expect", "100-continue")], body: Array("two".utf8))
            let connection = try await gateway.connect()
            try await connection.send(Gateway.notification("one") + Array(request.head.utf8))
            try await eventually { gateway.arrived == ["one"] }
            gateway.release()
            #expect(try await connection.answer().text == "one")
            #expect(try await connection.answer().status == 100)
            try await connection.send(request.body)
            try await eventually { gateway.arrived == ["one", "two"] }
            gateway.release()
            #expect(try await connection.answer().text == "two")
        }
    }
}
