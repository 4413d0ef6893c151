// Bills over the admin API: make, show, list, cancel.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct BillRoutes {
    let store: BillStore
    let directory: Directory
    let channels: [Channel: Settings.ChannelTerms]

    func add(to group: RouterGroup<AdminContext>) {
        group.post("bills", use: create)
        group.get("bills", use: list)
        group.get("bills/:id", use: show)
        group.post("bills/:id/cancel", use: cancel)
    }

    // MARK: Making

    /// One bill or an array of them, all or none. The invoice number is the idempotency key.
    @Sendable private func create(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let body = try await request.strictJSON()
        let values = body.isArray ? body.elements : [body]
        guard (1...Limits.billsPerRequestMax).contains(values.count) else {
            throw Problem(
                .invalidValue, "send 1 to \(Limits.billsPerRequestMax) bills, not \(values.count)")
        }
        var reader = BillBody(
            placement: BillPlacement(
                directory: directory, channels: channels, only: context.accountID))
        var bills: [BillStore.NewBill] = []
        for (index, value) in values.enumerated() {
            let pointer = body.isArray ? "/\(index)" : ""
            if let bill = try reader.read(value, at: pointer) { bills.append(bill) }
        }
        guard reader.faults.isEmpty else { throw Problem(.invalidValue, faults: reader.faults) }

        let now = Moment.now
        do {
            let made = try await store.create(bills, now: now)
            let status: HTTPResponse.Status = made.contains(where: \.isNew) ? .created : .ok
            let names = directory.clientIDs
            if !body.isArray, let one = made.first {
                return one.record.page(status, accounts: names)
            }
            return .json(.created) { object in
                object.array("items") { list in
                    for (record, _) in made {
                        list.object { record.write(to: &$0, account: names, now: now) }
                    }
                }
            }
        } catch let conflict as BillConflict {
            throw problem(conflict, pointer: body.isArray ? "/\(conflict.index)" : "")
        }
    }

    private func problem(_ conflict: BillConflict, pointer: String) -> Problem {
        func problem(_ cause: Problem.Cause, _ field: String, _ detail: String) -> Problem {
            Problem(cause, at: pointer + "/" + field, detail)
        }
        switch conflict.cause {
        case .invoiceNumberTaken(let id):
            return problem(
                .invoiceNumberTaken, "invoice_number",
                "belongs to bill \(id), whose content differs")
        case .invoiceNumberLikeSuffixed(let other):
            return problem(
                .invoiceNumberAmbiguous, "invoice_number",
                "could be taken for an inquiry's number of \(other), or the reverse")
        case .codeTaken(let number):
            return problem(.codeTaken, "payment_code", "is held by the open bill \(number)")
        case .expiryPast:
            return problem(.invalidValue, "expires_at", "is past")
        }
    }

    // MARK: Reading

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let id = try context.id("bill")
        guard let record = try await store.bill(id: id) else { throw unknownBill(id) }
        return record.page(accounts: directory.clientIDs)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(
            Page.parameters.union(["payment_code", "invoice_number"]))
        let page = try Page(parameters)
        var filter = BillStore.BillFilter()
        if let text = parameters["payment_code"] {
            guard let code = PaymentCode(text) else {
                throw Problem(.invalidParameter, "`payment_code` is 1 to 25 digits")
            }
            filter.paymentCode = code
        }
        if let text = parameters["invoice_number"] {
            guard let number = InvoiceNumber(text) else {
                throw Problem(.invalidParameter, "`invoice_number` is 1 to 64 characters")
            }
            filter.invoiceNumber = number
        }
        let records = try await store.bills(
            filter, before: page.before, limit: page.limit + 1)
        let names = directory.clientIDs
        let now = Moment.now
        return page.response(of: records, id: \.bill.id) { object, record in
            record.write(to: &object, account: names, now: now)
        }
    }

    // MARK: Cancelling

    @Sendable private func cancel(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let body = try await request.wishes()
        try body.refuseUnknownFields(["reason"])
        let id = try context.id("bill")
        let outcome = try await store.cancel(
            id: id, reason: try body.reason(), actor: context.actor, now: .now)
        switch outcome {
        case .cancelled(let record), .already(let record):
            return record.page(accounts: directory.clientIDs)
        case .refused(let record):
            throw Problem(
                .billClosed, "bill \(record.bill.id) is \(record.bill.state.rawValue)")
        case .unknown:
            throw unknownBill(id)
        }
    }

    private func unknownBill(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no bill \(id)")
    }
}
