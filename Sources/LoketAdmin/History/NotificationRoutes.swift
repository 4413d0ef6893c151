// DOKU's notifications over the admin API: the ledger's rows, and the quarantine of unverified
// notifications.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct NotificationRoutes {
    let runtime: Runtime

    private var store: Store { runtime.store }
    private var registry: AccountRegistry { runtime.registry }

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "notifications", .read, use: list)
        routes.on(.get, "notifications/:id", .read, use: show)
        routes.on(.get, "quarantine", .read, use: quarantined)
        routes.on(.post, "quarantine/retry", .write, use: retry)
    }

    // MARK: The ledger

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(
            Page.parameters.union(["standing", "source", "account"]))
        let standing = try parameters["standing"].map { text in
            guard let standing = Standing(rawValue: text) else {
                throw Problem.noneOf("standing", Standing.allCases.map(\.rawValue))
            }
            return standing
        }
        let source: ReportedPayment.Source? = try parameters.word("source")
        let accountID = try context.account(parameters["account"], in: registry)
        let page = try Page(
            parameters,
            of: [
                "notifications", standing?.rawValue, source?.rawValue, accountID?.description,
            ])
        let records = try await store.notifications(
            standing: standing, accountID: accountID, source: source,
            before: page.before, limit: page.limit + 1)
        let names = registry.clientIDs
        return page.response(of: records, id: \.row.number) { object, record in
            record.write(to: &object, accounts: names, withBody: false)
        }
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let id = try context.id("notification")
        guard let record = try await store.notification(id: id),
            context.maySee(record.row.delivery.accountID)
        else {
            throw Problem(.notFound, "there is no notification \(id)")
        }
        let names = registry.clientIDs
        return .json { record.write(to: &$0, accounts: names, withBody: true) }
    }

    // MARK: The quarantine

    @Sendable private func quarantined(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters.union(["account"]))
        let accountID = try context.account(parameters["account"], in: registry)
        let page = try Page(parameters, of: ["quarantine", accountID?.description])
        let records = try await store.quarantined(
            accountID: accountID, before: page.before, limit: page.limit + 1)
        let names = registry.clientIDs
        return page.response(of: records, id: \.id) { $1.write(to: &$0, accounts: names) }
    }

    @Sendable private func retry(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        let (entered, kept) = try await runtime.quarantine.retry(
            by: runtime.verifier, accountID: context.accountID)
        return .json { body in
            body.field("entered", Int64(entered))
            body.field("kept", Int64(kept))
        }
    }
}
