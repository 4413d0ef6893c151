// The operator's guide and the list of changes: complete by what the program and the files of
// packaging/ have.

import Foundation
import LoketCore
import Testing

struct GuideTests {
    /// First cells of the rows of a table, which begin with a name.
    private func names(in text: String, _ form: Regex<(Substring, Substring)>) -> [String] {
        text.split(separator: "\n").compactMap { line in
            line.prefixMatch(of: form).map { String($0.output.1) }
        }
    }

    @Test func `each finding has its line in the guide, and says what to do`() throws {
        let guide = try Project.text("docs/operating.md")
        #expect(
            names(in: guide, /\| `([a-z_]+)` \| [A-Z][^|]+ \| [^|]+\. \|$/)
                == FindingKind.allCases.map(\.rawValue))
    }

    @Test func `each alert has its line in the guide`() throws {
        let guide = try Project.text("docs/operating.md")
        let rules = try Project.text("packaging/alerts/loket.rules.yaml")
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
        #expect(names(in: guide, /\| `(Loket\w+)` \| .+ \|$/) == alerts)
    }

    @Test func `this version has its entry in the list of changes`() throws {
        let changes = try Project.text("CHANGELOG.md")
        let version = try #require(loketVersion.split(separator: "-").first)
        #expect(changes.contains("\n## \(version)\n"))
    }
}
