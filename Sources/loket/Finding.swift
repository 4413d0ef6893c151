// One thing that `loket check` looked at, and what came of it.

import DokuWire
import Foundation

struct Finding {
    private enum Verdict: String {
        case fine = "ok"
        case note
        case problem
    }

    private let area: String
    private let text: String
    private let verdict: Verdict

    static func fine(_ area: String, _ text: String) -> Finding {
        Finding(area: area, text: text, verdict: .fine)
    }

    /// Worth knowing, and not necessarily wrong.
    static func note(_ area: String, _ text: String) -> Finding {
        Finding(area: area, text: text, verdict: .note)
    }

    static func problem(_ area: String, _ text: String) -> Finding {
        Finding(area: area, text: text, verdict: .problem)
    }

    var isProblem: Bool { verdict == .problem }

    var line: String {
        let mark = verdict.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return mark + area.padding(toLength: 10, withPad: " ", startingAt: 0) + text
    }

    static func json(_ findings: [Finding]) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.field("ok", !findings.contains(where: \.isProblem))
            object.array("findings") { list in
                for finding in findings {
                    list.object {
                        $0.field("area", finding.area)
                        $0.field("verdict", finding.verdict.rawValue)
                        $0.field("text", finding.text)
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
