// One row of an import against the bills that are there: what it would do, or why it may not. Asked
// when the file is compared, and again when its turn comes, for bills move meanwhile.

import GRDB
import LoketCore

/// The reason with which an undone import cancels its bills; a later row for one opens it again.
package let importUndone = "import_undone"

final class ImportCheck {
    enum Verdict {
        case new
        /// A bill that the row changes, or opens again.
        case changed(BillRecord, BillEdit, what: String)
        case unchanged
        case skipped(String)
        case refused(column: String, value: String?, reason: String)
    }

    private let database: Database
    private let now: Moment
    private let plain: Statement
    private let byNumber: Statement
    private let byCode: Statement
    private let alike: Statement

    init(on database: Database, now: Moment) throws {
        self.database = database
        self.now = now
        let connection = database.sqliteConnection
        // '.' is the character behind '-': the number itself, and what stands with a suffix
        // behind it.
        plain = try Statement(
            """
            SELECT NOT EXISTS (
                SELECT 1 FROM bill
                WHERE account_id = ?1 AND invoice_number >= ?3 AND invoice_number < ?3 || '.'
            ) AND NOT EXISTS (
                SELECT 1 FROM bill INDEXED BY bill_code_held_once
                WHERE account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
            )
            """, on: connection)
        byNumber = try Statement(
            "SELECT id FROM bill WHERE account_id = ? AND invoice_number = ?", on: connection)
        byCode = try Statement(
            """
            SELECT id, state, expires_at, invoice_number
            FROM bill INDEXED BY bill_code_held_once
            WHERE account_id = ? AND payment_code = ? AND state IN ('open', 'held')
            """, on: connection)
        alike = try Statement(
            """
            SELECT invoice_number FROM bill
            WHERE account_id = ? AND invoice_number > ? AND invoice_number < ?
                AND length(invoice_number) = ?
            """, on: connection)
    }

    /// Nothing that is there has to do with the row on which `rows` stands: most rows of most
    /// files, and known without making a bill of it. No is no verdict.
    func isPlainlyNew(_ rows: StagedRows) throws -> Bool {
        if rows.isSuffixed { return false }
        if let expiry = rows.expiresAt, expiry <= now.milliseconds { return false }
        rows.bindNames(to: plain)
        defer { plain.reset() }
        return try plain.step() && plain.integer(0) == 1
    }

    func verdict(on row: StagedRow) throws -> Verdict {
        let draft = row.draft
        byNumber.bind(row.accountID, at: 1)
        byNumber.bind(draft.invoiceNumber.text, at: 2)
        let id = try byNumber.step() ? byNumber.integer(0) : nil
        byNumber.reset()
        if let id { return try verdict(on: row, bill: id) }
        if let expiry = draft.expiresAt, expiry <= now { return Self.expiryPast(expiry) }
        if let other = try likeSuffixed(draft.invoiceNumber, accountID: row.accountID) {
            return .refused(
                column: "invoice_number", value: draft.invoiceNumber.text,
                reason: "could be taken for an inquiry's number of \(other), or the reverse")
        }
        return try codeTaken(draft.paymentCode, accountID: row.accountID) ?? .new
    }

    // MARK: A bill that is there

    private func verdict(on row: StagedRow, bill id: Int64) throws -> Verdict {
        let draft = row.draft
        let record: BillRecord
        do {
            guard let found = try BillStore.record(id: id, in: database) else { return .new }
            record = found
        } catch StoreFault.damagedBill {
            return .skipped("\(StoreFault.damagedBill(id: id))")
        }
        let isUndone =
            record.bill.state == .cancelled && record.bill.cancelReason == importUndone
        let edit = BillEdit(to: draft, given: row.given)
        let what = edit.changes(from: record).joined(separator: ", ")
        let keepsCode = record.bill.paymentCode == draft.paymentCode
        let keepsUse =
            record.bill.reusable == draft.reusable || !row.given.contains(.reusable)
        if isUndone {
            // Whoever paid although it was cancelled would be asked to pay again.
            guard try !isPaidMeanwhile(id) else {
                return .skipped("the bill was paid after its import was undone: resolve that first")
            }
        } else {
            let state = record.bill.state
            let isEqual = what.isEmpty && keepsCode && keepsUse
            // Of one that nobody can pay any more the sender should hear, equal or not.
            if isEqual, state != .cancelled, state != .replaced { return .unchanged }
            guard state == .open else { return .skipped("the bill is \(state.rawValue)") }
        }
        guard keepsCode else {
            return .refused(
                column: "payment_code", value: draft.paymentCode.digits,
                reason: "the bill has \(record.bill.paymentCode); a bill keeps its code: "
                    + (isUndone ? "" : "cancel it and ")
                    + "give the new one another invoice number")
        }
        guard keepsUse else {
            return .refused(
                column: "reusable", value: "\(draft.reusable)",
                reason: "the bill is \(record.bill.reusable ? "" : "not ")reusable and stays so: "
                    + "cancel it and give the new one another invoice number")
        }
        let expiry = edit.expiresAt ?? record.bill.expiresAt
        if let expiry, expiry <= now { return Self.expiryPast(expiry) }
        guard isUndone else { return .changed(record, edit, what: what) }
        if let refusal = try codeTaken(draft.paymentCode, accountID: row.accountID) {
            return refusal
        }
        let opens = "open again, for its import was undone"
        return .changed(record, edit, what: what.isEmpty ? opens : opens + "; " + what)
    }

    private static func expiryPast(_ expiry: Moment) -> Verdict {
        .refused(column: "expires_at", value: expiry.wibText, reason: "is past")
    }

    private func isPaidMeanwhile(_ billID: Int64) throws -> Bool {
        try database.cachedStatement(
            sql: "SELECT 1 FROM payment WHERE bill_id = ? AND needs_attention = 1 LIMIT 1"
        ).fetchOneInteger([billID]) != nil
    }

    // MARK: Other bills

    private func codeTaken(_ code: PaymentCode, accountID: Int64) throws -> Verdict? {
        byCode.bind(accountID, at: 1)
        byCode.bind(code.digits, at: 2)
        defer { byCode.reset() }
        guard try byCode.step() else { return nil }
        let isExpired = byCode.integer(2).map { $0 <= now.milliseconds } ?? false
        if byCode.text(1) == Bill.State.open.rawValue, isExpired { return nil }
        return .refused(
            column: "payment_code", value: code.digits,
            reason: "is held by the bill \(byCode.text(3) ?? "")")
    }

    private func likeSuffixed(_ number: InvoiceNumber, accountID: Int64) throws -> InvoiceNumber? {
        if let own = number.withoutSuffix {
            byNumber.bind(accountID, at: 1)
            byNumber.bind(own.text, at: 2)
            defer { byNumber.reset() }
            if try byNumber.step() { return own }
        }
        alike.bind(accountID, at: 1)
        alike.bind(number.text + "-", at: 2)
        // '.' is the character behind '-'.
        alike.bind(number.text + ".", at: 3)
        alike.bind(Int64(number.text.utf8.count + 1 + InvoiceSuffix.length), at: 4)
        defer { alike.reset() }
        while try alike.step() {
            if let other = alike.text(0).flatMap({ InvoiceNumber($0) }),
                other.withoutSuffix == number
            {
                return other
            }
        }
        return nil
    }
}

extension BillEdit {
    /// What makes a bill the one that a row of a file describes.
    init(to draft: BillDraft, given: OptionalColumns) {
        self.init()
        amount = draft.amount
        customerName = draft.customerName
        if given.contains(.expiresAt) { expiresAt = .some(draft.expiresAt) }
        if given.contains(.info) { info = .some(draft.info) }
        if given.contains(.customerEmail) { customerEmail = .some(draft.customerEmail) }
        if given.contains(.metadata) { metadata = .some(draft.metadata) }
    }
}
