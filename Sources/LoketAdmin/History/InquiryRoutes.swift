// The journal over the admin API, newest first, and the explanation of one request's answer.

import DokuWire
import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct InquiryRoutes {
    let store: Store
    let registry: AccountRegistry
    let why: RequestExplainer

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "inquiries", .read, use: list)
        routes.on(.get, "inquiries/:request_id", .read, use: explain)
    }

    // MARK: The list

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(
            Page.parameters.union(InquiryQuery.filters).union(InquiryFeed.parameters))
        let query = try InquiryQuery(
            parameters, accountID: try context.account(parameters["account"], in: registry))
        if var feed = try InquiryFeed(parameters, query.filter, in: store, of: context) {
            let page = try await feed.page()
            return response(page, nextCursor: feed.nextCursor(page))
        }
        let after = try parameters["cursor"].map(query.position)
        let limit = try Page.limit(parameters)
        let (records, next) = try await store.inquiries(
            query.filter, after: after, limit: limit,
            scanMax: query.filter.isUnpaid ? Limits.unpaidScanRowsMax : Limits.journalScanRowsMax)
        let names = registry.clientIDs
        return .json { body in
            body.array("items") { list in
                for record in records {
                    list.object { record.write(to: &$0, account: names) }
                }
            }
            body.field("next_cursor", next.map { query.cursor(at: $0) })
        }
    }

    // MARK: One request

    @Sendable private func explain(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let text = context.parameters.get("request_id") ?? ""
        guard let requestID = text.removingPercentEncoding else {
            throw Problem(.notFound, "the Request-Id `\(text)` in the path is not percent-encoded")
        }
        let found = try await why.explain(requestID: requestID, accountID: context.accountID)
        guard let found else { throw try await unknown(requestID, context) }
        let names = registry.clientIDs
        return .json { found.write(to: &$0, accounts: names, now: .now) }
    }

    private func unknown(_ requestID: String, _ context: AdminContext) async throws -> Problem {
        let notifications = try await store.notificationIDs(
            requestID: requestID, accountID: context.accountID)
        if let id = notifications.first {
            return Problem(
                .notFound,
                "no inquiry has the Request-Id `\(requestID)`, but notification \(id) has it: "
                    + "read it with GET /admin/v1/notifications/\(id)")
        }
        return Problem(
            .notFound,
            "the Request-Id `\(requestID)` is neither in the journal nor among the latest "
                + "refused requests")
    }
}
