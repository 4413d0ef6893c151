// Bytes that are not HTTP, or that two readers could divide into different requests: refused with
// one answer, and the connection is closed.

import DokuSimulator
import Testing

struct MalformedTests {
    private static let code = "88965110000001"

    private static let malformed: [String] = [
        "hello\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
        "POST /doku/inquiry\r\n\r\n",
        "POST  HTTP/1.1\r\n\r\n",
        "POST /doku/inquiry HTTP/9.9\r\nHost: x\r\n\r\n",
        "POST /doku/inquiry HTTPS/1.1\r\nHost: x\r\n\r\n",
        "NONSENSE /doku/inquiry HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nHost : x\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nHost\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\n: x\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nX: a\u{0}b\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nX: a\rb\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
        "POST /doku/inquiry HTTP/1.1\r\nContent-Length: 1x\r\n\r\nx",
        "POST /doku/inquiry HTTP/1.1\r\nContent-Length: 0x1\r\n\r\nx",
        "POST /doku/inquiry HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST /doku/inquiry HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    ]

    @Test(arguments: malformed)
    func `bytes that are not HTTP are refused once and the connection is closed`(
        _ bytes: String
    ) async throws {
        try await withService { service in
            let connection = try await service.connect()
            try await connection.send(Array(bytes.utf8) + Shop.doku.inquiry(Self.code).wire)
            let answers = try await connection.answersUntilEnd()
            #expect(answers.map(\.status) == [400])
            #expect(answers.first?.body.isEmpty == true)
            #expect(answers.first?.header("Connection") == "close")
        }
    }

    /// Header lines of a request whose body is another request.
    private static let smuggling: [(name: String, lines: String, body: String)] = [
        ("both lengths", "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("both, turned", "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n", "0\r\n\r\n"),
        ("two lengths", "Content-Length: 0\r\nContent-Length: LENGTH\r\n", ""),
        ("a list of lengths", "Content-Length: 0, LENGTH\r\n", ""),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n", ""),
        ("a coding after chunked", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n"),
        ("a folded coding", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n", "0\r\n\r\n"),
        ("a folded length", "X: y\r\n Content-Length: LENGTH\r\nContent-Length: 0\r\n", ""),
        ("a space before the colon", "Content-Length : LENGTH\r\nContent-Length: 0\r\n", ""),
        ("a coding with a tab", "Transfer-Encoding: \u{B}chunked\r\nContent-Length: 0\r\n", ""),
    ]

    @Test(arguments: smuggling.indices)
    func `a request is never read in two ways`(_ index: Int) async throws {
        let (name, lines, body) = Self.smuggling[index]
        try await withService { service in
            let inner = Shop.doku.inquiry(Self.code).wire
            let length = body.utf8.count + inner.count
            let head =
                "POST /doku/inquiry HTTP/1.1\r\nHost: x\r\n"
                + lines.replacing("LENGTH", with: "\(length)") + "\r\n"
            let connection = try await service.connect()
            try await connection.send(Array(head.utf8) + Array(body.utf8) + inner)
            let answers = try await connection.answersUntilEnd()
            #expect(answers.map(\.status) == [400], "\(name)")
        }
    }

    @Test func `the service still answers after all malformed requests`() async throws {
        try await withService { service in
            for bytes in Self.malformed {
                let connection = try await service.connect()
                try await connection.send(bytes)
                await connection.close()
            }
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 404)
        }
    }
}
