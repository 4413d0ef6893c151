// The OpenAPI document of the admin API. Its parts are written by hand as YAML, embedded in the
// binary, combined once and served as JSON. The routes declare the scopes; tests compare all other
// contents with the service's behavior. docs/openapi.json is the same document as a file, for
// generators of clients; a test holds it equal.

import LoketRuntime
import LoketStore

enum OpenAPIDocument {
    /// Returns OpenAPI 3.1 as minified JSON, with the serving program's build; `info.version` is
    /// the API's.
    ///
    /// - Parameter scopes: the scope of each route that needs a key.
    static func json(of build: BuildInfo, _ scopes: [String: AdminKey.Scope]) -> [UInt8] {
        var document = whole(scopes)
        document["info"]?["x-build"] = .object(
            build.parts.map { .init(name: $0.name, value: .text($0.value)) })
        return document.json
    }

    /// Returns the document without the build.
    ///
    /// - Parameter scopes: the scope of each route that needs a key.
    static func whole(_ scopes: [String: AdminKey.Scope]) -> OpenAPIValue {
        var document = assembled
        OpenAPIProblems.write(into: &document, scopes)
        OpenAPIClients.prepare(&document)
        return document
    }

    private static let parts: [[UInt8]] = [
        PackageResources.bills_yaml, PackageResources.imports_yaml,
        PackageResources.payments_yaml, PackageResources.inquiries_yaml,
        PackageResources.notifications_yaml, PackageResources.events_yaml,
        PackageResources.webhooks_yaml, PackageResources.keys_yaml, PackageResources.operation_yaml,
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

    /// Adds paths to the paths, and components to the components of their kind.
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
    /// Removes a member and returns it.
    mutating func removed(_ name: String) -> OpenAPIValue? {
        defer { self[name] = nil }
        return self[name]
    }

    /// Adds a member; traps if the name exists already, because two parts would conflict.
    fileprivate mutating func addNew(_ member: Member) {
        precondition(self[member.name] == nil, "\(member.name) is in the API's document twice")
        self[member.name] = member.value
    }
}
