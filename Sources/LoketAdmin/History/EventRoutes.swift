// The feed of all changes, in order. An event's id contains the epoch of its history, so that a
// reader notices when the database has been replaced.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct EventRoutes {
    let store: Store
    let registry: AccountRegistry

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "events", .read, use: list)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        var parameters = try request.parameters(["after", "limit"])
        let epoch = try store.epoch()
        let after =
            try parameters.removeValue(forKey: "after").map {
                try Self.number($0, epoch: epoch)
            } ?? 0
        let limit = try Page(parameters).limit
        let events = try await store.events(
            after: after, accountID: context.accountID, limit: limit + 1)
        let names = registry.clientIDs
        let shown = events.prefix(limit)
        return .json { body in
            body.array("items") { list in
                for event in shown {
                    list.object {
                        event.write(
                            to: &$0, epoch: epoch, accounts: names,
                            countsAll: context.accountID == nil)
                    }
                }
            }
            // Sent even if nothing is new: a reader that sends this cursor next time sees each
            // event once.
            body.field("next_cursor", Event.name(shown.last?.id ?? after, in: epoch))
            body.field("has_more", events.count > limit)
        }
    }

    /// - Parameter text: an event's id or a cursor; `0` is the start of any history.
    private static func number(_ text: String, epoch: String) throws -> Int64 {
        if text == "0" { return 0 }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = parts[1] == "0" ? 0 : Int64(id: String(parts[1]))
        else {
            throw Problem(
                .invalidParameter,
                "`after` must be a `next_cursor` of this feed, or 0 for the start")
        }
        guard parts[0] == epoch else {
            throw Problem(
                .cursorGone,
                "the database was restored, and this cursor is no longer valid; start again with "
                    + "`after=0`")
        }
        return number
    }
}
