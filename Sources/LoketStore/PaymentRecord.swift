// A payment's row, and the way back to values. The row's checksum covers every column that is
// named here.

import Foundation
import GRDB
import LoketCore

package struct PaymentRecord: Sendable {
    package let id: Int64
    package let accountID: Int64
    /// The delivery that told of it first.
    package let deliveryID: Int64
    package let billID: Int64?
    package let invoiceNumber: String?
    package let paymentCode: String?
    /// Whole rupiah; nil where it could not be read.
    package let amount: Int64?
    package let paidAt: Moment?
    package let identifiers: [Receipt.Identifier]
    package let source: Receipt.Source
    package let receivedAt: Moment
    package let classifiedAs: Standing
    package let standing: Standing
    package let flags: Set<PaymentFlag>
    package let heldBillID: Int64?
    package let paidBillID: Int64?
    package let resolution: PaymentResolution?
    let horizon: Horizon
    let codeIsOurs: Bool
    package let needsAttention: Bool

    static let columns = """
        id, account_id, delivery_id, bill_id, invoice_number, payment_code, amount, paid_at, \
        identifiers, source, received_at, classified_as, standing, flags, held_bill_id, \
        paid_bill_id, resolution, resolution_bill_id, resolution_note, resolved_by, resolved_at, \
        bill_horizon, change_horizon, terms_horizon, code_is_ours, needs_attention, checksum
        """

    /// - Throws: `StoreFault.damagedPayment`.
    init(_ row: Row) throws(StoreFault) {
        let number: Int64 = row["id"]
        guard RowChecksum.fits(row), let source = Receipt.Source(rawValue: row["source"]),
            let classified = Standing(rawValue: row["classified_as"]),
            let standing = Standing(rawValue: row["standing"])
        else { throw .damagedPayment(id: number) }
        let milliseconds: Int64? = row["paid_at"]
        let flagText: String = row["flags"]
        id = number
        accountID = row["account_id"]
        deliveryID = row["delivery_id"]
        billID = row["bill_id"]
        invoiceNumber = row["invoice_number"]
        paymentCode = row["payment_code"]
        amount = row["amount"]
        paidAt = milliseconds.map { Moment(milliseconds: $0) }
        identifiers = Identifiers.read(row["identifiers"])
        self.source = source
        receivedAt = Moment(milliseconds: row["received_at"])
        classifiedAs = classified
        self.standing = standing
        flags = Set(flagText.split(separator: " ").compactMap { PaymentFlag(rawValue: String($0)) })
        heldBillID = row["held_bill_id"]
        paidBillID = row["paid_bill_id"]
        resolution = PaymentResolution(row)
        horizon = Horizon(
            bill: row["bill_horizon"], change: row["change_horizon"],
            terms: row["terms_horizon"])
        codeIsOurs = row["code_is_ours"]
        needsAttention = row["needs_attention"]
    }
}

/// How somebody closed a payment that needed a decision.
package struct PaymentResolution: Sendable, Equatable {
    package let action: Resolution
    /// The bill that it was accepted for.
    package let billID: Int64?
    package let note: String?
    /// Name of the admin key.
    package let actor: String
    package let at: Moment

    package init(action: Resolution, billID: Int64?, note: String?, actor: String, at: Moment) {
        self.action = action
        self.billID = billID
        self.note = note
        self.actor = actor
        self.at = at
    }

    fileprivate init?(_ row: Row) {
        guard let action = (row["resolution"] as String?).flatMap({ Resolution(rawValue: $0) }),
            let actor = row["resolved_by"] as String?, let at = row["resolved_at"] as Int64?
        else { return nil }
        self.init(
            action: action, billID: row["resolution_bill_id"], note: row["resolution_note"],
            actor: actor, at: Moment(milliseconds: at))
    }
}

/// Identifiers as one column: a JSON array of [name, value].
enum Identifiers {
    static func text(_ list: [Receipt.Identifier]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(
            decoding: try encoder.encode(list.map { [$0.name, $0.value] }), as: UTF8.self)
    }

    /// What cannot be read says nothing.
    static func read(_ text: String) -> [Receipt.Identifier] {
        let pairs = (try? JSONDecoder().decode([[String]].self, from: Data(text.utf8))) ?? []
        return pairs.compactMap { pair in
            pair.count == 2 ? Receipt.Identifier(name: pair[0], value: pair[1]) : nil
        }
    }
}

extension Set<PaymentFlag> {
    /// As the row and the API write them.
    package var words: [String] { map(\.rawValue).sorted() }
}
