// A payment as read from its row. The row's checksum covers every column named here.

import Foundation
import GRDB
import LoketCore

package struct PaymentRecord: Sendable {
    package let id: Int64
    package let accountID: Int64
    /// The first delivery that reported the payment.
    package let deliveryID: Int64
    package let billID: Int64?
    package let invoiceNumber: String?
    package let paymentCode: String?
    /// The amount in whole rupiah; nil if it could not be read.
    package let amount: Int64?
    package let paidAt: Moment?
    package let identifiers: [ReportedPayment.Identifier]
    package let source: ReportedPayment.Source
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

    static let columnNames = [
        "id", "account_id", "delivery_id", "bill_id", "invoice_number", "payment_code", "amount",
        "paid_at", "identifiers", "source", "received_at", "classified_as", "standing", "flags",
        "held_bill_id", "paid_bill_id", "resolution", "resolution_bill_id", "resolution_note",
        "resolved_by", "resolved_at", "bill_horizon", "change_horizon", "terms_horizon",
        "code_is_ours", "needs_attention", RowChecksum.column,
    ]
    static let columns = columnNames.joined(separator: ", ")
}

extension PaymentRecord {
    /// - Throws: `StoreFault.damagedPayment`.
    init(_ stored: Row) throws(StoreFault) {
        let row = TableRow(stored, of: "payment")
        id = try row.value("id")
        guard RowChecksum.fits(stored) else { throw .damagedPayment(id: id) }
        do {
            accountID = try row.value("account_id")
            deliveryID = try row.value("delivery_id")
            billID = try row.value("bill_id")
            invoiceNumber = try row.value("invoice_number")
            paymentCode = try row.value("payment_code")
            amount = try row.value("amount")
            paidAt = try row.value("paid_at")
            identifiers = Identifiers.read(try row.value("identifiers"))
            source = try row.word("source")
            receivedAt = try row.value("received_at")
            classifiedAs = try row.word("classified_as")
            standing = try row.word("standing")
            let words = (try row.value("flags") as String).split(separator: " ")
            flags = Set(words.compactMap { PaymentFlag(rawValue: String($0)) })
            heldBillID = try row.value("held_bill_id")
            paidBillID = try row.value("paid_bill_id")
            resolution = try PaymentResolution(row)
            horizon = Horizon(
                bill: try row.value("bill_horizon"), change: try row.value("change_horizon"),
                terms: try row.value("terms_horizon"))
            codeIsOurs = try row.value("code_is_ours")
            needsAttention = try row.value("needs_attention")
        } catch {
            throw .damagedPayment(id: id)
        }
    }
}

/// An operator's decision on a payment that needed one.
package struct PaymentResolution: Sendable, Equatable {
    package let action: Resolution
    /// The bill for which the payment was accepted.
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

    /// Nil while the payment is undecided.
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let action: Resolution = try row.wordIfAny("resolution") else { return nil }
        self.init(
            action: action, billID: try row.value("resolution_bill_id"),
            note: try row.value("resolution_note"), actor: try row.value("resolved_by"),
            at: try row.value("resolved_at"))
    }
}

/// Encodes identifiers as one column: a JSON array of [name, value].
enum Identifiers {
    static func text(_ list: [ReportedPayment.Identifier]) throws -> String {
        // What needs no escape is quoted here, because an encoder costs more than a row's insert.
        if list.allSatisfy({ isPlain($0.name) && isPlain($0.value) }) {
            let pairs = list.map { "[\"\($0.name)\",\"\($0.value)\"]" }
            return "[" + pairs.joined(separator: ",") + "]"
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(
            decoding: try encoder.encode(list.map { [$0.name, $0.value] }), as: UTF8.self)
    }

    /// Whether a text of JSON has these characters as they are.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            ($0 == UInt8(ascii: " ") || isVisibleASCII($0)) && $0 != UInt8(ascii: "\"")
                && $0 != UInt8(ascii: "\\")
        }
    }

    /// Returns an empty list for unreadable text.
    static func read(_ text: String) -> [ReportedPayment.Identifier] {
        namedValues(text).map { ReportedPayment.Identifier(name: $0.name, value: $0.value) }
    }
}

/// Returns the pairs of a JSON array of [name, value].
func namedValues(_ text: String) -> [(name: String, value: String)] {
    let pairs = (try? JSONDecoder().decode([[String]].self, from: Data(text.utf8))) ?? []
    return pairs.compactMap { pair in
        guard pair.count == 2, let name = pair.first, let value = pair.last else { return nil }
        return (name, value)
    }
}

extension Set<PaymentFlag> {
    /// The flags as in the row and in the API.
    package var words: [String] { map(\.rawValue).sorted() }
}
