// The kill switch over the admin API. It stops inquiries and nothing else.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct PauseRoutes {
    let store: BillStore
    let directory: Directory

    func add(to group: RouterGroup<AdminContext>) {
        group.post("pause", use: pause)
        group.post("resume", use: resume)
    }

    @Sendable private func pause(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await body(request, known: ["account", "reason"])
        guard let reason = body["reason"]?.string, isPrintable(reason, max: Limits.reasonMax)
        else {
            throw Problem(
                .invalidValue,
                faults: [
                    Problem.Fault(
                        pointer: "/reason",
                        detail: "must be a string of 1 to \(Limits.reasonMax) characters")
                ])
        }
        try store.pause(
            accountID: try accountID(body), reason: reason, actor: context.actor, now: .now)
        return try response()
    }

    @Sendable private func resume(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await body(request, known: ["account"])
        try store.resume(accountID: try accountID(body))
        return try response()
    }

    private func body(_ request: Request, known: Set<String>) async throws -> JSONValue {
        let body = try await request.strictJSON(emptyIsObject: true)
        for member in body.members where !known.contains(member.name) {
            throw Problem(
                .unknownField,
                faults: [
                    Problem.Fault(
                        pointer: "/\(member.name)",
                        detail: "is not one of: \(known.sorted().joined(separator: ", "))")
                ])
        }
        return body
    }

    /// Nil: every account.
    private func accountID(_ body: JSONValue) throws -> Int64? {
        guard let value = body["account"], !value.isNull else { return nil }
        guard let id = value.string.flatMap({ directory.ids[$0] }) else {
            throw Problem(
                .invalidValue,
                faults: [
                    Problem.Fault(pointer: "/account", detail: "is no configured Client-Id")
                ])
        }
        return id
    }

    /// What is paused now, which is also what the gateway goes by from here on.
    private func response() throws -> Response {
        let pauses = try store.pauses()
        directory.replace(pauses: pauses)
        let names = try store.clientIDs()
        return .json { body in
            body.array("pauses") { list in
                for pause in pauses {
                    list.object {
                        $0.field("account", pause.accountID.flatMap { names[$0] })
                        $0.field("reason", pause.reason)
                        $0.field("actor", pause.actor)
                        $0.field("paused_at", pause.pausedAt.utcText)
                    }
                }
            }
        }
    }
}
