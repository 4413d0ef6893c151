// More inquiries than can be answered in time: those that have waited too long are declined without
// a look-up. Here a look-up finds no bill, so its answer is 404.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct OverloadTests {
    private static let code = "88965110000001"
    private static let decline = """
        {"online_to_offline_info":{"payment_code":"88965110000001"},\
        "online_to_offline_inquiry":{"status":"decline"}}
        """

    @Test func `an inquiry that waited for a busy loop is declined without a look-up`() async throws
    {
        try await withSlowGateway(answerMilliseconds: 200) { gateway, desk in
            let first = try await gateway.connect()
            try await first.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await first.answer().status == 404)
            var connections: [(RawConnection, DokuRequest)] = []
            for _ in 0..<20 {
                let connection = try await gateway.connect()
                try await connection.send("POST /nowhere HTTP/1.1\r\n\r\n")
                #expect(try await connection.answer().status == 404)
                connections.append((connection, Shop.doku.inquiry(Self.code)))
            }

            gateway.hold()
            try await first.send(Shop.doku.inquiry(Self.code).wire)
            try await eventually { gateway.lookups == 2 }
            // Twenty connections that are not accepted yet.
            for _ in 0..<20 {
                connections.append((try await gateway.connect(), Shop.doku.inquiry(Self.code)))
            }
            for (connection, request) in connections { try await connection.send(request.wire) }
            try await Task.sleep(for: .milliseconds(400))
            gateway.release()

            #expect(try await first.answer().status == 400)
            for (connection, request) in connections {
                expectSigned(
                    try await connection.answer(), to: request, status: 400, body: Self.decline)
            }
            #expect(gateway.lookups == 2)
            #expect(desk.metrics.current.answered[.overloaded] == connections.count)
            let journaled = try await desk.journaled()
            #expect(journaled.count { $0.answeredBy == .overloaded } == connections.count)
            // An inquiry after the overload is looked up.
            try await eventually {
                try await first.send(Shop.doku.inquiry(Self.code).wire)
                return try await first.answer().status == 404
            }
        }
    }

    @Test func `an inquiry that waited after others of its connection is declined`() async throws {
        try await withSlowGateway(answerMilliseconds: 200, lookupTime: 0.02) { gateway, desk in
            let requests = (0..<60).map { _ in Shop.doku.inquiry(Self.code) }
            let connection = try await gateway.connect()
            connection.sendUnawaited(requests.flatMap(\.wire))
            for request in requests {
                let answer = try await connection.answer()
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            }
            let declined = desk.metrics.current.answered[.overloaded] ?? 0
            #expect(declined > 0)
            #expect(gateway.lookups + declined == requests.count)
        }
    }

    /// A request that fills a read does not make a later request count as waiting.
    @Test func `an idle connection does not count as waiting`() async throws {
        try await withSlowGateway(answerMilliseconds: 200) { gateway, _ in
            let connection = try await gateway.connect()
            let request = Shop.doku.inquiry(Self.code)
            let room = Limits.readBytes - request.wire.count - "X-Fill: \r\n".utf8.count
            let filled = request.adding("X-Fill", String(repeating: "x", count: room))
            for wire in [filled.wire, request.wire] {
                try await connection.send(wire)
                #expect(try await connection.answer().status == 404)
                try await Task.sleep(for: .milliseconds(600))
            }
        }
    }

    /// The sender who comes last is not answered last, because another address has sent many
    /// requests.
    @Test(arguments: [false, true])
    func `addresses take turns`(isBehind: Bool) async throws {
        try await withSlowGateway(answerMilliseconds: 60_000, lookupTime: 0.01) { gateway, _ in
            gateway.isBehind = isBehind
            let other = "88965110000002"
            let first = try await gateway.connect()
            var crowd: [RawConnection] = []
            for _ in 0..<20 { crowd.append(try await gateway.connect(from: "127.0.0.2")) }
            let last = try await gateway.connect()
            for connection in crowd + [last] {
                try await connection.send("POST /nowhere HTTP/1.1\r\n\r\n")
                #expect(try await connection.answer().status == 404)
            }

            gateway.hold()
            try await first.send(Shop.doku.inquiry(Self.code).wire)
            try await eventually { gateway.lookups == 1 }
            for connection in crowd {
                try await connection.send(Shop.doku.inquiry(Self.code).wire)
            }
            try await last.send(Shop.doku.inquiry(other).wire)
            gateway.release()

            for connection in crowd + [first, last] {
                #expect(try await connection.answer().status == 404)
            }
            let place = gateway.lookedUp.firstIndex { $0.digits == other }
            #expect(try #require(place) < crowd.count / 2)
        }
    }
}
