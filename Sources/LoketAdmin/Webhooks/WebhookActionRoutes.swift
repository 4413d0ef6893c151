// What an operator does with a webhook: pause and resume it, send events again, change its secret,
// try it, and see which events were skipped.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct WebhookActionRoutes {
    private let store: Store
    private let webhooks: Webhooks
    private let pages: WebhookPages

    init(_ runtime: Runtime) {
        store = runtime.store
        webhooks = runtime.webhooks
        pages = WebhookPages(runtime)
    }

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "webhooks/:id/pause", .write, use: pause)
        routes.on(.post, "webhooks/:id/resume", .write, use: resume)
        routes.on(.post, "webhooks/:id/replay", .write, use: replay)
        routes.on(.post, "webhooks/:id/rotate-secret", .write, use: rotate)
        routes.on(.post, "webhooks/:id/drop-old-secret", .write, use: dropOld)
        routes.on(.post, "webhooks/:id/test", .write, use: test)
        routes.on(.get, "webhooks/:id/skipped", .read, use: skipped)
    }

    // MARK: On, off and again

    @Sendable private func pause(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let record = try await webhook(request, context)
        let paused = try await store.pauseWebhook(id: record.id, now: .now)
        return try await pages.changed(paused, context)
    }

    @Sendable private func resume(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let (record, place) = try await placed(request, context)
        let resumed = try await store.resumeWebhook(id: record.id, at: place)
        return try await pages.changed(resumed, context)
    }

    @Sendable private func replay(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let (record, given) = try await placed(request, context)
        guard let place = given else {
            throw Problem(
                .invalidValue, at: "/since",
                "is missing: give the time or, as `event`, the event to begin with")
        }
        let replayed = try await store.replayWebhook(id: record.id, from: place, now: .now)
        return try await pages.changed(replayed, context)
    }

    private func placed(
        _ request: Request, _ context: AdminContext
    ) async throws -> (WebhookRecord, FeedPlace?) {
        var body = try WebhookBody(
            try await request.optionalObject(), fields: WebhookBody.placed, webhooks)
        let record = try await pages.webhook(context)
        let place = body.place(
            epoch: try store.epoch(), lastEvent: try await store.lastEvent(), now: .now)
        try body.finish()
        return (record, place)
    }

    // MARK: Secrets

    @Sendable private func rotate(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let record = try await webhook(request, context)
        let changed = try await store.secretsChanged(ofWebhook: record.id, now: .now)
        return try await pages.changed(
            changed, context, secret: try webhooks.secrets.add(to: record.secretName))
    }

    @Sendable private func dropOld(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let record = try await webhook(request, context)
        try pages.storing { try webhooks.secrets.dropOld(of: record.secretName) }
        let changed = try await store.secretsChanged(ofWebhook: record.id, now: .now)
        return try await pages.changed(changed, context)
    }

    // MARK: Looking

    @Sendable private func test(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let record = try await webhook(request, context)
        let answer = try await webhooks.test(record)
        return .json { answer.write(to: &$0) }
    }

    @Sendable private func skipped(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters)
        let page = try Page(parameters, of: ["skipped", "\(try context.id("webhook"))"])
        let record = try await pages.webhook(context)
        let events = try await store.skippedEvents(
            ofWebhook: record.id, before: page.before, limit: page.limit + 1)
        return page.response(of: events, id: \.id) { object, event in event.write(to: &object) }
    }

    /// Reads a body without fields, and returns the webhook.
    private func webhook(
        _ request: Request, _ context: AdminContext
    ) async throws -> WebhookRecord {
        try await request.optionalObject().refuseUnknownFields([])
        return try await pages.webhook(context)
    }
}
