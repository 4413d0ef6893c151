// The feed of all changes, in order; a request may wait for the next one. An event's id contains
// the epoch of its history, so that a reader notices when the database has been replaced.

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
        let parameters = try request.parameters(["after", "limit", "types", LongPoll.parameter])
        let cursor = FeedCursor(epoch: try store.epoch())
        let kinds = try parameters["types"].map(Self.kinds)
        let limit = try Page.limit(parameters)
        var news = try LongPoll(parameters, on: store.eventSignal, of: context)
        var page = try await store.feed(
            after: try await cursor.start(parameters["after"], end: store.lastEvent),
            kinds: kinds, accountID: context.accountID, limit: limit)
        while page.events.isEmpty, !page.hasMore, await news.arrive() {
            page = try await store.feed(
                after: page.end, kinds: kinds, accountID: context.accountID, limit: limit)
        }
        let names = registry.clientIDs
        return .json { [page] body in
            body.array("items") { list in
                for event in page.events {
                    list.object {
                        event.write(
                            to: &$0, epoch: cursor.epoch, accounts: names,
                            countsAll: context.accountID == nil)
                    }
                }
            }
            // Sent even if nothing is new: a reader that sends this cursor next time sees each
            // event once.
            body.field("next_cursor", cursor.text(page.end))
            body.field("has_more", page.hasMore)
        }
    }

    /// Returns the types in a list such as `payment.settled,payment.flagged`.
    private static func kinds(_ text: String) throws -> Set<Event.Kind> {
        let known = Event.Kind.allCases.map(\.rawValue)
        let kinds = try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            if let kind = Event.Kind(rawValue: String(word)) { return kind }
            let near = nearest(to: String(word), among: Set(known)).map { "Did you mean `\($0)`? " }
            throw Problem(
                .invalidParameter,
                "`types` has `\(word)`, which is not a type of event. \(near ?? "")Write one or "
                    + "more of these with a comma between them: "
                    + known.joined(separator: ", "))
        }
        return Set(kinds)
    }
}
