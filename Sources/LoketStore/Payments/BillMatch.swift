// Whose bill is it? Only the invoice number finds it: exactly, or without the suffix that an
// inquiry's number has.

import GRDB
import LoketCore

enum BillMatch {
    enum Match {
        case nothing
        case bill(BillRecord)
        case damaged(id: Int64)
    }

    /// - Parameter upTo: bills with a higher id are not looked at.
    static func find(
        _ receipt: ReportedPayment, accountID: Int64, upTo horizon: Int64 = .max,
        in database: Database
    ) throws -> Match {
        guard let number = receipt.invoiceNumber.flatMap({ InvoiceNumber($0) }) else {
            return .nothing
        }
        let exact = try bill(number, accountID: accountID, upTo: horizon, in: database)
        if case .nothing = exact, let own = number.withoutSuffix, let code = receipt.codeText {
            let owner = try bill(own, accountID: accountID, upTo: horizon, in: database)
            if case .bill(let record) = owner, record.bill.paymentCode.digits != code {
                return .nothing
            }
            return owner
        }
        return exact
    }

    private static func bill(
        _ number: InvoiceNumber, accountID: Int64, upTo horizon: Int64, in database: Database
    ) throws -> Match {
        do {
            guard
                let record = try Store.record(
                    accountID: accountID, invoiceNumber: number, in: database),
                record.bill.id <= horizon
            else { return .nothing }
            return .bill(record)
        } catch StoreFault.damagedBill(let id) {
            return .damaged(id: id)
        }
    }

    /// The bill that holds a code now; one whose row is damaged is left alone.
    static func holder(
        of codeText: String?, accountID: Int64, in database: Database
    ) throws -> BillRecord? {
        guard let codeText else { return nil }
        do {
            return try Store.holder(of: codeText, accountID: accountID, in: database)
        } catch StoreFault.damagedBill {
            return nil
        }
    }
}
