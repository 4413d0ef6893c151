// POST of one bill or an array of bills over the admin API; either all bills are created or none.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct BillCreateRoute {
    let store: Store
    let registry: AccountRegistry
    let channels: [Channel: Settings.ChannelTerms]

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "bills", .write, use: create)
    }

    /// Creates bills. The invoice number is the idempotency key.
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
            placement: BillRules(
                registry: registry, channels: channels, only: context.accountID))
        var bills: [NewBill] = []
        for (index, value) in values.enumerated() {
            let pointer = body.isArray ? "/\(index)" : ""
            if let bill = try reader.read(value, at: pointer) { bills.append(bill) }
        }
        let now = Moment.now
        if reader.problem() != nil {
            throw try await problem(of: reader, now: now)
        }
        do {
            let made = try await store.create(bills, actor: context.actor, now: now)
            context.note.add(ids: made.map(\.record.bill.id))
            // Payments arrived before these bills.
            let held = made.count { $0.isNew && $0.record.bill.state == .held }
            if held > 0 { context.note.add(["held": .number(held)]) }
            let names = registry.billNames
            if !body.isArray, let one = made.first {
                return one.record.page(one.isNew ? .created : .ok, names: names)
            }
            return .json(.created) { object in
                object.array("items") { list in
                    for (record, _) in made {
                        list.object { record.write(to: &$0, names: names, now: now) }
                    }
                }
            }
        } catch let conflict as BillConflict {
            let pointer = body.isArray ? "/\(conflict.index)" : ""
            let found = conflict.causes.map { Self.fault($0, pointer: pointer) }
            throw Problem(
                Self.fault(conflict.cause, pointer: pointer).cause, faults: found.map(\.fault))
        }
    }

    /// Returns the faults of the body, and the conflicts of its readable bills with stored bills.
    private func problem(of reader: BillBody, now: Moment) async throws -> Problem {
        let conflicts = try await store.conflicts(of: reader.parts.map(\.part), now: now)
        let more = conflicts.flatMap { conflict in
            conflict.causes.map { Self.fault($0, pointer: reader.parts[conflict.index].pointer) }
        }
        return reader.problem(with: more.map(\.fault)) ?? Problem(.invalidValue, faults: [])
    }

    private static func fault(
        _ conflict: BillConflict.Cause, pointer: String
    ) -> (cause: Problem.Cause, fault: Problem.Fault) {
        func problem(
            _ cause: Problem.Cause, _ field: String, _ detail: String
        ) -> (Problem.Cause, Problem.Fault) {
            (cause, Problem.Fault(pointer: pointer + "/" + field, detail: detail))
        }
        switch conflict {
        case .invoiceNumberTaken(let id):
            return problem(
                .invoiceNumberTaken, "invoice_number",
                "belongs to bill \(id), which has different content")
        case .invoiceNumberLikeSuffixed(let other):
            return problem(
                .invoiceNumberAmbiguous, "invoice_number",
                "could be confused with \(other), because inquiries add a suffix to an invoice "
                    + "number; use another invoice number")
        case .codeTaken(let number):
            return problem(.codeTaken, "payment_code", "is in use by the open bill \(number)")
        case .codesExhausted(let bin):
            return problem(
                .codesExhausted, "bin",
                "has almost no unused code left: use another BIN, set a longer `code_length` for "
                    + "BIN \(bin) in the settings, or send `unique_code`")
        case .expiryPast:
            return problem(.invalidValue, "expires_at", "is in the past")
        }
    }
}
