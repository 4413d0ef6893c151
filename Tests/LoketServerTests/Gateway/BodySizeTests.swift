// How large a body may be, and that the sender of a larger body can still read the refusal.

import DokuSimulator
import LoketCore
import Testing

struct BodySizeTests {
    private static let code = "88965110000001"

    /// An inquiry whose body has this many bytes, all of them signed.
    private static func inquiry(bytes: Int) -> DokuRequest {
        var body = Doku.inquiryBody(code: code, counter: .alfa, date: Doku.sampleDate)
        body.removeLast()
        body += Array(",\"more\":\"".utf8)
        body += Array(repeating: UInt8(ascii: "x"), count: bytes - body.count - 2)
        return Shop.doku.signed(body + Array("\"}".utf8))
    }

    @Test func `a body of 16384 bytes is answered, whole or in chunks`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let request = Self.inquiry(bytes: 16_384)
            #expect(request.body.count == 16_384)
            for wire in [request.wire, request.chunkedWire(of: 1000)] {
                let connection = try await service.connect()
                try await connection.send(wire)
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            }
        }
    }

    @Test func `one byte more is refused, whole or in chunks, and nothing after it`() async throws {
        try await withService { service in
            let request = Self.inquiry(bytes: 16_385)
            for wire in [request.wire, request.chunkedWire(of: 1000)] {
                let connection = try await service.connect()
                try await connection.send(wire + Shop.doku.inquiry(Self.code).wire)
                let answers = try await connection.answersUntilEnd()
                #expect(answers.map(\.status) == [413])
                #expect(answers.first?.body.isEmpty == true)
                #expect(answers.first?.header("Connection") == "close")
            }
        }
    }

    @Test func `an announced size over the limit is refused before the body arrives`() async throws
    {
        try await withService { service in
            for size in ["16385", "99999999999", "9223372036854775807"] {
                let connection = try await service.connect()
                try await connection.send(
                    "POST /doku/inquiry HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
                #expect(try await connection.answer().status == 413)
            }
        }
    }

    @Test func `a sender of a megabyte more can read the refusal`() async throws {
        try await withService { service in
            let head =
                "POST /doku/inquiry HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
            let (answers, wasCutOff) = try await service.talkOn(
                after: head, piece: [UInt8](repeating: 0x20, count: 10_000), times: 100)
            #expect(answers.map(\.status) == [413])
            #expect(!wasCutOff)
        }
    }

    @Test func `health accepts no body`() async throws {
        try await withService { service in
            let request = DokuRequest(method: "GET", target: "/health", headers: [], body: [65])
            let answer = try await service.ask(request)
            #expect(answer.status == 413)
        }
    }

    @Test func `a sender that waits for 100 Continue receives it`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let request = Shop.doku.inquiry(Self.code).adding("Expect", "100-continue")
            let connection = try await service.connect()
            try await connection.send(request.head)
            #expect(try await connection.answer().status == 100)
            try await connection.send(request.body)
            let answer = try await connection.answer()
            #expect(answer.status == 200)
            #expect(Shop.doku.signature(of: answer, to: request) == .verified)
        }
    }

    /// RFC 9110 §10.1.1: either 100 or the final status, but not silence.
    @Test func `a sender that waits for 100 Continue is refused at once on an unknown path`()
        async throws
    {
        try await withService { service in
            var request = Shop.doku.inquiry(Self.code).adding("Expect", "100-continue")
            request.target = "/nowhere"
            let connection = try await service.connect()
            try await connection.send(request.head)
            let answer = try await connection.answer()
            #expect([100, 404].contains(answer.status))
        }
    }
}
