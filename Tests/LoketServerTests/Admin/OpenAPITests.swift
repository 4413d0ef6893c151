// The API's document and the service agree in both directions: routes, query parameters, fields of
// bodies, error types. The service itself lists what it accepts, when it refuses something unknown.
// scripts/contract-test checks the values of the fields.

import LoketCore
import LoketJSON
import Testing
@testable import LoketAdmin

struct OpenAPITests {
    @Test func `the document has the routes of the service and no others`() async throws {
        try await withService { service in
            let documented = try await OpenAPIReader(service).operations.map(\.description)
            let routes = service.service.admin.routes
            #expect(documented.sorted() == routes.sorted())
            #expect(documented.count > 20)
        }
    }

    /// As the introduction of the document says.
    @Test func `each route needs the scope of its method, of keys or of the backup`() async throws {
        try await withService { service in
            let operations = try await OpenAPIReader(service).operations.filter(\.hasKey)
            #expect(operations.count == service.service.admin.scopes.count)
            for (path, scope) in [("/admin/v1/keys", "keys"), ("/admin/v1/backup", "backup")] {
                #expect(operations.contains { $0.path == path && $0.scope == scope })
            }
            for operation in operations {
                let special = operation.path.split(separator: "/").dropFirst(2).first
                let scope =
                    switch special {
                    case "keys": "keys"
                    case "backup": "backup"
                    default: operation.method == "GET" ? "read" : "write"
                    }
                #expect(operation.scope == scope, "\(operation)")
            }
        }
    }

    @Test func `the document has the query parameters that the routes read, no others`()
        async throws
    {
        try await withService { service in
            for operation in try await OpenAPIReader(service).operations {
                let answer = try await service.admin.send(
                    operation.method, operation.target() + "?no-such-parameter=1",
                    body: operation.value["requestBody"] == nil ? nil : Array("{}".utf8))
                try expectProblem(answer, 400, "unknown_parameter")
                #expect(
                    Self.listed(answer.string("detail")) == operation.parameterNames(in: "query"),
                    "\(operation)")
            }
        }
    }

    @Test func `the document has the fields that bodies may have and no others`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let document = try await OpenAPIReader(service)
            for operation in document.operations {
                guard let body = operation.body else { continue }
                let schemas = Self.objects(body, in: document)
                #expect(!schemas.isEmpty, "\(operation)")
                for schema in schemas {
                    try await expectFields(of: schema, operation, "", document, service)
                }
            }
        }
    }

    /// Compares the field names of a schema with those that the service lists, and those of the
    /// objects inside it.
    private func expectFields(
        of schema: JSONValue, _ operation: OpenAPIReader.Operation, _ pointer: String,
        _ document: OpenAPIReader, _ service: RunningService
    ) async throws {
        #expect(schema["additionalProperties"]?.bool == false, "\(operation) \(pointer)")
        let properties = schema["properties"]?.members ?? []
        let inner = #"{"no-such-field":null}"#
        let body = pointer.isEmpty ? inner : #"{"\#(pointer)":\#(inner)}"#
        let answer = try await service.admin.send(
            operation.method, operation.target("1"), body: Array(body.utf8),
            type: "application/json", more: [("If-Match", "*")])
        try expectProblem(answer, 400, "unknown_field")
        let detail = try answer.json()["errors"]?.elements.first?["detail"]?.string
        #expect(Self.listed(detail) == Set(properties.map(\.name)), "\(operation) \(pointer)")
        for (name, value) in properties where pointer.isEmpty {
            let value = document.resolved(value)
            guard value["properties"] != nil else { continue }
            try await expectFields(of: value, operation, name, document, service)
        }
    }

    /// The schemas of the objects that a body may be; for a list, of its items.
    private static func objects(_ schema: JSONValue, in document: OpenAPIReader) -> [JSONValue] {
        let schema = document.resolved(schema)
        if schema["type"]?.string == "object" { return [schema] }
        return (schema["oneOf"]?.elements ?? []).flatMap { objects($0, in: document) }
    }

    /// The words after `is not one of:`; empty if the detail says that there are none.
    private static func listed(_ detail: String?) -> Set<String> {
        if detail?.hasSuffix("is not allowed in this request: remove it") == true { return [] }
        let mark = "is not one of:"
        guard let parts = detail?.split(separator: mark, omittingEmptySubsequences: false),
            let list = parts.last, parts.count == 2
        else { return ["not a list"] }
        let names = list.split(separator: ",").map { $0.trimmingPrefix(" ") }
        return Set(names.map(String.init).filter { !$0.isEmpty })
    }

    @Test func `the document lists every error type with its status and title`() async throws {
        try await withService { service in
            let document = try await OpenAPIReader(service)
            let listed = document.root["x-problem-types"]?.elements ?? []
            #expect(
                listed.map { $0["type"]?.string }
                    == Problem.Cause.allCases.map { "urn:loket:problem:" + $0.rawValue })
            for (entry, cause) in zip(listed, Problem.Cause.allCases) {
                #expect(entry["status"]?.integer == Int64(cause.status.code), "\(cause)")
                #expect(entry["title"]?.string == cause.title)
                #expect(entry["fix"]?.string?.isEmpty == false, "\(cause)")
            }
            let schema = document.target("#/components/schemas/Problem")
            #expect(
                schema?["properties"]?["type"]?["enum"]?.elements.count
                    == Problem.Cause.allCases.count)
        }
    }

    /// An unknown method has no operation that could document the error.
    @Test func `each error type belongs to an operation`() async throws {
        try await withService { service in
            let used = try await OpenAPIReader(service).operations
                .flatMap { $0.causes.values.flatMap(\.self) }
            let all = Set(Problem.Cause.allCases.map(\.rawValue))
            #expect(all.subtracting(used) == ["method_not_allowed"])
        }
    }

    @Test func `its references resolve and its components are all used`() async throws {
        try await withService { service in
            let document = try await OpenAPIReader(service)
            let references = document.root.everything.compactMap { $0["$ref"]?.string }
            #expect(references.count > 100)
            for reference in Set(references) {
                #expect(document.target(reference) != nil, "\(reference)")
            }
            let kinds = document.root["components"]?.members.filter {
                $0.name != "securitySchemes"
            }
            for (kind, components) in kinds ?? [] {
                for (name, _) in components.members {
                    let reference = "#/components/\(kind)/\(name)"
                    #expect(references.contains(reference), "\(reference) is not used")
                }
            }
            let operations = document.operations
            let names = operations.compactMap { $0.value["operationId"]?.string }
            #expect(Set(names).count == operations.count)
            let tags = Set(
                (document.root["tags"]?.elements ?? []).compactMap { $0["name"]?.string })
            for operation in operations {
                let own = operation.value["tags"]?.elements.compactMap(\.string) ?? []
                #expect(own.count == 1 && tags.isSuperset(of: own), "\(operation)")
                #expect(operation.value["summary"]?.string?.isEmpty == false)
                let inPath = operation.path.matches(of: /\{([^}]*)\}/).map { String($0.1) }
                #expect(operation.parameterNames(in: "path") == Set(inPath), "\(operation)")
            }
        }
    }
}
