// Every change in its order, to be read and read again. An event's id names the history that it
// belongs to, so that a reader notices when the database is another one.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore
import LoketSystem

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
            // Also where nothing is new: a reader who keeps it and asks again sees each event once.
            body.field("next_cursor", Event.name(shown.last?.id ?? after, in: epoch))
            body.field("has_more", events.count > limit)
        }
    }

    /// - Parameter text: the id of an event or a cursor; 0 alone is the start of any history.
    private static func number(_ text: String, epoch: String) throws -> Int64 {
        if text == "0" { return 0 }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = parts[1] == "0" ? 0 : Int64(id: String(parts[1]))
        else {
            throw Problem(
                .invalidParameter,
                "`after` is a `next_cursor` that this feed has given, or 0 to begin")
        }
        guard parts[0] == epoch else {
            throw Problem(
                .cursorGone,
                "the event is of another history: the database was restored; begin with `after=0`")
        }
        return number
    }
}

extension Event {
    fileprivate static func name(_ id: Int64, in epoch: String) -> String { "\(epoch)-\(id)" }

    fileprivate func write(
        to object: inout JSONWriter, epoch: String, accounts: [Int64: String], countsAll: Bool
    ) {
        object.field("id", Self.name(id, in: epoch))
        object.field("type", kind.rawValue)
        object.field("at", at.utcMillisecondText)
        object.field("account", accountID.flatMap { accounts[$0] })
        write(bill, to: &object)
        write(payment, to: &object)
        write(`import`, isCounted: countsAll || accountID != nil, to: &object)
        write(attention, to: &object)
        write(finding, to: &object)
        object.field("notification_id", ledger.map { "\($0.number)" })
        guard let ledger else {
            object.field("ledger", nil as String?)
            return
        }
        object.object("ledger") {
            $0.field("number", "\(ledger.number)")
            $0.field("hash", hexadecimal(ledger.hash))
        }
    }

    private func write(_ finding: FindingThen?, to object: inout JSONWriter) {
        guard let finding else {
            object.field("finding", nil as String?)
            return
        }
        object.object("finding") {
            $0.field("name", finding.name)
            $0.field("sentence", finding.sentence)
            $0.field("since", finding.since.utcText)
        }
    }

    private func write(_ attention: AttentionThen?, to object: inout JSONWriter) {
        guard let attention else {
            object.field("attention", nil as String?)
            return
        }
        object.object("attention") {
            $0.field("id", "\(attention.id)")
            $0.field("kind", attention.kind)
        }
    }

    private func write(_ bill: BillSnapshot?, to object: inout JSONWriter) {
        guard let bill else {
            object.field("bill", nil as String?)
            return
        }
        object.object("bill") {
            $0.field("id", "\(bill.id)")
            $0.field("invoice_number", bill.invoiceNumber)
            $0.field("payment_code", bill.paymentCode)
            $0.field("amount", bill.amount)
            $0.field("state", bill.state)
        }
    }

    /// - Parameter isCounted: whoever may see one account learns that there may be bills to read
    ///   again, and not how many of others there were.
    private func write(
        _ import: ImportSnapshot?, isCounted: Bool, to object: inout JSONWriter
    ) {
        guard let `import` else {
            object.field("import", nil as String?)
            return
        }
        object.object("import") {
            $0.field("id", "\(`import`.id)")
            $0.field("bills_created", isCounted ? `import`.made : nil)
            $0.field("bills_changed", isCounted ? `import`.changed : nil)
        }
    }

    private func write(_ payment: PaymentSnapshot?, to object: inout JSONWriter) {
        guard let payment else {
            object.field("payment", nil as String?)
            return
        }
        object.object("payment") { body in
            body.field("id", "\(payment.id)")
            body.field("invoice_number", payment.invoiceNumber)
            body.field("payment_code", payment.paymentCode)
            body.field("amount", payment.amount)
            body.field("standing", payment.standing)
            body.array("flags") { list in payment.flags.forEach { list.string($0) } }
        }
    }
}
