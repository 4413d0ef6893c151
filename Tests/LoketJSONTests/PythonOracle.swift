// Asks Python's JSON reader about many bodies at once, through strict_json_oracle.py.

import LoketJSON
import Foundation

enum PythonOracle {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// One line per body: `refused`, or `accepted` and the canonical value.
    static func verdicts(on bodies: [[UInt8]]) throws -> [String] {
        let asked = FileManager.default.temporaryDirectory
            .appendingPathComponent("strict-json-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: asked) }
        let lines = bodies.map { Data($0).base64EncodedString() + "\n" }.joined()
        try Data(lines.utf8).write(to: asked)

        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", TestFolder.file("strict_json_oracle.py").path]
        python.standardInput = try FileHandle(forReadingFrom: asked)
        let answers = Pipe()
        python.standardOutput = answers
        try python.run()
        let read = try answers.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        guard python.terminationStatus == 0 else {
            throw Unavailable(
                description: "python3 ended with \(python.terminationStatus); these tests need "
                    + "python3 on the PATH (127: it is not installed)")
        }
        return String(decoding: read, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The same line from our own reader.
    static func ownVerdict(on body: [UInt8]) -> String {
        do {
            return "accepted " + canonical(try StrictJSON(body).root)
        } catch {
            return "refused"
        }
    }

    static func canonical(_ value: JSONValue) -> String {
        if value.isNull { return "null" }
        if let flag = value.bool { return flag ? "true" : "false" }
        if let text = value.string { return quoted(text) }
        if value.isArray {
            return "[" + value.elements.map(canonical).joined(separator: ",") + "]"
        }
        if value.isObject {
            let members = value.members.map { quoted($0.name) + ":" + canonical($0.value) }
            return "{" + members.sorted().joined(separator: ",") + "}"
        }
        return String(decoding: value.rawBytes, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        let digits = text.utf8.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\"" + digits.joined() + "\""
    }
}
