// A log line is one line of JSON whatever is logged.

import Foundation
import Logging
import LoketJSON
import LoketRuntime
import Testing

struct JSONLogTests {
    /// The bytes written for everything that `body` logs.
    private func written(_ body: (Logger) -> Void) throws -> [UInt8] {
        let pipe = Pipe()
        let queue = LogQueue(to: pipe.fileHandleForWriting.fileDescriptor)
        body(Logger(label: "test") { _ in JSONLog(to: queue) })
        queue.close()
        try pipe.fileHandleForWriting.close()
        return Array(try pipe.fileHandleForReading.readToEnd() ?? Data())
    }

    private static let nasty = [
        "two\nlines", "a\r\nHTTP/1.1 200 OK", "\u{1B}[2J\u{1B}[31mred", "tab\tnull\u{0}bell\u{7}",
        #"{"level":"error","message":"forged"}"#, #"quote " backslash \"#, "é 名 \u{7F}",
        "\u{2028}\u{2029}\u{85}",
    ]

    @Test(arguments: nasty)
    func `a message stays in its line and can be read back`(_ message: String) throws {
        let bytes = try written { $0.warning("\(message)", metadata: ["\(message)": "\(message)"]) }
        let line = bytes.dropLast()
        #expect(bytes.last == 0x0A)
        #expect(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let root = try StrictJSON(Array(line)).root
        #expect(root["message"]?.string == message)
        #expect(root["level"]?.string == "warning")
        #expect(root["at"]?.string?.hasSuffix("Z") == true)
        let fields = try #require(root["fields"]).members
        #expect(fields.map(\.name) == [message])
        #expect(fields.first?.value.string == message)
    }

    @Test func `a message below the level is not written`() throws {
        #expect(try written { $0.debug("nothing") }.isEmpty)
    }

    @Test func `a number is a number, and an id is a text`() throws {
        let bytes = try written {
            $0.info(
                "some",
                metadata: [
                    "count": .number(200), "import": "29", "most": .number(UInt64.max),
                    "is_late": .stringConvertible(true), "moved": .number(-5),
                    "ids": ["1", .number(2)], "inner": ["a\"b": .number(0)],
                ])
        }
        #expect(
            String(decoding: bytes, as: UTF8.self).hasSuffix(
                #","fields":{"count":200,"ids":["1",2],"import":"29","inner":{"a\"b":0},"#
                    + #""is_late":true,"most":9223372036854775807,"moved":-5}}"# + "\n"))
    }
}
