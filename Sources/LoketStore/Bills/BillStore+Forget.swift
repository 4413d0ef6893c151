// Taking the customer out of a bill that is closed: name, e-mail address, info line and metadata.
// What was owed and paid stays; so does the ledger, which is DOKU's word and never changes.

import GRDB
import LoketCore

/// What became of a wish to forget.
package enum ForgetOutcome: Sendable {
    case forgotten(BillRecord)
    /// It was forgotten before; nothing was changed.
    case already(BillRecord)
    /// Open or held: the counter may still have to say whose bill it is.
    case refused(BillRecord)
    case unknown
}

extension BillStore {
    /// What stands in place of a customer's name.
    package static let forgottenName = "forgotten"

    /// - Parameter actor: name of the admin key.
    package func forget(
        id: Int64, actor: String, now: Moment
    ) async throws -> ForgetOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
            guard !record.bill.state.holdsCode else { return .refused(record) }
            try Self.clearImports(of: id, in: database)
            guard !record.isForgotten else { return .already(record) }
            try Self.clear(record, now: now, in: database)
            try Self.noteChange(
                "forgotten", of: id, detail: nil, actor: actor, now: now, in: database)
            let forgotten = try Self.fetch(id, in: database)
            try Event.tell(
                .billChanged, of: forgotten.bill, accountID: forgotten.accountID, at: now,
                in: database)
            return .forgotten(forgotten)
        }
    }

    private static func clear(
        _ record: BillRecord, now: Moment, in database: Database
    ) throws {
        let bill = record.bill.withoutCustomer
        try database.execute(
            sql: """
                UPDATE bill SET customer_name = ?, customer_email = NULL, info = NULL,
                    metadata = NULL, changed_at = ?, checksum = ?,
                    record_checksum = \(BillRecord.checksum(metadata: "NULL", changedAt: "?2"))
                WHERE id = ?
                """,
            arguments: [
                bill.customerName, now.milliseconds,
                BillRow.checksum(of: bill, accountID: record.accountID), bill.id,
            ])
    }

    /// What imports remember of the bill as it was before them.
    private static func clearImports(of billID: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE import_change SET customer_name = ?, customer_email = NULL, info = NULL,
                    metadata = NULL
                WHERE bill_id = ?
                """,
            arguments: [forgottenName, billID])
    }
}

extension BillRecord {
    /// A bill that was opened again may have a customer again.
    fileprivate var isForgotten: Bool {
        history.contains { $0.change == "forgotten" } && bill == bill.withoutCustomer
            && metadata == nil
    }
}

extension Bill {
    fileprivate var withoutCustomer: Bill {
        Bill(
            id: id, paymentCode: paymentCode, invoiceNumber: invoiceNumber, amount: amount,
            reusable: reusable, expiresAt: expiresAt, state: state, cancelReason: cancelReason,
            customerName: BillStore.forgottenName, customerEmail: nil, info: nil)
    }
}
