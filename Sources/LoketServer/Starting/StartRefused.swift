// Why the service does not start: everything that is wrong at once, a line each.

import LoketRuntime

package struct StartRefused: Error, CustomStringConvertible {
    package let problems: [String]

    package init(_ problems: [String]) {
        self.problems = problems
    }

    package init(_ entries: [CheckEntry]) {
        self.init(entries.map(\.sentence))
    }

    package var description: String { problems.joined(separator: "\n") }
}
