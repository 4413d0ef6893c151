// The API's document as a file of the project, for generators of clients, and what they need.

import Foundation
import LoketJSON
import Testing

@testable import LoketAdmin

struct OpenAPIFileTests {
    private static let file = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../docs/openapi.json").standardized

    /// With LOKET_WRITE=1 the file is written again.
    @Test func `docs openapi json is the document of this version`() async throws {
        try await withService { service in
            let document = OpenAPIDocument.whole(service.service.admin.scopes)
            let text = document.indented() + "\n"
            if ProcessInfo.processInfo.environment["LOKET_WRITE"] == "1" {
                try Data(text.utf8).write(to: Self.file)
            }
            let isSame = try String(contentsOf: Self.file, encoding: .utf8) == text
            #expect(
                isSame,
                "write it again: LOKET_WRITE=1 ./scripts/test --filter OpenAPIFile")
            // What is served is this, and the build.
            let served = try await OpenAPIReader(service).root
            let kept = try StrictJSON(Array(text.utf8), depthMax: 64).root
            for member in kept.members where member.name != "info" {
                #expect(served.member(member.name)?.minified == member.value.minified)
            }
        }
    }

    @Test func `answers may get fields, requests may not, and no schema has allOf`()
        async throws
    {
        try await withService { service in
            let document = try await OpenAPIReader(service)
            for value in document.root.everything {
                #expect(value["allOf"] == nil && value["unevaluatedProperties"] == nil)
            }
            var (answers, requests) = (0, 0)
            for operation in document.operations {
                for value in reachable(operation.value["responses"], document) {
                    #expect(value["additionalProperties"]?.bool != false, "\(operation)")
                    answers += 1
                }
                for value in reachable(operation.value["requestBody"], document)
                where value["type"]?.string == "object" && value["properties"] != nil {
                    #expect(value["additionalProperties"]?.bool == false, "\(operation)")
                    requests += 1
                }
            }
            #expect(answers > 1_000 && requests > 10)
        }
    }

    /// The values inside a value, and those that it refers to.
    private func reachable(_ value: JSONValue?, _ document: OpenAPIReader) -> [JSONValue] {
        var (found, seen): ([JSONValue], Set<String>) = ([], [])
        var waiting = value?.everything ?? []
        while let next = waiting.popLast() {
            found.append(next)
            guard let reference = next["$ref"]?.string, seen.insert(reference).inserted,
                let target = document.target(reference)
            else { continue }
            waiting += target.everything
        }
        return found
    }
}

extension OpenAPIValue {
    /// JSON that is read by people: a member on each line, and lists of plain values on one.
    fileprivate func indented(_ space: String = "") -> String {
        let inner = space + "  "
        switch self {
        case .list(let elements) where elements.contains { $0.isNested }:
            let lines = elements.map { inner + $0.indented(inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(space)]"
        case .list(let elements):
            return "[" + elements.map { $0.indented() }.joined(separator: ", ") + "]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                inner + OpenAPIValue.text(member.name).indented() + ": "
                    + member.value.indented(inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(space)}"
        default: return String(decoding: json, as: UTF8.self)
        }
    }

    private var isNested: Bool {
        switch self {
        case .list, .object: true
        default: false
        }
    }
}
