// The API's document as its readers get it: over the socket, as JSON. Not a test.

import LoketJSON
import Testing

struct OpenAPIReader: Sendable {
    struct Operation: Sendable, CustomStringConvertible {
        let method: String
        let path: String
        let value: JSONValue
        /// Those of its path among them, references followed.
        let parameters: [JSONValue]
        /// Causes that it documents, by status.
        let causes: [Int: Set<String>]

        var description: String { "\(method) \(path)" }
        var hasKey: Bool { scope != nil }

        /// What its key needs.
        var scope: String? {
            value["security"]?.elements.first?["key"]?.elements.first?.string
        }

        func parameterNames(in place: String) -> Set<String> {
            Set(
                parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string })
        }

        /// The schema of its JSON body.
        var body: JSONValue? {
            value["requestBody"]?["content"]?["application/json"]?["schema"]
        }

        /// With something that nothing has in the place of each `{…}`.
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

    /// What a reference stands for.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string, let target = target(reference) else {
            return value
        }
        return resolved(target)
    }

    /// Nil where a reference leads nowhere.
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

    /// Every value in this one, itself among them.
    var everything: [JSONValue] {
        let inside = isObject ? members.map(\.value) : elements
        return [self] + inside.flatMap(\.everything)
    }
}
