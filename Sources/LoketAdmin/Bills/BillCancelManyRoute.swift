// Cancelling many bills over the admin API, with a dry run: by their invoice numbers, or by a filter
// (BillCancelMatching.swift).

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct BillCancelManyRoute {
    let store: Store
    let registry: AccountRegistry

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "bills/cancel", .write, use: cancel)
    }

    @Sendable private func cancel(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields([
            "invoice_numbers", "account", "filter", "expected_count", "reason", "dry_run",
        ])
        let isByFilter = body["filter"].map { !$0.isNull } ?? false
        try Self.refuse(
            isByFilter
                ? [
                    ("invoice_numbers", "give either this or `filter`"),
                    ("account", "with `filter`, give the account in it"),
                ] : [("expected_count", "is for `filter` only")], in: body)
        let reason = try body.cancelReason()
        let isDryRun = try Self.flag(body["dry_run"])
        guard !isByFilter else {
            return try await cancelMatching(
                body, reason: reason, isDryRun: isDryRun, context, now: .now)
        }
        let numbers = try Self.numbers(body["invoice_numbers"])
        let accountID = try account(body["account"], context)
        let result = try await store.cancel(
            numbers, of: accountID, reason: reason, actor: context.actor, now: .now,
            isDryRun: isDryRun)
        let cancelled = result.outcomes.filter { $0.outcome == .cancelled }
        if !isDryRun { context.note.add(ids: cancelled.compactMap(\.billID)) }
        let stop = note(result.failure, cancelled: cancelled.count, context)
        return .json { body in
            body.field("dry_run", isDryRun)
            body.field("cancelled", Int64(cancelled.count))
            body.field("left", Int64(result.outcomes.count { $0.outcome == .left }))
            body.array("items") { list in
                for outcome in result.outcomes { list.object { outcome.write(to: &$0) } }
            }
            body.field("stopped_by", stop)
        }
    }

    /// Logs that a request stopped before its last bill.
    ///
    /// - Returns: why it stopped, for the answer; nil if it did not.
    func note(
        _ failure: (any Error)?, cancelled: Int, _ context: AdminContext
    ) -> String? {
        guard let failure else { return nil }
        let reason =
            failure is CancellationError
            ? "the service is stopping" : "\(store.explained(failure))"
        context.logger.error(
            "only some bills of a request were cancelled: \(reason)",
            metadata: ["cancelled": .number(cancelled)])
        return reason
    }

    /// Refuses the fields that the other form of the request has.
    private static func refuse(
        _ fields: [(name: String, detail: String)], in body: JSONValue
    ) throws {
        let faults = fields.filter { field in
            body.members.contains { $0.name == field.name && !$0.value.isNull }
        }.map { Problem.Fault(pointer: "/" + $0.name, detail: $0.detail) }
        guard faults.isEmpty else { throw Problem(.invalidValue, faults: faults) }
    }

    private static func numbers(_ value: JSONValue?) throws -> [InvoiceNumber] {
        let elements = value?.elements ?? []
        guard (1...Limits.billsPerRequestMax).contains(elements.count) else {
            throw Problem(
                .invalidValue, at: "/invoice_numbers",
                "must be an array of 1 to \(Limits.billsPerRequestMax) invoice numbers")
        }
        return try elements.enumerated().map { index, element in
            guard let number = element.string.flatMap({ InvoiceNumber($0) }) else {
                throw Problem(
                    .invalidValue, at: "/invoice_numbers/\(index)",
                    "must be a string of 1 to \(Limits.invoiceNumberMax) visible ASCII characters")
            }
            return number
        }
    }

    /// Returns the account of the numbers, which are unique in one account only.
    private func account(_ value: JSONValue?, _ context: AdminContext) throws -> Int64 {
        let ids = registry.ids
        guard let value, !value.isNull else {
            let only = context.accountID ?? (ids.count == 1 ? ids.values.first : nil)
            guard let only else {
                throw Problem(
                    .invalidValue, at: "/account",
                    "is missing: the key is for several accounts, and an invoice number belongs "
                        + "to one")
            }
            return only
        }
        let named = value.string.flatMap { ids[$0] }
        guard context.maySee(named) else {
            throw Problem(.accountForbidden, at: "/account", "is not the account of your key")
        }
        guard let named else {
            throw Problem(.invalidValue, at: "/account", "is not a configured Client-Id")
        }
        return named
    }

    private static func flag(_ value: JSONValue?) throws -> Bool {
        guard let value, !value.isNull else { return false }
        guard let flag = value.bool else {
            throw Problem(.invalidValue, at: "/dry_run", "must be true or false")
        }
        return flag
    }
}

extension JSONValue {
    /// Returns `reason`, the reason of a cancellation.
    func cancelReason() throws -> String? {
        let reason = try reason()
        guard reason != importUndone else {
            throw Problem(
                .invalidValue, at: "/reason", "is reserved for bills whose import was undone")
        }
        return reason
    }
}

extension CancelledNumber {
    fileprivate func write(to object: inout JSONWriter) {
        object.field("invoice_number", number.text)
        object.field("outcome", outcome.rawValue)
        object.field("bill_id", billID.map { "\($0)" })
        object.field("state", state?.rawValue)
    }
}
