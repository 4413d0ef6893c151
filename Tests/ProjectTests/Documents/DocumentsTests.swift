// The documents are correct: links have targets, files exist, quoted names are those of the
// program, and the documents are short.

import Foundation
import LoketCore
import Testing

struct DocumentsTests {
    private let documents: [Document]

    init() throws {
        documents = try Document.all()
    }

    @Test func `the documents are short`() throws {
        let counts = documents.map { ($0.path, $0.lines.count - 1) }
        let readme = try #require(counts.first { $0.0 == "README.md" })
        #expect(readme.1 <= 120)
        #expect(counts.map(\.1).reduce(0, +) <= 1_800, "\(counts)")
    }

    @Test func `no quoted text continues on the next line`() {
        for document in documents {
            for line in document.prose {
                #expect(line.count { $0 == "`" }.isMultiple(of: 2), "\(document.path): \(line)")
            }
        }
    }

    @Test func `every link leads to a document or to a heading in one`() throws {
        var count = 0
        for document in documents {
            let folder = (document.path as NSString).deletingLastPathComponent
            for link in document.links where !link.hasPrefix("https://") {
                let parts = link.split(separator: "#", omittingEmptySubsequences: false)
                    .map(String.init)
                let path =
                    parts[0].isEmpty
                    ? document.path
                    : ((folder as NSString).appendingPathComponent(parts[0]) as NSString)
                        .standardizingPath
                guard Project.exists(path) else {
                    Issue.record("\(document.path) links to \(link)")
                    continue
                }
                if parts.count > 1 {
                    #expect(
                        try Document(path).anchors.contains(parts[1]),
                        "\(document.path) links to \(link)")
                }
                count += 1
            }
        }
        #expect(count > 30)
    }

    /// A path from the root, or the name of a source file in any folder.
    @Test func `every quoted file and folder exists`() throws {
        let files = try ["Sources", "Tests"].flatMap { try Project.swiftFiles(in: $0) }
        var count = 0
        for document in documents {
            for word in document.shell.flatMap({ $0.split(separator: " ").map(String.init) }) {
                if word.wholeMatch(of: /[\w+]+\.swift/) != nil, word != "Package.swift" {
                    let exists = files.contains { $0.hasSuffix("/\(word)") }
                    #expect(exists, "\(document.path): \(word)")
                } else if word.wholeMatch(
                    of: /(\.\/)?(scripts|migrations|packaging|docs|Sources|Tests|\.ci)\/[^*]*/)
                    != nil
                    || word.hasSuffix(".example.yaml")
                {
                    #expect(Project.exists(word), "\(document.path): \(word)")
                } else {
                    continue
                }
                count += 1
            }
        }
        #expect(count > 60)
    }

    /// `bill_held`, `limits.answer_ms`, `loket_finding`: names of several words must be in the
    /// program, its settings, its API or its schema. The change log may also have earlier names.
    @Test func `every quoted name exists`() throws {
        var known: Set<Substring> = []
        for folder in ["Sources", "migrations", "packaging", "loket.example.yaml"] {
            let all = FileManager.default.enumerator(atPath: Project.url(folder).path)
            let names = all?.compactMap { $0 as? String }.map { "\(folder)/\($0)" } ?? []
            for path in names.isEmpty ? [folder] : names {
                guard let text = try? Project.text(path) else { continue }
                known.formUnion(
                    text.split { !($0.isLetter || $0.isNumber || $0 == "_") })
            }
        }
        var count = 0
        for document in documents where document.path != "CHANGELOG.md" {
            for quoted in document.quoted {
                for name in quoted.matches(of: /[a-z]+(?:_[a-z]+)+/).map(\.output) {
                    let exists = known.contains(name)
                    #expect(exists, "\(document.path): \(name)")
                    count += 1
                }
            }
        }
        #expect(count > 100)
    }

    @Test func `the tables have every name that the program has`() throws {
        let using = try Document("docs/using.md")
        let operating = try Document("docs/operating.md")
        let rules = try Project.text("packaging/alerts/loket.rules.yaml")
        let expected: [(Document, String, [String])] = [
            (using, "guard", Guard.allCases.map(\.rawValue)),
            (using, "standing", Standing.allCases.map(\.rawValue)),
            (using, "flag", PaymentFlag.allCases.map(\.rawValue)),
            (using, "entry", AttentionKind.allCases.map(\.rawValue)),
            (using, "state", Bill.State.allCases.map(\.rawValue)),
            (operating, "finding", FindingKind.allCases.map(\.rawValue)),
            (operating, "alert", rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }),
        ]
        for (document, title, names) in expected {
            #expect(document.names(under: title).sorted() == names.sorted(), "\(title)")
        }
    }

    /// A sentence is the name of a test, a single word is that of a suite.
    @Test func `every test that the table of threats names exists`() throws {
        let tests = try Project.swiftFiles(in: "Tests").map { try Project.text($0) }.joined()
        let rows = try Document("SECURITY.md").prose.filter { $0.hasPrefix("| ") }
        let names = rows.compactMap { $0.split(separator: " | ").last }
            .flatMap { $0.matches(of: /`([^`]+)`/).map(\.output.1) }
        #expect(names.count > 30)
        for name in names {
            let exists =
                tests.contains("`\(name)`") || tests.contains("struct \(name) ")
                || tests.contains("struct \(name.replacing(/Tests$/, with: "")) ")
            #expect(exists, "\(name)")
        }
    }

    @Test func `the diagram of targets shows those of the package`() throws {
        let picture = try #require(try Document("docs/architecture.md").blocks.first).lines
            .flatMap {
                $0.matches(of: /(Loket|Doku|Bill|Test)[A-Z]\w+/).map { String($0.output.0) }
            }
        let targets = try Project.text("Package.swift")
            .matches(of: /\.(executableT|t)arget\(\s*name: "(\w+)"/).map { String($0.output.2) }
            .filter { $0.contains(/^(Loket|Doku|Bill|Test)[A-Z]/) }
        #expect(Set(picture).sorted() == targets.sorted())
    }

    @Test func `this version has its entry in the change log`() throws {
        let version = try #require(loketVersion.split(separator: "-").first)
        #expect(try Document("CHANGELOG.md").lines.contains("## \(version)"))
    }
}
