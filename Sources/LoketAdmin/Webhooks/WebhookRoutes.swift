// Webhooks over the admin API: create, list, show, edit, delete. WebhookActionRoutes has the rest.
// A webhook passes on what the scope `read` shows, so only a key with that scope may choose its URL.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct WebhookRoutes {
    private let store: Store
    private let registry: AccountRegistry
    private let webhooks: Webhooks
    private let pages: WebhookPages

    init(_ runtime: Runtime) {
        store = runtime.store
        registry = runtime.registry
        webhooks = runtime.webhooks
        pages = WebhookPages(runtime)
    }

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "webhooks", .write, use: create)
        routes.on(.get, "webhooks", .read, use: list)
        routes.on(.get, "webhooks/:id", .read, use: show)
        routes.on(.patch, "webhooks/:id", .write, use: edit)
        routes.on(.delete, "webhooks/:id", .write, use: remove)
    }

    @Sendable private func create(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        var body = try WebhookBody(
            try await request.strictJSON(), fields: WebhookBody.created, webhooks)
        let accountID = try body.accountID(context, in: registry)
        let (url, types, note) = (body.url(), body.types(), body.note())
        try body.finish()
        try requireRead(context)
        let name = WebhookSecrets.newName()
        // The file is written first: a webhook without a secret can send nothing.
        let secret = try pages.storing { try webhooks.secrets.add(to: name) }
        let new = NewWebhook(
            url: url, types: types, accountID: accountID, note: note, secretName: name)
        let added: WebhookRecord?
        do {
            added = try await store.addWebhook(new, actor: context.actor, now: .now)
        } catch {
            try? webhooks.secrets.remove(name)
            throw error
        }
        guard let record = added else {
            try? webhooks.secrets.remove(name)
            let whose = accountID == nil ? "without an account" : "of this account"
            throw Problem(
                .tooManyWebhooks,
                "there are \(Limits.webhooksMax) webhooks \(whose): remove one that is not needed")
        }
        webhooks.changed()
        context.note.add(["id": "\(record.id)"])
        return try await pages.page(of: record, .created, secret: secret)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters.union(["account"]))
        let accountID = try context.account(parameters["account"], in: registry)
        let page = try Page(parameters, of: ["webhooks", accountID?.description])
        let found = try await store.webhooks(
            accountID: accountID, before: page.before, limit: page.limit + 1)
        let skipped = try await store.skippedCounts()
        return page.response(of: found, id: \.id) { object, record in
            pages.write(record, to: &object, skipped: skipped[record.id] ?? 0)
        }
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        return try await pages.page(of: try await pages.webhook(context))
    }

    @Sendable private func edit(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        var body = try WebhookBody(
            try await request.strictJSON(mediaTypes: [
                "application/json", "application/merge-patch+json",
            ]), fields: WebhookBody.edited, webhooks)
        let record = try await pages.webhook(context)
        let edit = body.edit()
        try body.finish()
        if edit.url != nil { try requireRead(context) }
        let edited = try await store.editWebhook(id: record.id, edit, now: .now)
        return try await pages.changed(edited, context)
    }

    @Sendable private func remove(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        let record = try await pages.webhook(context)
        let page = try await pages.page(of: record)
        _ = try await store.removeWebhook(id: record.id)
        webhooks.changed()
        try pages.storing { try webhooks.secrets.remove(record.secretName) }
        return page
    }

    private func requireRead(_ context: AdminContext) throws {
        guard context.key?.scopes.contains(.read) == true else {
            throw Problem(
                .scopeMissing,
                "a webhook passes on what the scope `read` shows: this request needs a key with "
                    + "the scope `read` as well")
        }
    }
}

/// What the routes of webhooks share: finding a webhook that the key may see, and answering it.
struct WebhookPages {
    private let store: Store
    private let registry: AccountRegistry
    private let webhooks: Webhooks

    init(_ runtime: Runtime) {
        store = runtime.store
        registry = runtime.registry
        webhooks = runtime.webhooks
    }

    /// Returns the webhook of the route's `:id`. Its account never changes.
    func webhook(_ context: AdminContext) async throws -> WebhookRecord {
        let id = try context.id("webhook")
        guard let record = try await store.webhook(id: id), context.maySee(record.accountID) else {
            throw unknown(id)
        }
        return record
    }

    /// Answers a webhook after its change, and applies the change.
    ///
    /// - Parameters:
    ///   - record: nil if the webhook was removed meanwhile.
    ///   - secret: as for `page`.
    func changed(
        _ record: WebhookRecord?, _ context: AdminContext,
        secret: @autoclosure () throws -> String? = nil
    ) async throws -> Response {
        guard let record else { throw unknown(try context.id("webhook")) }
        defer { webhooks.changed() }
        return try await page(of: record, secret: try secret())
    }

    /// - Parameter secret: a new secret, which is shown in this answer only. It is made last, after
    ///   everything that can fail.
    func page(
        of record: WebhookRecord, _ status: HTTPResponse.Status = .ok,
        secret: @autoclosure () throws -> String? = nil
    ) async throws -> Response {
        let skipped = try await store.skippedCounts()[record.id] ?? 0
        let secret = try storing(secret)
        return .json(status) { object in
            write(record, to: &object, skipped: skipped)
            if let secret { object.field("secret", secret) }
        }
    }

    func write(_ record: WebhookRecord, to object: inout JSONWriter, skipped: Int64) {
        record.write(
            to: &object, accounts: registry.clientIDs,
            secrets: webhooks.secrets.count(of: record.secretName), skipped: skipped)
    }

    /// Changes the key file.
    ///
    /// - Throws: `store_failed` with the reason.
    func storing<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let fault as WebhookSecrets.Fault {
            throw Problem(.storeFailed, "\(fault)")
        }
    }

    private func unknown(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no webhook \(id)")
    }
}
