// A document of the repository as the tests read it: its prose, its blocks of code, its tables, the
// words that it quotes and the places that it links to.

import Foundation

struct Document {
    /// What is between two fences. The lines are those of the document from `first` on.
    struct Block {
        let kind: String
        let first: Int
        let lines: [String]
    }

    let path: String
    let lines: [String]
    let blocks: [Block]
    /// The lines outside of blocks.
    let prose: [String]

    /// Every document of the root and of docs/.
    static func all() throws -> [Document] {
        try ["", "docs/"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: Project.url(folder).path)
                .filter { $0.hasSuffix(".md") }.sorted().map { try Document(folder + $0) }
        }
    }

    init(_ path: String) throws {
        self.path = path
        lines = try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        var (blocks, prose): ([Block], [String]) = ([], [])
        var opened: (kind: String, first: Int)?
        for (index, line) in lines.enumerated() {
            if let block = opened, line == "```" {
                let inside = Array(lines[block.first..<index])
                blocks.append(Block(kind: block.kind, first: block.first, lines: inside))
                opened = nil
            } else if opened == nil, line.hasPrefix("```") {
                opened = (String(line.dropFirst(3)), index + 1)
            } else if opened == nil {
                prose.append(line)
            }
        }
        (self.blocks, self.prose) = (blocks, prose)
    }

    /// What is between backticks.
    var quoted: [String] {
        prose.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.output.1) } }
    }

    /// The simple commands of its lines of shell, and what is between backticks.
    var shell: [String] {
        let typed = blocks.flatMap { block in
            block.kind == "sh"
                ? block.lines.filter { !$0.hasPrefix("#") }
                : block.lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
        }
        let uncommented = typed.map { $0.replacing(#/ +# .*/#, with: "") }
        return (uncommented + quoted).flatMap { $0.split(separator: #/ && | \| /#) }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The addresses of its links.
    var links: [String] {
        prose.map { $0.replacing(/`[^`]+`/, with: "") }
            .flatMap { $0.matches(of: /\]\(([^)]+)\)/).map { String($0.output.1) } }
    }

    /// The names under which its headings are linked to, as GitHub makes them.
    var anchors: Set<String> {
        Set(
            prose.filter { $0.hasPrefix("#") }.map { heading in
                heading.drop { $0 == "#" }.dropFirst().lowercased()
                    .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    .replacing(" ", with: "-")
            })
    }

    /// The names in the first column of the table whose first column has this title.
    func names(under title: String) -> [String] {
        guard let head = prose.firstIndex(where: { $0.hasPrefix("| \(title) |") }) else {
            return []
        }
        return prose[(head + 2)...].prefix { $0.hasPrefix("|") }
            .compactMap { $0.prefixMatch(of: /\| `(\w+)` \|/).map { String($0.output.1) } }
    }
}
