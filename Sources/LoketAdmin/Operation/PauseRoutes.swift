// The pause of inquiries over the admin API. A pause stops only inquiries.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct PauseRoutes {
    let store: Store
    let registry: AccountRegistry
    let reconciler: Reconciler

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "pauses", .read, use: show)
        routes.on(.post, "pause", .write, use: pause)
        routes.on(.post, "resume", .write, use: resume)
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let history = try await store.pauseHistory(accountID: context.accountID)
        return response(try store.pauses(), history: history, context)
    }

    @Sendable private func pause(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["account", "reason"])
        guard let reason = try body.reason() else {
            throw Problem(
                .invalidValue, at: "/reason",
                "is missing: give the reason for the pause")
        }
        let pauses = try await store.pause(
            accountID: try accountID(body, context), reason: reason, actor: context.actor,
            now: .now, then: registry.replace)
        return response(pauses, context)
    }

    @Sendable private func resume(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["account", "reason", "accept_risk"])
        let accountID = try accountID(body, context)
        let outcome = try await store.resume(
            accountID: accountID, acceptsRisk: try acceptsRisk(body, accountID: accountID),
            reason: try body.reason(), actor: context.actor, now: .now, then: registry.replace)
        switch outcome {
        case .resumed(let ended, let left): return response(left, ended: ended, context)
        case .reconcileFirst(let restoration): throw problem(restoration)
        }
    }

    private func problem(_ restoration: Restoration) -> Problem {
        let way =
            reconciler.isOff
            ? "Check Status is not configured: compare the bills with DOKU's reports, then resume "
                + "with `accept_risk`: true"
            : "Send POST /admin/v1/reconcile and wait until the reconciliation has finished "
                + "without a failure, or resume with `accept_risk`: true"
        return Problem(.reconcileFirst, "\(restoration.summary(\.utcText)). \(way)")
    }

    // MARK: The body

    /// The account; nil means every account, forbidden to a key of one account.
    private func accountID(_ body: JSONValue, _ context: AdminContext) throws -> Int64? {
        let value = body["account"].flatMap { $0.isNull ? nil : $0 }
        let id = try value.map { value in
            guard let name = value.string else {
                throw Problem(.invalidValue, at: "/account", "is not a configured Client-Id")
            }
            return registry.ids[name]
        }
        if let own = context.accountID {
            guard id == own else {
                throw Problem(
                    .accountForbidden, "set the field `account` to the account of your key")
            }
            return own
        }
        guard value != nil else { return nil }
        guard let id = id ?? nil else {
            throw Problem(.invalidValue, at: "/account", "is not a configured Client-Id")
        }
        return id
    }

    private func acceptsRisk(_ body: JSONValue, accountID: Int64?) throws -> Bool {
        guard let value = body["accept_risk"], !value.isNull else { return false }
        guard let accepts = value.bool else {
            throw Problem(.invalidValue, at: "/accept_risk", "must be true or false")
        }
        guard !accepts || accountID == nil else {
            throw Problem(
                .invalidValue, at: "/accept_risk", "applies to every account: remove `account`")
        }
        return accepts
    }

    // MARK: The answer

    /// - Parameter ended: after a resume, the pause that ended, or `.some(nil)` if nothing was
    ///   paused; nil after anything but a resume.
    private func response(
        _ pauses: [Pause], ended: Pause?? = nil, history: [PauseChange]? = nil,
        _ context: AdminContext
    ) -> Response {
        let names = registry.clientIDs
        return .json { body in
            body.array("pauses") { list in
                for pause in pauses where context.maySee(pause) {
                    list.object { pause.write(to: &$0, accounts: names) }
                }
            }
            if let ended {
                body.object("resumed", of: ended) { $1.write(to: &$0, accounts: names) }
            }
            guard let history else { return }
            body.array("history") { list in
                for change in history {
                    list.object {
                        $0.field("at", change.at.utcText)
                        $0.field("change", change.kind.rawValue)
                        $0.field("account", change.accountID.flatMap { names[$0] })
                        $0.field("reason", change.reason)
                        $0.field("actor", change.actor)
                    }
                }
            }
        }
    }
}

extension AdminContext {
    /// A pause of every account is visible to every key.
    func maySee(_ pause: Pause) -> Bool {
        pause.accountID == nil || maySee(pause.accountID)
    }
}

extension Pause {
    /// - Parameter accounts: the Client-Id of each account's row id.
    func write(to object: inout JSONWriter, accounts: [Int64: String]) {
        object.field("account", accountID.flatMap { accounts[$0] })
        object.field("reason", reason)
        object.field("actor", actor)
        object.field("paused_at", pausedAt.utcText)
    }
}
