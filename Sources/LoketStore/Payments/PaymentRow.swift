// Writing payments: every change of a row ends with its seal.

import Foundation
import GRDB
import LoketCore

enum PaymentRow {
    /// A payment that was just classified.
    struct New {
        let accountID: Int64
        let deliveryID: Int64
        let billID: Int64?
        let receipt: Receipt?
        let receivedAt: Moment
        let standing: Standing
        let flags: Set<PaymentFlag>
        let heldBillID: Int64?
        let paidBillID: Int64?
        let codeIsOurs: Bool
    }

    static func insert(_ new: New, in database: Database) throws -> Int64 {
        let receipt = new.receipt
        let needsAttention = new.standing.needsDecision || !new.flags.isEmpty
        try database.cachedStatement(
            sql: """
                INSERT INTO payment (
                    account_id, delivery_id, bill_id, invoice_number, payment_code, amount,
                    paid_at, identifiers, source, received_at, classified_as, standing, flags,
                    held_bill_id, paid_bill_id, code_is_ours, needs_attention, bill_horizon,
                    change_horizon, terms_horizon, checksum
                ) VALUES (
                    ?, ?, ?, ?, ?, ?, ?, ?, (SELECT source FROM delivery WHERE id = ?), ?, ?, ?,
                    ?, ?, ?, ?, ?, (SELECT ifnull(max(id), 0) FROM bill),
                    (SELECT ifnull(max(id), 0) FROM bill_change),
                    (SELECT ifnull(max(id), 0) FROM bill_terms), 0
                )
                """
        ).execute(arguments: [
            new.accountID, new.deliveryID, new.billID, receipt?.invoiceNumber.map(noted),
            receipt?.codeText.map(noted), receipt?.amount?.whole, receipt?.date?.milliseconds,
            try Identifiers.text(receipt?.identifiers ?? []), new.deliveryID,
            new.receivedAt.milliseconds, new.standing.rawValue, new.standing.rawValue,
            new.flags.words.joined(separator: " "), new.heldBillID, new.paidBillID,
            new.codeIsOurs, needsAttention,
        ])
        let id = database.lastInsertedRowID
        try seal(id, in: database)
        return id
    }

    /// Writes the checksum over what the row now holds.
    static func seal(_ id: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT \(PaymentRecord.columns) FROM payment WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        try database.cachedStatement(sql: "UPDATE payment SET checksum = ? WHERE id = ?")
            .execute(arguments: [RowChecksum.of(row), id])
    }

    static func find(_ id: Int64, in database: Database) throws -> PaymentRecord? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(PaymentRecord.columns) FROM payment WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try PaymentRecord($0) }
    }

    /// A payment that must be there.
    static func fetch(_ id: Int64, in database: Database) throws -> PaymentRecord {
        guard let payment = try find(id, in: database) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        return payment
    }
}
