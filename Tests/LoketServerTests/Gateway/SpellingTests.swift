// What RFC 9110 and RFC 9112 let a sender write in more than one way, and what they forbid.

import DokuSimulator
import Testing

struct SpellingTests {
    private static let code = "88965110000001"

    private static func sent(_ edit: (String) -> String) -> [UInt8] {
        let request = Shop.doku.inquiry(code)
        return Array(edit(request.head).utf8) + request.body
    }

    /// A spelling of a request, and the statuses until the connection ends or the next is answered.
    private static let spellings: [(name: String, wire: [UInt8], statuses: [Int])] = [
        ("blanks after values", sent { $0.padded }, [200]),
        ("no Host", sent { $0.replacing("Host: localhost\r\n", with: "") }, [400]),
        ("two Hosts", sent { $0.replacing("Host: ", with: "Host: a\r\nHost: ") }, [400]),
        (
            "no Host on another target",
            sent {
                $0.replacing("Host: localhost\r\n", with: "")
                    .replacing(Shop.target, with: "/nowhere")
            }, [404]
        ),
        (
            "HTTP/1.0 without Host",
            sent {
                $0.replacing("Host: localhost\r\n", with: "").replacing("/1.1", with: "/1.0")
            }, [200]
        ),
        (
            "HTTP/1.0 that expects 100",
            sent {
                $0.replacing("Host: ", with: "Expect: 100-continue\r\nHost: ")
                    .replacing("/1.1", with: "/1.0")
            }, [200]
        ),
        (
            "another expectation",
            sent { $0.replacing("Host: ", with: "Expect: more\r\nHost: ") }, [200]
        ),
        ("an empty line before it", [13, 10] + sent { $0 }, [200]),
        ("an empty line after it", sent { $0 } + [13, 10], [200]),
        ("HEAD", Array("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [200]),
        ("gzip, chunked", coded("gzip, chunked"), [501]),
        ("gzip and chunked", coded("gzip\r\nTransfer-Encoding: chunked"), [501]),
        ("Chunked", coded("Chunked "), [401]),
    ]

    private static func coded(_ coding: String) -> [UInt8] {
        Array(
            """
            POST \(Shop.target) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \(coding)\r\n\r\n\
            1\r\nx\r\n0\r\n\r\n
            """.utf8)
    }

    @Test func `each spelling of a request is read as the standards say`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            for (name, wire, statuses) in Self.spellings {
                let connection = try await service.connect()
                try await connection.send(wire)
                var answers = [try await connection.answer()]
                if answers[0].header("Connection") == "close" {
                    answers += try await connection.answersUntilEnd()
                } else {
                    try await connection.send(Shop.doku.inquiry(Self.code).wire)
                    #expect(try await connection.answer().status == 200, "after \(name)")
                }
                #expect(answers.map(\.status) == statuses, "\(name)")
            }
        }
    }

    @Test func `empty lines between requests do not begin a request`() async throws {
        try await withService({ $0.limits.requestMilliseconds = 300 }) { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let connection = try await service.connect()
            try await connection.send(Self.sent { $0 } + [13, 10])
            #expect(try await connection.answer().status == 200)
            try await connection.send("\r\n\r\n")
            try await Task.sleep(for: .milliseconds(700))
            try await connection.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await connection.answer().status == 200)
        }
    }
}

extension String {
    /// Blanks after every value except Content-Length's, where the decoder accepts no tab.
    fileprivate var padded: String {
        split(separator: "\r\n").map { line in
            line.contains(": ") && !line.hasPrefix("Content-Length") ? line + " \t" : line
        }.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
