// An event as the admin API answers it and as webhooks receive it.

import BillFiles
import LoketCore
import LoketJSON
import LoketStore
import LoketSystem

extension Event {
    /// The id of an event: its history's epoch and its number there.
    package static func name(_ id: Int64, in epoch: String) -> String { "\(epoch)-\(id)" }

    /// - Parameters:
    ///   - accounts: the Client-Id of each account's row id.
    ///   - countsAll: whether to count the bills of an import of several accounts. A reader of one
    ///     account learns that bills may have changed, but not how many bills others have.
    ///   - more: writes further fields of the payment.
    package func write(
        to object: inout JSONWriter, epoch: String, accounts: [Int64: String], countsAll: Bool,
        more: (inout JSONWriter) -> Void = { _ in }
    ) {
        object.field("id", Self.name(id, in: epoch))
        object.field("type", kind.rawValue)
        object.field("at", at.utcMillisecondText)
        object.field("account", accountID.flatMap { accounts[$0] })
        object.object("bill", of: bill) {
            $0.field("id", "\($1.id)")
            $0.field("invoice_number", $1.invoiceNumber)
            $0.field("payment_code", $1.paymentCode)
            $0.field("amount", $1.amount)
            ($1.amounts ?? nil)?.write(to: &$0)
            $0.field("state", $1.state)
        }
        object.object("payment", of: payment) { body, payment in
            body.field("id", "\(payment.id)")
            body.field("invoice_number", payment.invoiceNumber)
            body.field("payment_code", payment.paymentCode)
            body.field("amount", payment.amount)
            body.field("standing", payment.standing)
            body.array("flags") { list in payment.flags.forEach { list.string($0) } }
            more(&body)
        }
        let isCounted = countsAll || accountID != nil
        object.object("import", of: `import`) {
            $0.field("id", "\($1.id)")
            $0.field("bills_created", isCounted ? $1.made : nil)
            $0.field("bills_changed", isCounted ? $1.changed : nil)
        }
        object.object("attention", of: attention) {
            $0.field("id", "\($1.id)")
            $0.field("kind", $1.kind)
        }
        object.object("finding", of: finding) {
            $0.field("name", $1.name)
            $0.field("sentence", $1.sentence)
            $0.field("since", $1.since.utcText)
        }
        object.field("notification_id", ledger.map { "\($0.number)" })
        object.object("ledger", of: ledger) {
            $0.field("number", "\($1.number)")
            $0.field("hash", hexadecimal($1.hash))
        }
    }
}
