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
        let body = try await request.wishes()
        try body.refuseUnknownFields(["account", "reason"])
        guard let reason = try body.reason() else {
            throw Problem(.invalidValue, at: "/reason", "is missing: say why, for who resumes")
        }
        try store.pause(
            accountID: try accountID(body), reason: reason, actor: context.actor, now: .now)
        return try response()
    }

    @Sendable private func resume(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.wishes()
        try body.refuseUnknownFields(["account"])
        try store.resume(accountID: try accountID(body))
        return try response()
    }

    /// Nil: every account.
    private func accountID(_ body: JSONValue) throws -> Int64? {
        guard let value = body["account"], !value.isNull else { return nil }
        guard let id = value.string.flatMap({ directory.ids[$0] }) else {
            throw Problem(.invalidValue, at: "/account", "is no configured Client-Id")
        }
        return id
    }

    /// What is paused now, which is also what the gateway goes by from here on.
    private func response() throws -> Response {
        let pauses = try store.pauses()
        directory.replace(pauses: pauses)
        let names = directory.clientIDs
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
