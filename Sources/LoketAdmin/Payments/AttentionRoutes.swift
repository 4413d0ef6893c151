// The attention list over the admin API: entries to resolve, in addition to undecided payments.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct AttentionRoutes {
    let store: Store
    let registry: AccountRegistry

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "attention", .read, use: list)
        routes.on(.post, "attention/:id/resolve", .write, use: resolve)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(
            Page.parameters.union(["kind", "resolved", "account"]))
        var filter = AttentionFilter()
        filter.kind = try parameters["kind"].map { text in
            guard let kind = AttentionKind(rawValue: text) else {
                throw Problem.noneOf("kind", AttentionKind.allCases.map(\.rawValue))
            }
            return kind
        }
        filter.isResolved = try parameters["resolved"].map { text in
            guard let flag = Bool(text) else {
                throw Problem.noneOf("resolved", ["true", "false"])
            }
            return flag
        }
        filter.accountID = try context.account(parameters["account"], in: registry)
        let page = try Page(
            parameters,
            of: [
                "attention", filter.kind?.rawValue, filter.isResolved?.description,
                filter.accountID?.description,
            ])
        let entries = try await store.attention(
            filter, before: page.before, limit: page.limit + 1)
        var contents: [Int64: AttentionRecord.Content] = [:]
        for entry in entries { contents[entry.id] = await content(of: entry) }
        let names = registry.clientIDs
        return page.response(of: entries, id: \.id) { object, entry in
            entry.write(to: &object, accounts: names, contents[entry.id] ?? entry.content)
        }
    }

    /// Reads again a notification that was unreadable when noted.
    private func content(of entry: AttentionRecord) async -> AttentionRecord.Content {
        guard entry.kind == .readableNow,
            let record = try? await store.notification(id: entry.deliveryID)
        else { return entry.content }
        let notification = O2ONotification(record.row.delivery)
        return AttentionRecord.Content(
            status: notification.status, notification.reading.receipt)
    }

    @Sendable private func resolve(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["note"])
        let id = try context.id("attention entry")
        let unknown = Problem(.notFound, "there is no attention entry \(id)")
        // An entry's account never changes, so this check still applies when the entry is resolved.
        guard let entry = try await store.attention(id: id), context.maySee(entry.accountID) else {
            throw unknown
        }
        let outcome = try await store.resolveAttention(
            id: id, note: try body.line("note"), actor: context.actor, now: .now)
        switch outcome {
        case .resolved(let entry):
            let (names, content) = (registry.clientIDs, await content(of: entry))
            return .json { entry.write(to: &$0, accounts: names, content) }
        case .otherwise:
            throw Problem(
                .attentionResolved,
                "attention entry \(id) is already resolved with another note")
        case .unknown: throw unknown
        }
    }
}
