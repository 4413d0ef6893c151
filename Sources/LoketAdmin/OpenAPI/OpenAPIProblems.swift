// The expansion of abbreviations in the OpenAPI document: the errors of an operation become a
// response for each status with its possible types, and the scope of its key is added. The statuses
// come from the document's list of types, which a test compares with Problem.Cause.

import LoketStore

enum OpenAPIProblems {
    private static let urn = "urn:loket:problem:"
    private static let methods: Set<String> = ["get", "put", "post", "delete", "patch"]

    /// One entry of `x-problem-types`.
    private struct Kind {
        let cause: String
        let status: Int64
        let title: String
        let fix: String

        init(_ entry: OpenAPIValue) {
            guard let cause = entry["cause"]?.text, let status = entry["status"]?.number,
                let title = entry["title"]?.text, let fix = entry["fix"]?.text
            else { preconditionFailure("a problem type lacks a field: \(entry)") }
            self.cause = cause
            self.status = status
            self.title = title
            self.fix = fix
        }

        var type: OpenAPIValue { .text(urn + cause) }

        var entry: OpenAPIValue {
            .object([
                .init(name: "type", value: type), .init(name: "status", value: .number(status)),
                .init(name: "title", value: .text(title)),
                .init(name: "fix", value: .text(fix)),
            ])
        }
    }

    /// Causes that operations have without naming them in `x-problems`.
    private struct Common {
        let ofAll: [String]
        let ofKeyed: [String]
        let ofJSON: [String]
    }

    /// - Parameter scopes: the scopes by method and path, such as `GET /admin/v1/bills/{id}`.
    static func write(
        into document: inout OpenAPIValue, _ scopes: [String: AdminKey.Scope]
    ) {
        let kinds = (document["x-problem-types"]?.elements ?? []).map(Kind.init)
        let common = Common(
            ofAll: words(document.removed("x-problems-of-all")),
            ofKeyed: words(document.removed("x-problems-of-keyed")),
            ofJSON: words(document.removed("x-problems-of-json")))
        document["x-problem-types"] = .list(kinds.map(\.entry))
        document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"] = .list(
            kinds.map(\.type))
        for path in document["paths"]?.members ?? [] {
            for member in path.value.members where methods.contains(member.name) {
                let scope = scopes["\(member.name.uppercased()) \(path.name)"]
                document["paths"]?[path.name]?[member.name] = written(
                    member.value, scope: scope, kinds: kinds, common: common)
            }
        }
    }

    private static func written(
        _ operation: OpenAPIValue, scope: AdminKey.Scope?, kinds: [Kind], common: Common
    ) -> OpenAPIValue {
        var operation = operation
        let own = words(operation.removed("x-problems"))
        if let scope {
            operation["security"] = .list([
                .object([.init(name: "key", value: .list([.text(scope.rawValue)]))])
            ])
        }
        let body = operation["requestBody"]?["content"]
        let causes = Set(
            common.ofAll + (scope == nil ? [] : common.ofKeyed)
                + (body?["application/json"] == nil ? [] : common.ofJSON) + own)
        let unknown = causes.subtracting(kinds.map(\.cause))
        precondition(unknown.isEmpty, "no problem types: \(unknown)")
        let possible = kinds.filter { causes.contains($0.cause) }
        for status in Set(possible.map(\.status)).sorted() {
            let name = String(status)
            precondition(operation["responses"]?[name] == nil, "\(name) has two meanings")
            operation["responses"]?[name] = response(possible.filter { $0.status == status })
        }
        return operation
    }

    private static func response(_ kinds: [Kind]) -> OpenAPIValue {
        .object([
            .init(
                name: "description",
                value: .text(kinds.map { $0.title + "." }.joined(separator: " "))),
            .init(name: "content", value: content(kinds)),
        ])
    }

    /// Returns a problem schema limited to these types.
    private static func content(_ kinds: [Kind]) -> OpenAPIValue {
        let types = OpenAPIValue.object([.init(name: "enum", value: .list(kinds.map(\.type)))])
        let schema = OpenAPIValue.object([
            .init(name: "$ref", value: .text("#/components/schemas/Problem")),
            .init(name: "properties", value: .object([.init(name: "type", value: types)])),
        ])
        return .object([
            .init(
                name: "application/problem+json",
                value: .object([.init(name: "schema", value: schema)]))
        ])
    }

    private static func words(_ value: OpenAPIValue?) -> [String] {
        (value?.elements ?? []).compactMap(\.text)
    }
}
