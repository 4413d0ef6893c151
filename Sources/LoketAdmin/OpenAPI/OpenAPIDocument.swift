// The document of the admin API: its parts, written by hand as YAML and embedded in the binary, put
// together once and served as JSON. Scopes are those that the routes declare; tests compare the
// rest with what the service does.

import LoketRuntime
import LoketStore

enum OpenAPIDocument {
    /// OpenAPI 3.1, minified JSON, with the program that serves it: its `info.version` is the API's.
    ///
    /// - Parameter scopes: the scope of each route that needs a key.
    static func json(of build: BuildInfo, _ scopes: [String: AdminKey.Scope]) -> [UInt8] {
        var document = assembled
        OpenAPIProblems.write(into: &document, scopes)
        document["info"]?["x-build"] = .object(
            build.parts.map { .init(name: $0.name, value: .text($0.value)) })
        return document.json
    }

    private static let parts: [[UInt8]] = [
        PackageResources.bills_yaml, PackageResources.imports_yaml,
        PackageResources.payments_yaml, PackageResources.inquiries_yaml,
        PackageResources.notifications_yaml, PackageResources.events_yaml,
        PackageResources.keys_yaml, PackageResources.operation_yaml,
        PackageResources.service_yaml,
    ]

    private static var assembled: OpenAPIValue {
        var document = OpenAPIValue(
            yaml: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))
        let components = document.removed("components") ?? .object([])
        document["paths"] = .object([])
        document["components"] = components
        for part in parts {
            add(OpenAPIValue(yaml: String(decoding: part, as: UTF8.self)), to: &document)
        }
        return document
    }

    /// Paths to paths, components of each kind to those of that kind.
    private static func add(_ part: OpenAPIValue, to document: inout OpenAPIValue) {
        for path in part["paths"]?.members ?? [] {
            document["paths"]?.addNew(path)
        }
        for kind in part["components"]?.members ?? [] {
            if document["components"]?[kind.name] == nil {
                document["components"]?[kind.name] = .object([])
            }
            for component in kind.value.members {
                document["components"]?[kind.name]?.addNew(component)
            }
        }
    }
}

extension OpenAPIValue {
    /// A member that is there no more.
    mutating func removed(_ name: String) -> OpenAPIValue? {
        defer { self[name] = nil }
        return self[name]
    }

    /// Traps where it is there already: two parts of the document would mean different things.
    fileprivate mutating func addNew(_ member: Member) {
        precondition(self[member.name] == nil, "\(member.name) is in the API's document twice")
        self[member.name] = member.value
    }
}
