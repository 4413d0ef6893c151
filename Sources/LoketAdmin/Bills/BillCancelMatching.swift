// Cancelling the open bills that match a filter. A dry run returns their number, and the request
// that cancels them repeats it: if the number has changed, nothing is cancelled.

import Hummingbird
import LoketCore
import LoketJSON
import LoketStore
import ServiceLifecycle

extension BillCancelManyRoute {
    func cancelMatching(
        _ body: JSONValue, reason: String?, isDryRun: Bool, _ context: AdminContext, now: Moment
    ) async throws -> Response {
        let filter = try filter(body["filter"], context, now: now)
        let expected = try Self.expectedCount(body["expected_count"], isDryRun: isDryRun)
        let found = try await store.openBills(matching: filter, now: now)
        guard !found.isTooMany else {
            throw Problem(
                .invalidValue, at: "/filter",
                "matches more than \(Limits.cancelledByFilterMax) open bills: narrow it, for "
                    + "example by `expires_to`")
        }
        guard !isDryRun else { return answer(found, nil, stop: nil) }
        guard expected == found.ids.count else {
            throw Problem(
                .countChanged,
                "the filter matches \(found.ids.count) open bills now, not "
                    + "\(expected.map(String.init) ?? "0"), and none was cancelled: send a dry "
                    + "run again")
        }
        let result = try await store.cancel(
            found, matching: filter, reason: reason, actor: context.actor, now: now,
            isStopping: { Task.isCancelled || Task.isShuttingDownGracefully })
        context.note.add(ids: result.cancelled)
        let stop = note(result.failure, cancelled: result.cancelled.count, context)
        return answer(found, result, stop: stop)
    }

    /// - Parameters:
    ///   - result: nil in a dry run.
    ///   - stop: why the request stopped before its last bill.
    private func answer(
        _ found: MatchingBills, _ result: CancelledMatching?, stop: String?
    ) -> Response {
        .json { body in
            body.field("dry_run", result == nil)
            body.field("matched", Int64(found.ids.count))
            body.field("amount", found.amount)
            body.field("cancelled", Int64(result?.cancelled.count ?? found.ids.count))
            body.field("left", Int64(result?.left ?? 0))
            body.array("damaged") { list in
                for id in found.damaged + (result?.damaged ?? []) { list.string("\(id)") }
            }
            body.field("stopped_by", stop)
        }
    }

    // MARK: The body

    private static let fields = BillQuery.parameters.subtracting(Page.parameters + ["ids", "sort"])

    /// Returns the filter, with the rules of the query parameters of the list of bills.
    private func filter(
        _ value: JSONValue?, _ context: AdminContext, now: Moment
    ) throws -> BillFilter {
        guard let value, value.isObject else {
            throw Problem(.invalidValue, at: "/filter", "must be an object")
        }
        let unknown = value.unknownFields(Self.fields, at: "/filter")
        guard unknown.isEmpty else { throw Problem(.unknownField, faults: unknown) }
        var parameters: [String: String] = [:]
        for member in value.members where !member.value.isNull {
            guard let text = member.value.string else {
                throw Problem(.invalidValue, at: "/filter/" + member.name, "must be a string")
            }
            parameters[member.name] = text
        }
        let query: BillQuery
        do {
            query = try BillQuery(
                parameters, ids: registry.ids, only: context.accountID, now: now)
        } catch let problem as Problem where problem.cause == .invalidParameter {
            throw Problem(.invalidValue, at: "/filter", problem.detail)
        }
        var filter = query.filter
        switch filter.state {
        case nil: filter.state = .stored(.open)
        case .stored(.open)?, .expired?: break
        case .stored?:
            throw Problem(
                .invalidValue, at: "/filter/state",
                "must be open or expired: other bills are not cancelled")
        }
        guard
            parameters.keys.contains(where: { !["account", "state"].contains($0) })
                || parameters["state"] == "expired"
        else {
            throw Problem(
                .invalidValue, at: "/filter",
                "matches every open bill: give a field such as `expires_to` or `invoice_prefix`")
        }
        return filter
    }

    private static func expectedCount(_ value: JSONValue?, isDryRun: Bool) throws -> Int? {
        guard let value, !value.isNull else {
            guard isDryRun else {
                throw Problem(
                    .invalidValue, at: "/expected_count",
                    "is missing: send a dry run first, and repeat its `matched`")
            }
            return nil
        }
        guard let count = value.integer, count >= 0 else {
            throw Problem(.invalidValue, at: "/expected_count", "must be a number of bills")
        }
        return Int(count)
    }
}
