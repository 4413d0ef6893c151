// Admin keys over the admin API: create, list, show, revoke. The text of a key appears in one
// response only, that of its creation.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct KeyRoutes {
    let store: Store
    let registry: AccountRegistry
    let uses: KeyUses

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "keys", .keys, use: create)
        routes.on(.get, "keys", .keys, use: list)
        routes.on(.get, "keys/:id", .keys, use: show)
        routes.on(.delete, "keys/:id", .keys, use: revoke)
    }

    // MARK: Creating

    @Sendable private func create(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let value = try await request.strictJSON()
        guard value.isObject else { throw Problem(.invalidValue, "send a JSON object") }
        let body = try KeyBody(value, for: context, in: registry)
        let text = FirstKey.newText()
        let draft = AdminKey.Draft(
            name: body.name, scopes: body.scopes, accountID: body.accountID)
        switch try await store.makeKey(text, draft, by: asker(context), now: .now) {
        case .made(let key):
            context.note.add(["id": "\(key.id)", "key": "\(key.name)"])
            return .json(.created) { object in
                write(key, to: &object)
                object.field("key", text)
            }
        case .nameTaken:
            throw Problem(
                .keyNameTaken, at: "/name",
                "is the name of an active key; histories identify keys by name")
        case .askerRevoked: throw Self.revokedMeanwhile
        }
    }

    // MARK: Reading

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters.union(["active", "account"]))
        var filter = KeyFilter(
            accountID: try context.account(parameters["account"], in: registry))
        switch parameters["active"] {
        case nil: break
        case "true": filter.isActive = true
        case "false": filter.isActive = false
        default: throw Problem.noneOf("active", ["true", "false"])
        }
        let page = try Page(
            parameters,
            of: ["keys", filter.isActive?.description, filter.accountID?.description])
        let keys = try await store.keys(filter, before: page.before, limit: page.limit + 1)
        return page.response(of: keys, id: \.id) { object, key in write(key, to: &object) }
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let id = try context.id("key")
        guard let key = try await store.key(id: id), context.maySee(key.accountID) else {
            throw unknown(id)
        }
        return .json { write(key, to: &$0) }
    }

    // MARK: Revoking

    @Sendable private func revoke(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        let id = try context.id("key")
        switch try await store.revokeKey(id: id, by: asker(context), now: .now) {
        case .revoked(let key):
            context.note.add(["key": "\(key.name)"])
            return .json { write(key, to: &$0) }
        case .already(let key): return .json { write(key, to: &$0) }
        case .lastOne:
            throw Problem(
                .lastKey,
                "first create another key for all accounts with the same scopes as key \(id)")
        case .unknown: throw unknown(id)
        case .askerRevoked: throw Self.revokedMeanwhile
        }
    }

    // MARK: Helpers

    private func write(_ key: AdminKey, to object: inout JSONWriter) {
        let names = registry.clientIDs
        object.field("id", "\(key.id)")
        object.field("name", key.name)
        object.array("scopes") { list in
            for scope in AdminKey.Scope.allCases where key.scopes.contains(scope) {
                list.string(scope.rawValue)
            }
        }
        object.field("account", key.accountID.flatMap { names[$0] })
        object.field("created_at", key.createdAt.utcText)
        object.field("created_by", key.createdBy)
        object.field("last_used_at", uses.last(of: key)?.utcText)
        object.field("revoked_at", key.revokedAt?.utcText)
        object.field("revoked_by", key.revokedBy)
    }

    private func asker(_ context: AdminContext) -> AdminKey {
        guard let key = context.key else {
            preconditionFailure("every route under /admin/v1 has a key")
        }
        return key
    }

    private static let revokedMeanwhile = Problem(
        .keyMissing, "this key was revoked while its request was in progress")

    private func unknown(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no key \(id)")
    }
}
