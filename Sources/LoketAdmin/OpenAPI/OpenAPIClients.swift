// The form of the OpenAPI document that generators of clients understand. The parts in YAML name a
// shared schema with `allOf` and say of every object that it has no other fields, which is shorter
// to write and stricter to test. In the document, each such schema is written out, and objects in
// answers may have further fields: a client must accept those that a later version adds.

enum OpenAPIClients {
    static func prepare(_ document: inout OpenAPIValue) {
        writeOut(&document)
        openAnswers(of: &document)
    }

    // MARK: allOf

    /// Replaces each `allOf` by the fields of its schemas, and removes schemas that were used only
    /// there.
    private static func writeOut(_ document: inout OpenAPIValue) {
        let schemas = document["components"]?["schemas"] ?? .object([])
        document = writtenOut(document, schemas)
        let used = references(in: document)
        let all = document["components"]?["schemas"]?.members ?? []
        document["components"]?["schemas"] = .object(
            all.filter { used.contains("#/components/schemas/\($0.name)") })
    }

    private static func writtenOut(
        _ value: OpenAPIValue, _ schemas: OpenAPIValue
    ) -> OpenAPIValue {
        switch value {
        case .list(let elements): return .list(elements.map { writtenOut($0, schemas) })
        case .object(let members):
            var own = OpenAPIValue.object(
                members.map { .init(name: $0.name, value: writtenOut($0.value, schemas)) })
            guard let parts = own.removed("allOf") else { return own }
            own["unevaluatedProperties"] = nil
            let bases = parts.elements.map { part in
                guard let name = part["$ref"]?.text?.split(separator: "/").last,
                    let base = schemas[String(name)]
                else { preconditionFailure("allOf in the API's document has no $ref: \(part)") }
                return writtenOut(base, schemas)
            }
            return (bases + [own]).reduce(.object([]), joined)
        default: return value
        }
    }

    /// Joins two schemas: their properties and required fields, and of the other members the
    /// second's.
    private static func joined(_ first: OpenAPIValue, _ second: OpenAPIValue) -> OpenAPIValue {
        var sum = first
        for member in second.members {
            switch (member.name, sum[member.name]) {
            case ("properties", let properties?):
                var all = properties
                for property in member.value.members { all[property.name] = property.value }
                sum["properties"] = all
            case ("required", let required?):
                sum["required"] = .list(required.elements + member.value.elements)
            default: sum[member.name] = member.value
            }
        }
        return sum
    }

    // MARK: Answers

    /// Removes `additionalProperties: false` from every schema but those of requests.
    private static func openAnswers(of document: inout OpenAPIValue) {
        let closed = ofRequests(document)
        for kind in document["components"]?.members ?? [] {
            for component in kind.value.members
            where !closed.contains("#/components/\(kind.name)/\(component.name)") {
                document["components"]?[kind.name]?[component.name] = opened(component.value)
            }
        }
        for path in document["paths"]?.members ?? [] {
            for operation in path.value.members where operation.value["responses"] != nil {
                document["paths"]?[path.name]?[operation.name]?["responses"] =
                    operation.value["responses"].map(opened)
            }
        }
    }

    /// The components that bodies of requests refer to, directly or through others.
    private static func ofRequests(_ document: OpenAPIValue) -> Set<String> {
        var waiting: Set<String> = []
        for path in document["paths"]?.members ?? [] {
            for operation in path.value.members {
                waiting.formUnion(references(in: operation.value["requestBody"] ?? .null))
            }
        }
        var found: Set<String> = []
        while let next = waiting.popFirst() {
            guard found.insert(next).inserted else { continue }
            let target = next.dropFirst("#/".count).split(separator: "/").reduce(document) {
                $0[String($1)] ?? .null
            }
            waiting.formUnion(references(in: target))
        }
        return found
    }

    private static func opened(_ value: OpenAPIValue) -> OpenAPIValue {
        switch value {
        case .list(let elements): .list(elements.map(opened))
        case .object(let members):
            .object(
                members.filter { $0.name != "additionalProperties" || $0.value != .flag(false) }
                    .map { .init(name: $0.name, value: opened($0.value)) })
        default: value
        }
    }

    private static func references(in value: OpenAPIValue) -> Set<String> {
        var found = Set(value.members.filter { $0.name == "$ref" }.compactMap(\.value.text))
        for member in value.members { found.formUnion(references(in: member.value)) }
        for element in value.elements { found.formUnion(references(in: element)) }
        return found
    }
}
