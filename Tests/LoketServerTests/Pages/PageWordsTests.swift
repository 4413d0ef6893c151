// The table of strings and the templates of the counter page: both languages have every key, and
// every key and every rule that the page names has a text.

import Foundation
import LoketCore
import TestSupport
import Testing

@testable import LoketAdmin

struct PageWordsTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../Sources/LoketAdmin/Pages").standardized

    private func files(_ ending: String) throws -> [(name: String, text: String)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)
        let found = try names.filter { $0.hasSuffix(ending) }.map { name in
            let url = Self.folder.appendingPathComponent(name)
            return (name, try String(contentsOf: url, encoding: .utf8))
        }
        #expect(!found.isEmpty)
        return found
    }

    private func values(_ text: String?) -> Set<String> {
        Set((text ?? "").matches(of: /\{([a-z_]+)\}/).map { String($0.output.1) })
    }

    @Test func `both languages have every key, with the same values`() {
        #expect(Words.table.count > 100)
        for (key, texts) in Words.table {
            #expect(Set(texts.keys) == Set(Language.allCases), "\(key)")
            #expect(texts.values.allSatisfy { !$0.isEmpty }, "\(key)")
            #expect(values(texts[.indonesian]) == values(texts[.english]), "\(key)")
        }
    }

    @Test func `every key in a template or in the code exists`() throws {
        for (name, text) in try files(".mustache") {
            for match in text.matches(of: /\{\{t\.([a-z_]+)\}\}/) {
                #expect(Words.table[String(match.output.1)] != nil, "\(name): \(match.output.1)")
            }
        }
        for (name, text) in try files(".swift") {
            for match in text.matches(of: /words[(\[]"([a-z_]+)"/) {
                #expect(Words.table[String(match.output.1)] != nil, "\(name): \(match.output.1)")
            }
        }
    }

    /// A key that a rule, a state or another name of the API leads to may have the words of another.
    @Test func `words that a page names are written once`() throws {
        var named: Set<String> = []
        for (_, text) in try files(".swift") {
            for match in text.matches(of: /"([a-z_]+)"/) { named.insert(String(match.output.1)) }
        }
        for (_, text) in try files(".mustache") {
            for match in text.matches(of: /\{\{t\.([a-z_]+)\}\}/) {
                named.insert(String(match.output.1))
            }
        }
        let known = named.filter { Words.table[$0] != nil }
        #expect(known.count > 300)
        for (texts, keys) in Dictionary(grouping: known, by: { Words.table[$0] }) {
            #expect(keys.count == 1, "\(keys.sorted()): \(texts ?? [:])")
        }
    }

    @Test func `every rule, state and finding has its words`() {
        let rules = Guard.allCases.map(\.rawValue) + [WhyRule.signature, WhyRule.path]
        var keys = rules.flatMap { ["what_\($0)", "say_\($0)", "short_\($0)"] }
        keys += FindingKind.allCases.map { "finding_\($0.rawValue)" }
        keys += ServiceState.allCases.flatMap { ["lamp_\($0.rawValue)", "head_\($0.rawValue)"] }
        keys += Bill.State.allCases.map { "state_\($0.rawValue)" }
        keys += Channel.allCases.flatMap { ["channel_\($0.rawValue)", "shops_\($0.rawValue)"] }
        keys += CounterList.allCases.flatMap { ["show_\($0.rawValue)", "empty_\($0.rawValue)"] }
        for key in keys + ["lamp_quiet"] { #expect(Words.table[key] != nil, "\(key)") }
    }

    @Test func `only the frame inserts text that is not escaped`() throws {
        for (name, text) in try files(".mustache") {
            let raw = text.matches(of: /\{\{[{&]/).count
            #expect(raw == (name.hasSuffix("frame.mustache") ? 1 : 0), "\(name)")
            let known = PageTemplates.library.getTemplate(
                named: (name as NSString).lastPathComponent.replacing(".mustache", with: ""))
            #expect(known != nil, "\(name)")
        }
    }

    @Test func `times, amounts and codes are shown as people read them`() {
        let (id, en) = (Words(language: .indonesian), Words(language: .english))
        #expect(id.moment("2026-11-03T03:14:05Z") == "3 November 2026, 10.14")
        #expect(id.time("2026-11-30T17:00:05Z", seconds: true) == "00.00.05")
        #expect(id.moment("soon") == nil)
        #expect(id.count(1_250) == "1.250" && en.count(1_250) == "1,250")
        #expect(id.percent(14, of: 312) == "4,5%" && en.percent(1, of: 2) == "50%")
        #expect(grouped("88965120260007") == "8896 5120 2600 07")
        #expect(grouped("8896 X") == "8896 X")
        #expect(id.span(milliseconds: -25_140_000) == "6 jam 59 menit")
        #expect(en.span(milliseconds: 1_000) == "1 second")
    }
}
