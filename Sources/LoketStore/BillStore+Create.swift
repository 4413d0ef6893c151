// Making bills: one transaction for all of them or for none. The invoice number is the
// idempotency key: the same bill again is the bill that is there.

import GRDB
import LoketCore

/// Why a bill cannot be made; the others of its batch are not made either.
package struct BillConflict: Error, Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// The number belongs to a bill with other content.
        case invoiceNumberTaken(billID: Int64)
        /// The number could be taken for an inquiry's number of that bill, or the reverse.
        case invoiceNumberLikeSuffixed(other: InvoiceNumber)
        /// An open or held bill has the code.
        case codeTaken(by: InvoiceNumber)
        case expiryPast
    }

    /// Place in the batch, from 0.
    package let index: Int
    package let cause: Cause
}

extension BillStore {
    /// A draft and the account it is for.
    package typealias NewBill = (accountID: Int64, draft: BillDraft)

    /// - Returns: the bills in the order of the drafts, and which of them are new.
    /// - Throws: `BillConflict` for the first that cannot be made.
    package func create(
        _ bills: [NewBill], now: Moment
    ) async throws -> [(record: BillRecord, isNew: Bool)] {
        try await commits.write { database in
            try bills.enumerated().map { index, new in
                do {
                    return try Self.create(new, now: now, in: database)
                } catch let cause as ConflictCause {
                    throw BillConflict(index: index, cause: cause.cause)
                }
            }
        }
    }

    private struct ConflictCause: Error {
        let cause: BillConflict.Cause
    }

    private static func create(
        _ new: NewBill, now: Moment, in database: Database
    ) throws -> (record: BillRecord, isNew: Bool) {
        let (accountID, draft) = new
        if let existing = try record(
            accountID: accountID, invoiceNumber: draft.invoiceNumber, in: database)
        {
            guard existing.isMade(of: draft, accountID: accountID) else {
                throw ConflictCause(cause: .invoiceNumberTaken(billID: existing.bill.id))
            }
            return (try fetch(existing.bill.id, in: database), false)
        }
        if let expiresAt = draft.expiresAt, expiresAt <= now {
            throw ConflictCause(cause: .expiryPast)
        }
        if let other = try likeSuffixed(
            draft.invoiceNumber, accountID: accountID, in: database)
        {
            throw ConflictCause(cause: .invoiceNumberLikeSuffixed(other: other))
        }
        try freeCode(draft.paymentCode, accountID: accountID, now: now, in: database)
        let id = try insert(draft, accountID: accountID, now: now, in: database)
        let made = try fetch(id, in: database)
        try Event.tell(
            .billCreated, of: made.bill, accountID: accountID, at: now, in: database)
        return (made, true)
    }

    /// A bill that could answer inquiries with this number, or whose inquiries' numbers this bill
    /// could be mistaken for. Payments are matched by the number alone.
    private static func likeSuffixed(
        _ number: InvoiceNumber, accountID: Int64, in database: Database
    ) throws -> InvoiceNumber? {
        if let own = number.withoutSuffix,
            try record(accountID: accountID, invoiceNumber: own, in: database) != nil
        {
            return own
        }
        let longer = try String.fetchAll(
            database,
            sql: """
                SELECT invoice_number FROM bill
                WHERE account_id = ? AND invoice_number > ? AND invoice_number < ?
                    AND length(invoice_number) = ?
                """,
            // '.' is the character behind '-'.
            arguments: [
                accountID, number.text + "-", number.text + ".",
                number.text.utf8.count + 1 + InvoiceSuffix.length,
            ])
        return longer.lazy.compactMap { InvoiceNumber($0) }
            .first { $0.withoutSuffix == number }
    }

    /// A code is free unless an open or held bill has it; one that has expired gives it up.
    private static func freeCode(
        _ code: PaymentCode, accountID: Int64, now: Moment, in database: Database
    ) throws {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT \(BillRecord.columns) FROM bill
                    WHERE account_id = ? AND payment_code = ? AND state IN ('open', 'held')
                    """,
                arguments: [accountID, code.digits])
        else { return }
        let holder = try BillRecord(row)
        guard holder.bill.state == .open, holder.bill.isExpired(at: now) else {
            throw ConflictCause(cause: .codeTaken(by: holder.bill.invoiceNumber))
        }
        try setState(.replaced, of: holder, now: now, in: database)
    }

    /// The expired bill that still holds a code gives it up, told by the one event of an import.
    static func freeExpired(
        _ code: PaymentCode, accountID: Int64, now: Moment, in database: Database
    ) throws {
        guard
            let holder = try BillMatch.holder(
                of: code.digits, accountID: accountID, in: database),
            holder.bill.state == .open, holder.bill.isExpired(at: now)
        else { return }
        try setState(.replaced, of: holder, tells: false, now: now, in: database)
    }

    static func insert(
        _ draft: BillDraft, accountID: Int64, state: Bill.State = .open, now: Moment,
        in database: Database
    ) throws -> Int64 {
        let bill = Bill(
            id: 0, paymentCode: draft.paymentCode, invoiceNumber: draft.invoiceNumber,
            amount: draft.amount, reusable: draft.reusable, expiresAt: draft.expiresAt,
            state: state, cancelReason: nil, customerName: draft.customerName,
            customerEmail: draft.customerEmail, info: draft.info)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO bill (
                    account_id, payment_code, invoice_number, amount, reusable, expires_at,
                    state, customer_name, customer_email, info, metadata, created_at,
                    changed_at, checksum
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            accountID, draft.paymentCode.digits, draft.invoiceNumber.text, draft.amount.whole,
            draft.reusable, draft.expiresAt?.milliseconds, state.rawValue, draft.customerName,
            draft.customerEmail, draft.info, draft.metadata, now.milliseconds,
            now.milliseconds, BillRow.checksum(of: bill, accountID: accountID),
        ])
        return database.lastInsertedRowID
    }
}
