// A bill's row: its columns, its checksum, and the way back to a `Bill`. Both ways of reading,
// GRDB's rows and the gateway's prepared statement, come through here.

import LoketCore
import LoketSystem

/// Columns by their place, whoever fetched them.
protocol BillColumns {
    func integer(_ column: Int) -> Int64?
    func text(_ column: Int) -> String?
}

enum BillRow {
    /// What an answer is made of, in the order in which `read` takes it.
    static let columns = """
        id, account_id, payment_code, invoice_number, amount, reusable, expires_at, state, \
        cancel_reason, customer_name, customer_email, info, checksum
        """
    static let columnCount = 13

    /// Never a guess: a row that is wrong in any way is damaged.
    static func read(_ row: some BillColumns) -> Found {
        guard let (bill, accountID) = asItStands(row),
            row.integer(12) == checksum(of: bill, accountID: accountID)
        else { return .damaged(billID: row.integer(0) ?? 0) }
        return .bill(bill)
    }

    /// What a row says, whatever its checksum does; nil where that is no bill.
    static func asItStands(_ row: some BillColumns) -> (bill: Bill, accountID: Int64)? {
        guard let id = row.integer(0), let accountID = row.integer(1),
            let code = row.text(2).flatMap({ PaymentCode($0) }),
            let number = row.text(3).flatMap({ InvoiceNumber($0) }),
            let amount = row.integer(4).flatMap({ Rupiah(whole: $0) }),
            let reusable = row.integer(5), reusable == 0 || reusable == 1,
            let state = row.text(7).flatMap({ Bill.State(rawValue: $0) }),
            let name = row.text(9)
        else { return nil }
        let bill = Bill(
            id: id, paymentCode: code, invoiceNumber: number, amount: amount,
            reusable: reusable == 1,
            expiresAt: row.integer(6).map { Moment(milliseconds: $0) }, state: state,
            cancelReason: row.text(8), customerName: name, customerEmail: row.text(10),
            info: row.text(11))
        return (bill, accountID)
    }

    /// The first 64 bits of a SHA-256 over the fields, each with its length before it.
    static func checksum(of bill: Bill, accountID: Int64) -> Int64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        append(accountID, to: &bytes)
        append(bill.paymentCode.digits, to: &bytes)
        append(bill.invoiceNumber.text, to: &bytes)
        append(bill.amount.whole, to: &bytes)
        append(bill.reusable ? 1 : 0, to: &bytes)
        append(bill.expiresAt == nil ? 0 : 1, to: &bytes)
        append(bill.expiresAt?.milliseconds ?? 0, to: &bytes)
        append(bill.state.rawValue, to: &bytes)
        append(bill.cancelReason, to: &bytes)
        append(bill.customerName, to: &bytes)
        append(bill.customerEmail, to: &bytes)
        append(bill.info, to: &bytes)
        return Int64(bitPattern: SHA256Digest(of: bytes).leadingBits)
    }

    /// The same of a bill that is to be made.
    static func checksum(of draft: BillDraft, accountID: Int64, state: Bill.State = .open) -> Int64
    {
        let bill = Bill(
            id: 0, paymentCode: draft.paymentCode, invoiceNumber: draft.invoiceNumber,
            amount: draft.amount, reusable: draft.reusable, expiresAt: draft.expiresAt,
            state: state, cancelReason: nil, customerName: draft.customerName,
            customerEmail: draft.customerEmail, info: draft.info)
        return checksum(of: bill, accountID: accountID)
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Nil and empty differ: nil has a length that no text has.
    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        append(Int64(text?.utf8.count ?? -1), to: &bytes)
        if let text { bytes.append(contentsOf: text.utf8) }
    }
}
