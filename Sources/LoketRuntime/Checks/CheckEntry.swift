// One line of the list of `loket check` and of a start: what was looked at, and what was found.

import Foundation
import LoketJSON

package struct CheckEntry: Sendable, Equatable {
    private enum Verdict: String {
        case fine = "ok"
        case note
        case problem
    }

    package let item: CheckItem
    package let text: String
    private let verdict: Verdict

    package static func fine(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .fine)
    }

    /// Worth knowing, and not necessarily wrong.
    package static func note(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .note)
    }

    /// - Parameter text: what is wrong, and what fixes it.
    package static func problem(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .problem)
    }

    package var isProblem: Bool { verdict == .problem }
    package var isNote: Bool { verdict == .note }

    /// Item and text, as a refused start shows a problem.
    package var sentence: String { "\(item.rawValue): \(text)" }

    package var line: String {
        let mark = verdict.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return mark + item.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0) + text
    }

    package static func json(_ entries: [CheckEntry]) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.field("ok", !entries.contains(where: \.isProblem))
            object.array("findings") { list in
                for entry in entries {
                    list.object {
                        $0.field("area", entry.item.rawValue)
                        $0.field("verdict", entry.verdict.rawValue)
                        $0.field("text", entry.text)
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
