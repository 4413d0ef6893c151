// Bills over the admin API: show, list, cancel, reopen, forget. A key of one account sees only that
// account's bills.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct BillRoutes {
    let store: Store
    let registry: AccountRegistry
    let channels: [Channel: Settings.ChannelTerms]

    func add(to routes: inout ScopedRoutes) {
        BillCreateRoute(store: store, registry: registry, channels: channels).add(to: &routes)
        routes.on(.get, "bills", .read, use: list)
        routes.on(.get, "bills/:id", .read, use: show)
        BillQuoteRoute(store: store, registry: registry).add(to: &routes)
        routes.on(.post, "bills/:id/cancel", .write, use: cancel)
        routes.on(.post, "bills/:id/reopen", .write, use: reopen)
        routes.on(.post, "bills/:id/forget", .write, use: forget)
    }

    // MARK: Reading

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        return try await bill(context).page(names: registry.billNames)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let now = Moment.now
        let query = try BillQuery(
            request.parameters(BillQuery.parameters), ids: registry.ids,
            only: context.accountID, now: now)
        let page = try await store.bills(
            query.filter, order: query.order, after: query.position, limit: query.limit)
        for id in page.damaged { context.logger.error("\(StoreFault.damagedBill(id: id))") }
        let names = registry.billNames
        return .json { body in
            body.array("items") { list in
                for record in page.records {
                    list.object { record.write(to: &$0, names: names, now: now) }
                }
            }
            body.array("damaged") { list in
                for id in page.damaged { list.string("\(id)") }
            }
            body.field("next_cursor", page.next.map { query.cursor(at: $0) })
        }
    }

    // MARK: Closing

    @Sendable private func cancel(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields(["reason"])
        let reason = try body.cancelReason()
        // The bill is not read first, because it may be damaged.
        let id = try context.id("bill")
        switch try await store.cancel(
            id: id, of: context.accountID, reason: reason, actor: context.actor, now: .now)
        {
        case .cancelled(let record), .already(let record):
            return record.page(names: registry.billNames)
        case .refused(let record):
            throw Problem(
                .billClosed, "bill \(record.bill.id) is \(record.bill.state.rawValue)")
        case .unknown:
            throw unknownBill(id)
        }
    }

    @Sendable private func reopen(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields([])
        let id = try context.id("bill")
        switch try await store.reopen(
            billID: id, of: context.accountID, actor: context.actor, now: .now)
        {
        case .reopened(let record), .already(let record):
            return record.page(names: registry.billNames)
        case .refused(let record):
            throw Problem(
                .billClosed,
                "bill \(id) is \(record.bill.state.rawValue); only a cancelled bill can be reopened"
            )
        case .codeTaken(let other):
            throw Problem(
                .codeTaken,
                "the bill \(other.bill.invoiceNumber) has the payment code now: cancel that bill "
                    + "first, or add a new bill with another code")
        case .paid(let paymentID):
            throw Problem(
                .paymentUndecided,
                "payment \(paymentID) was made for the cancelled bill: resolve the payment first")
        case .unknown:
            throw unknownBill(id)
        }
    }

    @Sendable private func forget(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.optionalObject()
        try body.refuseUnknownFields([])
        let id = try await bill(context).bill.id
        switch try await store.forget(id: id, actor: context.actor, now: .now) {
        case .forgotten(let record), .already(let record):
            try await store.forgetInImports(record)
            return record.page(names: registry.billNames)
        case .refused(let record):
            let fix =
                record.bill.state == .held
                ? "resolve the payment that holds the bill first"
                : "cancel the bill first, or wait until it is paid"
            throw Problem(
                .billOpen, "bill \(record.bill.id) is \(record.bill.state.rawValue); \(fix)")
        case .unknown:
            throw unknownBill(id)
        }
    }

    /// Returns the bill of the route. A bill's account never changes.
    private func bill(_ context: AdminContext) async throws -> BillRecord {
        let id = try context.id("bill")
        guard let record = try await store.bill(id: id), context.maySee(record.accountID) else {
            throw unknownBill(id)
        }
        return record
    }

    private func unknownBill(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no bill \(id)")
    }
}
