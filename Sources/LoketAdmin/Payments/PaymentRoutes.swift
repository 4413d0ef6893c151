// Payments over the admin API: list, show, total, resolve.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct PaymentRoutes {
    let store: Store
    let registry: AccountRegistry
    let channels: ChannelNames

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "payments", .read, use: list)
        PaymentTotalsRoute(store: store, registry: registry, channels: channels).add(to: &routes)
        routes.on(.get, "payments/:id", .read, use: show)
        routes.on(.post, "payments/:id/resolve", .write, use: resolve)
        routes.on(.post, "payments/:id/reopen", .write, use: reopen)
    }

    // MARK: Reading

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let isFile = request.prefersCSV
        let parameters = try request.parameters(PaymentQuery.parameters.union(["delimiter"]))
        let delimiter: PaymentCSV.Delimiter? = try parameters.word("delimiter")
        for name in Page.parameters where isFile && parameters[name] != nil {
            throw Problem(
                .invalidParameter,
                "`\(name)` is for pages, and a CSV file has all payments: leave it out")
        }
        guard isFile || delimiter == nil else {
            throw Problem(
                .invalidParameter,
                "`delimiter` is for the CSV file: leave it out, or send `Accept: text/csv`")
        }
        let query = try PaymentQuery(
            parameters, accountID: try context.account(parameters["account"], in: registry),
            channels: channels)
        let log = context.logger
        let damaged: @Sendable (StoreFault) -> Void = { log.error("\($0)") }
        let (names, channels) = (registry.clientIDs, channels)
        guard !isFile else {
            let file = PaymentCSV(
                accounts: names, channels: channels, delimiter: delimiter ?? .comma)
            return file.response(query.filter, query.order, in: store, damaged: damaged)
        }
        let page = try await store.payments(
            query.filter, order: query.order, after: query.position, limit: query.limit,
            damaged: damaged)
        return .json { body in
            body.array("items") { list in
                for payment in page.records {
                    list.object { object in
                        payment.write(
                            to: &object, accounts: names, channels: channels,
                            page.details[payment.id] ?? .none)
                    }
                }
            }
            body.field("next_cursor", page.next.map { query.cursor(at: $0) })
        }
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        return try await page(of: try context.id("payment"), for: context)
    }

    private func page(of id: Int64, for context: AdminContext) async throws -> Response {
        let page = try await payment(id, for: context)
        let names = registry.clientIDs
        return .json { object in
            page.payment.write(
                to: &object, accounts: names, channels: channels, page.details)
            object.array("notifications") { list in
                page.deliveryIDs.forEach { list.string("\($0)") }
            }
            object.array("suggested_bills") { list in
                for record in page.suggestions {
                    list.object {
                        $0.field("id", "\(record.bill.id)")
                        $0.field("invoice_number", record.bill.invoiceNumber.text)
                        $0.field("amount", record.bill.amounts.amount(at: .now).whole)
                        $0.field("state", record.bill.state.rawValue)
                    }
                }
            }
            object.array("decisions") { list in
                for decision in page.decisions { list.object { decision.write(to: &$0) } }
            }
        }
    }

    private func payment(_ id: Int64, for context: AdminContext) async throws -> PaymentPage {
        guard let page = try await store.payment(id: id), context.maySee(page.payment.accountID)
        else { throw unknown(id) }
        return page
    }

    // MARK: Resolving

    @Sendable private func resolve(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["action", "bill_id", "note"])
        guard let action = (body["action"]?.string).flatMap({ Resolution(rawValue: $0) }) else {
            let words = Resolution.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.invalidValue, at: "/action", "must be one of: \(words)")
        }
        let id = try context.id("payment")
        // A payment's account never changes, so this check still applies when the payment is
        // resolved.
        if context.accountID != nil { _ = try await payment(id, for: context) }
        let outcome = try await store.resolve(
            paymentID: id, action, billID: try billID(body, for: action),
            note: try body.line("note"), actor: context.actor, now: .now)
        switch outcome {
        case .resolved, .already: return try await page(of: id, for: context)
        case .otherwise(let payment):
            let before = payment.resolution?.action.rawValue ?? ""
            throw Problem(.paymentResolved, "payment \(id) is already resolved with `\(before)`")
        case .nothingToResolve(let payment):
            throw Problem(
                .nothingToResolve,
                "payment \(id) is \(payment.standing.rawValue) and has no flag to resolve")
        case .billPaid(let bill):
            throw Problem(.billClosed, "bill \(bill.bill.id) was already paid by another payment")
        case .billMissing:
            throw Problem(.invalidValue, at: "/bill_id", "is required: the payment matched no bill")
        case .billUnknown:
            throw Problem(.invalidValue, at: "/bill_id", "is not a bill of the payment's account")
        case .unknown: throw unknown(id)
        }
    }

    @Sendable private func reopen(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["note"])
        let id = try context.id("payment")
        if context.accountID != nil { _ = try await payment(id, for: context) }
        let outcome = try await store.reopen(
            paymentID: id, note: try body.line("note"), actor: context.actor, now: .now)
        switch outcome {
        case .reopened, .already: return try await page(of: id, for: context)
        case .undecided(let payment):
            throw Problem(
                .paymentUndecided,
                "payment \(id) is \(payment.standing.rawValue) and has no decision to take back")
        case .refused(let obstacle):
            throw Problem(.decisionOvertaken, obstacle.text)
        case .unknown: throw unknown(id)
        }
    }

    private func billID(_ body: JSONValue, for action: Resolution) throws -> Int64? {
        guard let value = body["bill_id"], !value.isNull else { return nil }
        guard action == .accept else {
            throw Problem(.invalidValue, at: "/bill_id", "is allowed only with the action `accept`")
        }
        guard let id = value.string.flatMap({ Int64(id: $0) }) else {
            throw Problem(.invalidValue, at: "/bill_id", "must be a string with the id of a bill")
        }
        return id
    }

    private func unknown(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no payment \(id)")
    }
}

extension ReopenObstacle {
    fileprivate var text: String {
        switch self {
        case .changed(let id): "bill \(id) has changed since the decision"
        case .bill(let id): "bill \(id) now has the same invoice number or payment code"
        case .payment(let id):
            "payment \(id) arrived after the decision, with the same invoice number or payment code"
        case .notKept:
            "an earlier version of loket recorded the decision without the changes that it caused"
        }
    }
}
