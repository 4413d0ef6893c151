// Identifiers are stored as the JSON that `JSONEncoder` writes, whether or not a text needs escapes.

import Foundation
import LoketCore
import Testing

@testable import LoketStore

struct IdentifiersTests {
    private static let texts = [
        "", "AGENT_STORE_ID", "B071", "a b", "a/b", "\"", "\\", "a\"b\\c", "\n", "\t", "\u{0}",
        "\u{1F}", "\u{7F}", "é", "😀", "\u{2028}", "'", "<&>",
    ]

    private static func encoded(_ list: [ReportedPayment.Identifier]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let data = try encoder.encode(list.map { [$0.name, $0.value] })
        return String(decoding: data, as: UTF8.self)
    }

    @Test(arguments: texts)
    func `a text is stored as an encoder writes it`(_ text: String) throws {
        for list in [
            [], [ReportedPayment.Identifier(name: text, value: "1")],
            [ReportedPayment.Identifier(name: "A", value: text)],
            [
                ReportedPayment.Identifier(name: "A", value: "1"),
                ReportedPayment.Identifier(name: text, value: text),
            ],
        ] {
            let stored = try Identifiers.text(list)
            #expect(stored == (try Self.encoded(list)))
            #expect(Identifiers.read(stored) == list)
        }
    }
}
