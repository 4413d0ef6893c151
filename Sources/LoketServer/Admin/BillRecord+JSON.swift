// A bill as the admin API gives it.

import DokuWire
import LoketCore
import LoketStore

extension BillRecord {
    /// - Parameters:
    ///   - account: Client-Id of each account's row.
    ///   - now: what `expired` is read against.
    func write(
        to object: inout JSONWriter, account: [Int64: String], now: Moment,
        withHistory: Bool = false
    ) {
        object.field("id", "\(bill.id)")
        object.field("account", account[accountID])
        object.field("payment_code", bill.paymentCode.digits)
        object.field("invoice_number", bill.invoiceNumber.text)
        object.field("amount", bill.amount.whole)
        object.field("reusable", bill.reusable)
        object.field("state", bill.state.rawValue)
        object.field("expires_at", bill.expiresAt?.utcText)
        object.field("expired", bill.isExpired(at: now))
        object.field("cancel_reason", bill.cancelReason)
        object.object("customer") {
            $0.field("name", bill.customerName)
            $0.field("email", bill.customerEmail)
        }
        object.field("info", bill.info)
        if let settled {
            object.object("payments") {
                $0.field("count", settled.count)
                $0.field("amount", settled.amount)
            }
        }
        object.field("metadata", json: (metadata ?? "null").utf8)
        object.field("created_at", createdAt.utcText)
        object.field("changed_at", changedAt.utcText)
        guard withHistory else { return }
        object.array("history") { list in
            for change in history {
                list.object {
                    $0.field("at", change.at.utcText)
                    $0.field("change", change.change)
                    $0.field("actor", change.actor)
                    $0.field("detail", change.detail)
                }
            }
        }
    }
}
