// A bill in the admin API's responses: its fields, and the page of one bill with its ETag.

import BillFiles
import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

extension BillRecord {
    /// - Parameters:
    ///   - names: the current names of accounts and BINs in the settings.
    ///   - now: the time that `expired` is computed for.
    func write(
        to object: inout JSONWriter, names: BillNames, now: Moment,
        withHistory: Bool = false
    ) {
        object.field("id", "\(bill.id)")
        object.field("account", names.clientIDs[accountID])
        object.field("payment_code", bill.paymentCode.digits)
        let bin = names.bins[accountID]?.bin(of: bill.paymentCode)?.digits
        object.field("bin", bin)
        object.field(
            "unique_code", bin.map { String(bill.paymentCode.digits.dropFirst($0.utf8.count)) })
        object.field("invoice_number", bill.invoiceNumber.text)
        object.field("amount", bill.amounts.amount(at: now).whole)
        bill.amounts.write(to: &object)
        object.field("reusable", bill.reusable)
        object.field("state", bill.state.rawValue)
        object.field("valid_from", bill.validFrom?.exactUTCText)
        object.field("expires_at", bill.expiresAt?.exactUTCText)
        object.field("due_at", bill.dueAt?.exactUTCText)
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
        object.field("created_by", createdBy)
        object.field("import_id", importID.map { "\($0)" })
        object.field("changed_at", changedAt.utcText)
        guard withHistory else { return }
        object.array("held_by") { list in
            for payment in heldBy {
                list.object {
                    $0.field("id", "\(payment.id)")
                    $0.field("amount", payment.amount)
                    $0.field("standing", payment.standing.rawValue)
                    $0.field("received_at", payment.receivedAt.utcText)
                }
            }
        }
        object.array("history") { list in
            for change in [making] + history {
                list.object {
                    $0.field("at", change.at.utcText)
                    $0.field("change", change.change)
                    $0.field("actor", change.actor)
                    $0.field("detail", change.detail)
                    $0.field("payment_id", change.paymentID.map { "\($0)" })
                }
            }
        }
    }
}

extension BillRecord {
    /// The strong ETag of this version of the bill.
    var tag: String { "\"\(version)\"" }

    /// Returns the bill with its history and its ETag.
    func page(_ status: HTTPResponse.Status = .ok, names: BillNames) -> Response {
        var response = Response.json(status) {
            write(to: &$0, names: names, now: .now, withHistory: true)
        }
        response.headers[.eTag] = tag
        return response
    }
}
