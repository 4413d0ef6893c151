// Runs strict_json_oracle.py, which reads many bodies with Python's JSON reader.

import LoketJSON
import Foundation
import TestSupport

enum PythonOracle {
    /// One line per body: `refused`, or `accepted` with the canonical value.
    static func verdicts(on bodies: [[UInt8]]) throws -> [String] {
        let lines = bodies.map { Data($0).base64EncodedString() + "\n" }.joined()
        let answers = try Program.run(
            "python3", TestFolder.file("strict_json_oracle.py").path, input: lines.utf8)
        return answers.split(separator: "\n").map(String.init)
    }

    /// The same line from our reader.
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
