// One connection and its requests: kept open, pipelined, divided into pieces, closed.

import DokuSimulator
import LoketCore
import Testing

struct ConnectionTests {
    private static let code = "88965110000001"

    private func withBill(_ body: (RunningService) async throws -> Void) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            try await body(service)
        }
    }

    @Test func `a connection carries one request after another`() async throws {
        try await withBill { service in
            let connection = try await service.connect()
            for _ in 0..<200 {
                let request = Shop.doku.inquiry(Self.code)
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(answer.header("Connection") == nil)
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            }
        }
    }

    @Test func `fifty requests in one write are answered in their order`() async throws {
        try await withBill { service in
            let requests = (0..<50).map { number in
                switch number % 5 {
                case 0: Shop.doku.inquiry("88965199999999", requestID: "\(number)")
                case 1: Shop.forger.inquiry(Self.code, requestID: "\(number)")
                default: Shop.doku.inquiry(Self.code, requestID: "\(number)")
                }
            }
            let connection = try await service.connect()
            try await connection.send(requests.flatMap(\.wire))
            for (number, request) in requests.enumerated() {
                let answer = try await connection.answer()
                switch number % 5 {
                case 0: #expect(answer.status == 404)
                case 1: #expect(answer.status == 401)
                default: #expect(answer.status == 200)
                }
                if number % 5 != 1 {
                    #expect(Shop.doku.signature(of: answer, to: request) == .verified)
                }
            }
            #expect(await connection.unread == 0)
        }
    }

    @Test func `a request may come in pieces of any size`() async throws {
        try await withBill { service in
            for size in [1, 2, 3, 7, 64, 300] {
                let request = Shop.doku.inquiry(Self.code)
                let connection = try await service.connect()
                var rest = request.wire[...]
                while !rest.isEmpty {
                    try await connection.send(rest.prefix(size))
                    rest = rest.dropFirst(size)
                }
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            }
        }
    }

    @Test(arguments: [1, 5, 100, 10_000])
    func `a body in chunks is the body that was signed`(_ size: Int) async throws {
        try await withBill { service in
            let request = Shop.doku.inquiry(Self.code)
            let connection = try await service.connect()
            for _ in 0..<2 {
                try await connection.send(request.chunkedWire(of: size))
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            }
        }
    }

    @Test func `a request with Connection: close, or in HTTP/1.0, is the last`() async throws {
        try await withBill { service in
            let closing = Shop.doku.inquiry(Self.code).adding("Connection", "close").wire
            let old = Shop.doku.inquiry(Self.code).adding("Connection", "keep-alive")
            let oldWire =
                Array(
                    old.head.replacing("HTTP/1.1\r\n", with: "HTTP/1.0\r\n").utf8) + old.body
            for wire in [closing, oldWire] {
                let connection = try await service.connect()
                try await connection.send(wire + Shop.doku.inquiry(Self.code).wire)
                let answers = try await connection.answersUntilEnd()
                #expect(answers.map(\.status) == [200])
                #expect(answers.first?.header("Connection") == "close")
                #expect(!connection.wasReset)
            }
        }
    }

    @Test func `a client that has closed its sending side is still answered`() async throws {
        try await withBill { service in
            let connection = try await service.connect()
            try await connection.send(Shop.doku.inquiry(Self.code).wire)
            try await connection.halfClose()
            #expect(try await connection.answersUntilEnd().map(\.status) == [200])
        }
    }

    @Test func `connections that are cut anywhere disturb no later request`() async throws {
        try await withBill { service in
            let wire = Shop.doku.inquiry(Self.code).wire
            for length in stride(from: 0, through: wire.count, by: 61) {
                let connection = try await service.connect()
                try await connection.send(wire.prefix(length))
                await connection.close()
            }
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
            #expect(!service.log.text.contains("error"), "\(service.log.text)")
        }
    }

    /// Java's HttpClient adds these lines to its first request on a plain connection.
    @Test func `after an offer to upgrade the connection continues or says that it ends`()
        async throws
    {
        try await withBill { service in
            let offer = Shop.doku.inquiry(Self.code)
                .adding("Connection", "Upgrade, HTTP2-Settings").adding("Upgrade", "h2c")
                .adding("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA")
            let tunnel = DokuRequest(
                method: "CONNECT", target: "loket.test:443", headers: [], body: [])
            for (first, status) in [(offer, 200), (tunnel, 404)] {
                let connection = try await service.connect()
                try await connection.send(first.wire)
                let answer = try await connection.answer()
                #expect(answer.status == status)
                if answer.header("Connection") == "close" { continue }
                try await connection.send(Shop.doku.inquiry(Self.code).wire)
                #expect(try await connection.answer().status == 200)
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a client that sends thousands of requests without reading harms no other`() async throws {
        try await withBill { service in
            let wire = Shop.doku.inquiry(Self.code).wire
            let deaf = try await service.connect(reads: false)
            deaf.sendUnawaited(Array(repeatElement(wire, count: 20_000).joined()))
            for _ in 0..<100 {
                #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
            }
            await deaf.close()
        }
    }

    @Test func `fifty clients on one code all get the same answer`() async throws {
        try await withBill { service in
            let texts = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let connection = try await service.connect()
                        var texts: [String] = []
                        for _ in 0..<10 {
                            try await connection.send(Shop.doku.inquiry(Self.code).wire)
                            texts.append(try await connection.answer().text)
                        }
                        return texts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(texts.count == 500)
            #expect(Set(texts).count == 1)
            #expect(texts.first?.contains("\"amount\":150000}") == true)
        }
    }
}
