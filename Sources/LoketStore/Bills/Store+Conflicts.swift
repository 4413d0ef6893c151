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

extension Store {
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
            let holder = try keeper(of: code, accountID: part.accountID, now: now, in: database)
        {
            causes.append(.codeTaken(by: holder.bill.invoiceNumber))
        }
        return causes
    }

    /// The bill that has a code and keeps it: an open one that has expired gives it up.
    ///
    /// - Throws: `StoreFault.damagedBill`.
    static func keeper(
        of code: PaymentCode, accountID: Int64, now: Moment, in database: Database
    ) throws -> BillRecord? {
        let holder = try holder(of: code.digits, accountID: accountID, in: database)
        return holder.flatMap { $0.bill.state == .open && $0.bill.isExpired(at: now) ? nil : $0 }
    }

    /// The number of a bill that could answer inquiries with this number, or whose inquiries'
    /// numbers this bill could be mistaken for. Payments are matched by the number alone.
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
