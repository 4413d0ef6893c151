// The API's document as its readers get it: over the socket, as JSON. Not a test.

import LoketJSON
import Testing

struct OpenAPIReader: Sendable {
    struct Operation: Sendable, CustomStringConvertible {
        let method: String
        let path: String
        let value: JSONValue
        /// Parameters, including those of the path, with references resolved.
        let parameters: [JSONValue]
        /// The documented causes, by status.
        let causes: [Int: Set<String>]

        var description: String { "\(method) \(path)" }
        var hasKey: Bool { scope != nil }

        /// The scope that the key needs.
        var scope: String? {
            value["security"]?.elements.first?["key"]?.elements.first?.string
        }

        func parameterNames(in place: String) -> Set<String> {
            Set(
                parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string })
        }

        /// The schema of the JSON body; nil if the body may be a file of another type too.
        var body: JSONValue? {
            let content = value["requestBody"]?["content"]
            return content?.members.count == 1 ? content?["application/json"]?["schema"] : nil
        }

        /// The path with an id that nothing has in place of each `{…}`.
        func target(_ id: String = "999999") -> String {
            path.replacing(/\{[^}]*\}/, with: id)
        }
    }

    let root: JSONValue

    init(_ service: RunningService) async throws {
        let answer = try await AdminClient(port: service.adminPort).get("/openapi.json")
        try #require(answer.status == 200)
        root = try StrictJSON(answer.body, depthMax: 64).root
    }

    var operations: [Operation] {
        (root["paths"]?.members ?? []).flatMap { path, item in
            item.members.filter { $0.name != "parameters" }.map { method, value in
                let own = value["parameters"]?.elements ?? []
                return Operation(
                    method: method.uppercased(), path: path, value: value,
                    parameters: ((item["parameters"]?.elements ?? []) + own).map(resolved),
                    causes: causes(value["responses"]))
            }
        }
    }

    private func causes(_ responses: JSONValue?) -> [Int: Set<String>] {
        var causes: [Int: Set<String>] = [:]
        for (status, response) in responses?.members ?? [] {
            let problem = response["content"]?["application/problem+json"]
            let types = problem?["schema"]?["properties"]?["type"]?["enum"]?.elements ?? []
            guard let number = Int(status), !types.isEmpty else { continue }
            causes[number] = Set(
                types.compactMap { $0.string?.split(separator: ":").last.map(String.init) })
        }
        return causes
    }

    /// The value that a reference refers to.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string, let target = target(reference) else {
            return value
        }
        return resolved(target)
    }

    /// The value at a reference; nil if there is none.
    func target(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) {
            $0?.member(String($1))
        }
    }
}

extension JSONValue {
    func member(_ name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    /// This value and every value inside it.
    var everything: [JSONValue] {
        let inside = isObject ? members.map(\.value) : elements
        return [self] + inside.flatMap(\.everything)
    }
}
