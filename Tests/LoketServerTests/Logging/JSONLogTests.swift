// A log line is one line of JSON whatever is logged. It goes to standard output, which is bent
// into a pipe for a moment; what others write meanwhile is passed on.

import DokuWire
import Foundation
import LoketServer
import Logging
import Testing

@Suite(.serialized)
struct JSONLogTests {
    /// The lines that hold the mark, of everything that `body` writes to standard output.
    private func lines(with mark: String, _ body: () -> Void) throws -> [[UInt8]] {
        let pipe = Pipe()
        let saved = dup(1)
        dup2(pipe.fileHandleForWriting.fileDescriptor, 1)
        body()
        dup2(saved, 1)
        close(saved)
        try pipe.fileHandleForWriting.close()
        let bytes = Array(try pipe.fileHandleForReading.readToEnd() ?? Data())
        var own: [[UInt8]] = []
        for line in bytes.split(separator: 0x0A) {
            if String(decoding: line, as: UTF8.self).contains(mark) {
                own.append(Array(line))
            } else {
                FileHandle.standardOutput.write(Data(line + [0x0A]))
            }
        }
        return own
    }

    private static let nasty = [
        "two\nlines", "a\r\nHTTP/1.1 200 OK", "\u{1B}[2J\u{1B}[31mred", "tab\tnull\u{0}bell\u{7}",
        #"{"level":"error","message":"forged"}"#, #"quote " backslash \"#, "é 名 \u{7F}",
        "\u{2028}\u{2029}\u{85}",
    ]

    @Test(arguments: nasty)
    func `a message stays in its line and can be read back`(_ message: String) throws {
        let mark = UUID().uuidString
        let log = Logger(label: "test") { _ in JSONLog() }
        let written = try lines(with: mark) {
            log.warning("\(mark)\(message)", metadata: ["\(message)": "\(message)"])
        }
        #expect(written.count == 1)
        let line = try #require(written.first)
        #expect(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let root = try StrictJSON(line).root
        #expect(root["message"]?.string == mark + message)
        #expect(root["level"]?.string == "warning")
        #expect(root["at"]?.string?.hasSuffix("Z") == true)
        let fields = try #require(root["fields"]).members
        #expect(fields.map(\.name) == [message])
        #expect(fields.first?.value.string == message)
    }

    @Test func `what is below the level is not written`() throws {
        let mark = UUID().uuidString
        let log = Logger(label: "test") { _ in JSONLog() }
        let written = try lines(with: mark) { log.debug("\(mark)") }
        #expect(written.isEmpty)
    }
}
