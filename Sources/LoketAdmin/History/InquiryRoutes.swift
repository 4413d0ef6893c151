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

    private static let filters: Set<String> = [
        "account", "code", "guard", "status", "request_id", "from", "to",
    ]

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        var parameters = try request.parameters(Page.parameters.union(Self.filters))
        let filter = try filter(parameters, context)
        let after = try parameters.removeValue(forKey: "cursor").map { text in
            guard let position = JournalPosition(cursor: text),
                (position.receivedAt != nil) == filter.isOrderedByTime
            else {
                throw Problem(.invalidParameter, "`cursor` was not returned by this list")
            }
            return position
        }
        let limit = try Page(parameters).limit
        let (records, next) = try await store.inquiries(filter, after: after, limit: limit)
        let names = registry.clientIDs
        return .json { body in
            body.array("items") { list in
                for record in records {
                    list.object { record.write(to: &$0, account: names) }
                }
            }
            body.field("next_cursor", next?.cursor)
        }
    }

    private func filter(
        _ parameters: [String: String], _ context: AdminContext
    ) throws -> JournalFilter {
        var filter = JournalFilter()
        filter.accountID = try context.account(parameters["account"], in: registry)
        filter.codeText = parameters["code"]
        filter.requestID = parameters["request_id"]
        if let word = parameters["guard"] {
            guard let reason = Guard(rawValue: word) else {
                throw Problem.noneOf("guard", Guard.allCases.map(\.rawValue))
            }
            filter.guards = [reason]
        }
        if let word = parameters["status"] {
            let matching = Guard.allCases.filter {
                O2OVerdict($0).status?.rawValue == word
            }
            guard !matching.isEmpty else {
                throw Problem.noneOf("status", O2OAnswer.Status.allCases.map(\.rawValue))
            }
            filter.guards = filter.guards?.intersection(matching) ?? Set(matching)
        }
        filter.from = try moment("from", parameters)
        filter.to = try moment("to", parameters)
        return filter
    }

    private func moment(_ name: String, _ parameters: [String: String]) throws -> Moment? {
        try parameters[name].map { text in
            guard let moment = Moment(parameter: text) else {
                throw Problem(
                    .invalidParameter,
                    "`\(name)` must be a date, or a time such as 2020-08-11T08:45:42Z")
            }
            return moment
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

extension JournalPosition {
    /// Parses `before-<id>`, followed by `-<milliseconds>` if the list is ordered by time.
    fileprivate init?(cursor: String) {
        let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "before",
            let id = Int64(parts[1]), id > 0
        else { return nil }
        guard parts.count == 3 else {
            self.init(id: id, receivedAt: nil)
            return
        }
        guard let milliseconds = Int64(parts[2]) else { return nil }
        self.init(id: id, receivedAt: Moment(milliseconds: milliseconds))
    }

    fileprivate var cursor: String {
        "before-\(id)" + (receivedAt.map { "-\($0.milliseconds)" } ?? "")
    }
}
