// Conflicts of a new bill: with existing bills, by invoice number or payment code; and a past
// expiry.

import GRDB
import LoketCore

/// The readable fields of a bill to be created.
package struct BillPart: Sendable {
    package let accountID: Int64
    package let invoiceNumber: InvoiceNumber?
    /// Nil if unreadable, or if to be generated.
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

extension Store {
    /// Returns the conflicts of bills that already have other faults. Bills without a conflict are
    /// omitted from the result.
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

    /// Returns all conflicts except a taken invoice number.
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
            let holder = try keeper(of: code, accountID: part.accountID, now: now, in: database)
        {
            causes.append(.codeTaken(by: holder.bill.invoiceNumber))
        }
        return causes
    }

    /// Returns the bill that holds a code. An open bill that has expired does not count: its code
    /// can be reused.
    ///
    /// - Throws: `StoreFault.damagedBill` if damaged.
    static func keeper(
        of code: PaymentCode, accountID: Int64, now: Moment, in database: Database
    ) throws -> BillRecord? {
        let holder = try holder(of: code.digits, accountID: accountID, in: database)
        return holder.flatMap { $0.bill.state == .open && $0.bill.isExpired(at: now) ? nil : $0 }
    }

    /// Returns the invoice number of an existing bill that could be confused with `number`: one
    /// number is the other plus an inquiry's suffix. Payments are matched by the number only.
    static func likeSuffixed(
        _ number: InvoiceNumber, accountID: Int64, in database: Database
    ) throws -> InvoiceNumber? {
        if let own = number.withoutSuffix {
            let known = try database.integer(
                "SELECT id FROM bill WHERE account_id = ?1 AND invoice_number = ?2",
                [accountID, own.text])
            if known != nil { return own }
        }
        let longer = try String.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT invoice_number FROM bill
                    WHERE account_id = ?1 AND invoice_number > ?2 AND invoice_number < ?3
                        AND length(invoice_number) = ?4
                    """),
            // In ASCII '.' is the character after '-'.
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
