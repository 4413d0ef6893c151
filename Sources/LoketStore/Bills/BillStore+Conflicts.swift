// What the bills that are there say against a new one: its number, its code; and the clock.

import GRDB
import LoketCore

/// As much of a bill to be made as could be read.
package struct BillPart: Sendable {
    package let accountID: Int64
    package let invoiceNumber: InvoiceNumber?
    /// Nil also where the code is to be made.
    package let paymentCode: PaymentCode?
    package let expiresAt: Moment?

    package init(
        accountID: Int64, invoiceNumber: InvoiceNumber?, paymentCode: PaymentCode?,
        expiresAt: Moment?
    ) {
        self.accountID = accountID
        self.invoiceNumber = invoiceNumber
        self.paymentCode = paymentCode
        self.expiresAt = expiresAt
    }
}

extension BillStore {
    /// What would keep bills from being made that have other faults too: those without a conflict
    /// are left out.
    package func conflicts(of parts: [BillPart], now: Moment) async throws -> [BillConflict] {
        try await pool.read { database in
            try parts.enumerated().compactMap { index, part in
                var causes: [BillConflict.Cause] = []
                if let number = part.invoiceNumber,
                    let existing = try Self.record(
                        accountID: part.accountID, invoiceNumber: number, in: database)
                {
                    causes.append(.invoiceNumberTaken(billID: existing.bill.id))
                }
                causes += try Self.conflicts(of: part, now: now, in: database)
                return BillConflict(index: index, causes: causes)
            }
        }
    }

    /// All but that the number is another bill's.
    static func conflicts(
        of part: BillPart, now: Moment, in database: Database
    ) throws -> [BillConflict.Cause] {
        var causes: [BillConflict.Cause] = []
        if let expiresAt = part.expiresAt, expiresAt <= now { causes.append(.expiryPast) }
        if let number = part.invoiceNumber,
            let other = try likeSuffixed(number, accountID: part.accountID, in: database)
        {
            causes.append(.invoiceNumberLikeSuffixed(other: other))
        }
        if let code = part.paymentCode,
            let holder = try holder(of: code, accountID: part.accountID, in: database),
            holder.bill.state == .held || !holder.bill.isExpired(at: now)
        {
            causes.append(.codeTaken(by: holder.bill.invoiceNumber))
        }
        return causes
    }

    /// The open or held bill that has a code; an open one that has expired gives it up.
    private static func holder(
        of code: PaymentCode, accountID: Int64, in database: Database
    ) throws -> BillRecord? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(BillRecord.columns) FROM bill
                WHERE account_id = ? AND payment_code = ? AND state IN ('open', 'held')
                """)
        return try Row.fetchOne(statement, arguments: [accountID, code.digits])
            .map { try BillRecord($0) }
    }

    /// A bill that could answer inquiries with this number, or whose inquiries' numbers this bill
    /// could be mistaken for. Payments are matched by the number alone.
    static func likeSuffixed(
        _ number: InvoiceNumber, accountID: Int64, in database: Database
    ) throws -> InvoiceNumber? {
        if let own = number.withoutSuffix,
            try record(accountID: accountID, invoiceNumber: own, in: database) != nil
        {
            return own
        }
        let longer = try String.fetchCursor(
            database,
            sql: """
                SELECT invoice_number FROM bill
                WHERE account_id = ? AND invoice_number > ? AND invoice_number < ?
                    AND length(invoice_number) = ?
                """,
            // In ASCII '.' follows '-'.
            arguments: [
                accountID, number.text + "-", number.text + ".",
                number.text.utf8.count + 1 + InvoiceSuffix.length,
            ])
        while let text = try longer.next() {
            if let other = InvoiceNumber(text), other.withoutSuffix == number { return other }
        }
        return nil
    }
}
