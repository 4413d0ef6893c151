// One log line for each request that changed something over the admin API: the actor, the route and
// the changed object.

import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Fields that a route adds to its log line: the id of a created object, if the path has no id.
final class AdminWriteNote: Sendable {
    private let added = Mutex<Logger.Metadata>([:])

    var fields: Logger.Metadata { added.withLock { $0 } }

    func add(_ fields: Logger.Metadata) {
        added.withLock { $0.merge(fields) { _, new in new } }
    }

    /// Logs several ids as the first id and their number, so that a line stays short.
    func add(ids: [Int64]) {
        guard let first = ids.first else { return }
        add(["id": "\(first)"])
        if ids.count > 1 { add(["count": .number(ids.count)]) }
    }
}

struct AdminWriteLog: RouterMiddleware {
    typealias Context = AdminContext
    let log: Logger

    func handle(
        _ request: Request, context: AdminContext,
        next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        guard request.method != .get, request.method != .head, response.status.kind == .successful
        else { return response }
        var fields: Logger.Metadata = [
            "actor": "\(context.actor)",
            "route": "\(request.method.rawValue) \(context.endpointPath ?? "")",
        ]
        if let id = context.parameters.get("id") { fields["id"] = "\(id)" }
        fields.merge(context.note.fields) { _, new in new }
        log.info("admin write", metadata: fields)
        return response
    }
}
