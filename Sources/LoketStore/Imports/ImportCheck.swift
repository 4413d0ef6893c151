// Compares one row of an import with the existing bills: what the row would do, or why it is
// refused. Used when the whole file is compared and again when the row is applied, because bills
// change in between.

import GRDB
import LoketCore

/// The cancel reason of the bills of an undone import. A later row for such a bill reopens it.
package let importUndone = "import_undone"

final class ImportCheck {
    enum Verdict {
        case new
        /// The row changes or reopens this bill.
        case changed(BillRecord, BillEdit, what: String)
        case unchanged(BillRecord)
        case skipped(String)
        case refused(column: String, value: String?, reason: String)
    }

    private let database: Database
    private let now: Moment
    private let plain: RawStatement

    init(on database: Database, now: Moment) throws {
        self.database = database
        self.now = now
        // In ASCII '.' is the character after '-', so the range has the number and the number with
        // a suffix.
        plain = try RawStatement(
            """
            SELECT NOT EXISTS (
                SELECT 1 FROM bill
                WHERE account_id = ?1 AND invoice_number >= ?3 AND invoice_number < ?3 || '.'
            ) AND NOT EXISTS (
                SELECT 1 FROM bill INDEXED BY \(CodeIndex.name)
                WHERE account_id = ?1 AND payment_code = ?2 AND \(CodeIndex.isHolder)
            )
            """, on: database.sqliteConnection)
    }

    /// Returns true if no existing bill conflicts with the current row of `rows`. This holds for
    /// most rows of most files and is decided without decoding the row. False only means that
    /// `verdict` must decide.
    func isPlainlyNew(_ rows: StagedRowCursor) throws -> Bool {
        if rows.isSuffixed { return false }
        if let expiry = rows.expiresAt, expiry <= now.milliseconds { return false }
        rows.bindNames(to: plain)
        defer { plain.reset() }
        return try plain.step() && plain.integer(0) == 1
    }

    func verdict(on row: StagedRow) throws -> Verdict {
        let draft = row.draft
        do {
            let existing = try Store.record(
                accountID: row.accountID, invoiceNumber: draft.invoiceNumber, in: database)
            if let existing { return try verdict(on: row, existing) }
        } catch let fault as StoreFault {
            guard case .damagedBill = fault else { throw fault }
            return .skipped("\(fault)")
        }
        if let expiry = draft.expiresAt, expiry <= now { return Self.expiryPast(expiry) }
        let other = try Store.likeSuffixed(
            draft.invoiceNumber, accountID: row.accountID, in: database)
        if let other {
            return .refused(
                column: "invoice_number", value: draft.invoiceNumber.text,
                reason: "differs from \(other) only by a suffix of the form that loket adds in "
                    + "inquiries")
        }
        return try codeTaken(draft.paymentCode, accountID: row.accountID) ?? .new
    }

    // MARK: An existing bill

    private func verdict(on row: StagedRow, _ record: BillRecord) throws -> Verdict {
        let draft = row.draft
        let isUndone =
            record.bill.state == .cancelled && record.bill.cancelReason == importUndone
        let edit = BillEdit(to: draft, given: row.given)
        let what = edit.changes(from: record).joined(separator: ", ")
        let keepsCode = record.bill.paymentCode == draft.paymentCode
        let keepsUse =
            record.bill.reusable == draft.reusable || !row.given.contains(.reusable)
        if isUndone {
            // A customer who paid the cancelled bill would be asked to pay again.
            guard try Store.undecidedPayment(of: record.bill.id, in: database) == nil else {
                return .skipped(
                    "the bill was paid after its import was undone: resolve that payment first")
            }
        } else {
            let state = record.bill.state
            let isEqual = what.isEmpty && keepsCode && keepsUse
            // The sender should learn that a bill is no longer payable, even if the row is equal.
            if isEqual, state != .cancelled, state != .replaced { return .unchanged(record) }
            guard state == .open else { return .skipped("the bill is \(state.rawValue)") }
        }
        guard keepsCode else {
            return .refused(
                column: "payment_code", value: draft.paymentCode.digits,
                reason: "the bill has the code \(record.bill.paymentCode), which cannot change: "
                    + (isUndone ? "" : "cancel the bill and ")
                    + "give the new bill another invoice number")
        }
        guard keepsUse else {
            return .refused(
                column: "reusable", value: "\(draft.reusable)",
                reason: "the bill is \(record.bill.reusable ? "" : "not ")reusable, which cannot "
                    + "change: cancel the bill and give the new bill another invoice number")
        }
        let expiry = edit.expiresAt ?? record.bill.expiresAt
        if let expiry, expiry <= now { return Self.expiryPast(expiry) }
        if let fault = edit.applied(to: record).bill.validFromFault {
            return .refused(column: "valid_from", value: nil, reason: fault)
        }
        guard isUndone else { return .changed(record, edit, what: what) }
        if let refusal = try codeTaken(draft.paymentCode, accountID: row.accountID) {
            return refusal
        }
        let opens = "the bill is reopened, which an undone import had cancelled"
        return .changed(record, edit, what: what.isEmpty ? opens : opens + "; " + what)
    }

    private static func expiryPast(_ expiry: Moment) -> Verdict {
        .refused(column: "expires_at", value: expiry.wibText, reason: "is in the past")
    }

    // MARK: Other bills

    private func codeTaken(_ code: PaymentCode, accountID: Int64) throws -> Verdict? {
        let holder: String
        do {
            let keeper = try Store.keeper(
                of: code, accountID: accountID, now: now, in: database)
            guard let keeper else { return nil }
            holder = keeper.bill.invoiceNumber.text
        } catch StoreFault.damagedBill(let id) {
            holder = "\(id), which is damaged"
        }
        return .refused(
            column: "payment_code", value: code.digits, reason: "is in use by bill \(holder)")
    }
}
