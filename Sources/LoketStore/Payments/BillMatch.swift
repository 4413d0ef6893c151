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
        _ receipt: Receipt, accountID: Int64, upTo horizon: Int64 = .max, in database: Database
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
                let record = try BillStore.record(
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
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(BillRecord.columns) FROM bill
                WHERE account_id = ? AND payment_code = ? AND state IN ('open', 'held')
                """)
        return try Row.fetchOne(statement, arguments: [accountID, codeText])
            .flatMap { try? BillRecord($0) }
    }

    /// The bill with the amounts that it has carried.
    static func history(of record: BillRecord, in database: Database) throws -> BillHistory {
        let bill = record.bill
        let past = try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT id, amount, until FROM bill_terms WHERE bill_id = ? ORDER BY id"),
            arguments: [bill.id]
        ).compactMap { try CarriedAmount(TableRow($0, of: "bill_terms")) }
        let replacedAt = try database.cachedStatement(
            sql: "SELECT max(at) FROM bill_change WHERE bill_id = ? AND change = 'replaced'"
        ).fetchOneInteger([bill.id])
        return BillHistory(
            bill: bill, amounts: past + [CarriedAmount(amount: bill.amount, until: nil)],
            replacedAt: replacedAt.map { Moment(milliseconds: $0) })
    }
}

extension CarriedAmount {
    /// What a row of `bill_terms` says; nil where that is no amount.
    init?(_ row: TableRow) throws(StoreFault) {
        guard let amount = Rupiah(whole: try row.value("amount")) else { return nil }
        self.init(amount: amount, until: try row.value("until") as Moment)
    }
}
