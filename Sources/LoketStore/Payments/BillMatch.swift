// Finds a payment's bill, only by its invoice number: an exact match, or a match without the suffix
// that an inquiry adds to a number.

import GRDB
import LoketCore

enum BillMatch {
    enum Match {
        case nothing
        case bill(BillRecord)
        case damaged(id: Int64)
    }

    /// - Parameter upTo: the highest bill id to consider.
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

    /// Returns the bill that holds a code now; nil if none, or if its row is damaged.
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
