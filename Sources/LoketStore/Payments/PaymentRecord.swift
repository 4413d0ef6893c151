// A payment's row: reading it into values, and writing it. The row's checksum covers every column
// named here, and every change of a row ends with `seal`.

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

    fileprivate static let columnNames = [
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(
            decoding: try encoder.encode(list.map { [$0.name, $0.value] }), as: UTF8.self)
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

enum PaymentRow {
    /// A newly classified payment.
    struct New {
        let accountID: Int64
        let deliveryID: Int64
        let billID: Int64?
        let receipt: ReportedPayment?
        let receivedAt: Moment
        let standing: Standing
        let flags: Set<PaymentFlag>
        let heldBillID: Int64?
        let paidBillID: Int64?
        let codeIsOurs: Bool
    }

    /// Inserts the row with its checksum.
    ///
    /// - Parameter identifiers: those of the receipt as one text.
    static func insert(
        _ new: New, identifiers: String, in database: Database
    ) throws -> PaymentRecord {
        let (id, source, horizon) = try place(of: new, in: database)
        let receipt = new.receipt
        let payment = PaymentRecord(
            id: id, accountID: new.accountID, deliveryID: new.deliveryID, billID: new.billID,
            invoiceNumber: receipt?.invoiceNumber.map(noted),
            paymentCode: receipt?.codeText.map(noted), amount: receipt?.amount?.whole,
            paidAt: receipt?.date, identifiers: receipt?.identifiers ?? [], source: source,
            receivedAt: new.receivedAt, classifiedAs: new.standing, standing: new.standing,
            flags: new.flags, heldBillID: new.heldBillID, paidBillID: new.paidBillID,
            resolution: nil, horizon: horizon, codeIsOurs: new.codeIsOurs,
            needsAttention: new.standing.needsDecision || !new.flags.isEmpty)
        let values: [(any DatabaseValueConvertible)?] = [
            id, payment.accountID, payment.deliveryID, payment.billID, payment.invoiceNumber,
            payment.paymentCode, payment.amount, payment.paidAt, identifiers, source.rawValue,
            payment.receivedAt, payment.classifiedAs.rawValue, payment.standing.rawValue,
            payment.flags.words.joined(separator: " "), payment.heldBillID, payment.paidBillID,
            nil, nil, nil, nil, nil, horizon.bill, horizon.change, horizon.terms,
            payment.codeIsOurs, payment.needsAttention,
        ]
        let checksum = RowChecksum.of(
            zip(PaymentRecord.columnNames, values.map { $0?.databaseValue ?? .null }))
        try database.run(insertion, StatementArguments(values + [checksum]))
        return payment
    }

    private static let insertion = """
        INSERT INTO payment (\(PaymentRecord.columns))
        VALUES (\(Array(1...PaymentRecord.columnNames.count).parameters))
        """

    /// Returns the next id, the source of the delivery, and the last rows before this payment.
    private static func place(
        of new: New, in database: Database
    ) throws -> (id: Int64, source: ReportedPayment.Source, horizon: Horizon) {
        let found = try database.row(
            """
            SELECT source, (SELECT coalesce(max(id), 0) + 1 FROM payment) AS next,
                (SELECT coalesce(max(id), 0) FROM bill) AS bill,
                (SELECT coalesce(max(id), 0) FROM bill_change) AS change,
                (SELECT coalesce(max(id), 0) FROM bill_terms) AS terms
            FROM delivery WHERE id = ?1
            """, [new.deliveryID])
        guard let found else {
            throw StoreFault.damagedRow(table: "delivery", row: new.deliveryID)
        }
        let row = TableRow(found, of: "delivery")
        let horizon = Horizon(
            bill: try row.value("bill"), change: try row.value("change"),
            terms: try row.value("terms"))
        return (try row.value("next"), try row.word("source"), horizon)
    }

    private static let selectByID =
        "SELECT \(PaymentRecord.columns) FROM payment WHERE id = ?1"

    /// Computes the checksum of the row's current values and stores it.
    static func seal(_ id: Int64, in database: Database) throws {
        guard let row = try database.row(selectByID, [id]) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        try database.run(
            "UPDATE payment SET checksum = ?1 WHERE id = ?2", [RowChecksum.of(row), id])
    }

    static func find(_ id: Int64, in database: Database) throws -> PaymentRecord? {
        try database.row(selectByID, [id]).map { try PaymentRecord($0) }
    }

    /// Returns a payment that must exist.
    static func fetch(_ id: Int64, in database: Database) throws -> PaymentRecord {
        guard let payment = try find(id, in: database) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        return payment
    }
}
