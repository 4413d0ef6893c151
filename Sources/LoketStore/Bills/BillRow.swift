// A row of the table `bill`: its columns, its checksum, the values that it is written with, and the
// way back to a `Bill`. Every way of reading one, GRDB's rows and prepared statements, and every
// way of writing one goes through here, so a new field of a bill is added here and in BillTable.

import LoketCore
import LoketSystem

/// Columns by their place, whichever interface fetched them.
protocol BillColumns {
    func integer(_ column: Int) -> Int64?
    func text(_ column: Int) -> String?
}

enum BillRow {
    /// What a bill is made of. The rows of an import have these columns too.
    static let content = """
        account_id, payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
        customer_email, info
        """
    static let contentCount = 9

    /// What an answer is made of, in the order in which `read` takes it.
    static let columns = "id, \(content), state, cancel_reason, checksum"

    /// Places of the columns in `columns`.
    private static let state = contentCount + 1
    private static let cancelReason = contentCount + 2
    static let checksum = contentCount + 3

    /// The columns that `bind` gives values, in its order.
    static let boundColumns = content + ", checksum, metadata"
    static let boundCount = contentCount + 2

    /// A row that is wrong in any way is reported as damaged, and never guessed at.
    static func read(_ row: some BillColumns) -> Found {
        sound(row).map { .bill($0.bill) } ?? .damaged(billID: row.integer(0) ?? 0)
    }

    /// What a row says, where its checksum fits.
    static func sound(_ row: some BillColumns) -> (bill: Bill, accountID: Int64)? {
        guard let (bill, accountID) = asItStands(row),
            row.integer(checksum) == checksum(of: bill, accountID: accountID)
        else { return nil }
        return (bill, accountID)
    }

    /// What a row says, whether or not its checksum fits; nil where that is not a bill.
    static func asItStands(_ row: some BillColumns) -> (bill: Bill, accountID: Int64)? {
        guard let id = row.integer(0), let accountID = row.integer(1),
            let code = row.text(2).flatMap({ PaymentCode($0) }),
            let number = row.text(3).flatMap({ InvoiceNumber($0) }),
            let amount = row.integer(4).flatMap({ Rupiah(whole: $0) }),
            let reusable = row.integer(5), reusable == 0 || reusable == 1,
            let name = row.text(7),
            let state = row.text(state).flatMap({ Bill.State(rawValue: $0) })
        else { return nil }
        let bill = Bill(
            id: id, paymentCode: code, invoiceNumber: number, amount: amount,
            reusable: reusable == 1,
            expiresAt: row.integer(6).map { Moment(milliseconds: $0) }, state: state,
            cancelReason: row.text(cancelReason), customerName: name, customerEmail: row.text(8),
            info: row.text(9))
        return (bill, accountID)
    }

    /// Binds what a new bill is made of to the first `boundCount` parameters.
    static func bind(
        _ draft: BillDraft, accountID: Int64, state: Bill.State = .open, to statement: Statement
    ) {
        statement.bind(accountID, at: 1)
        statement.bind(draft.paymentCode.digits, at: 2)
        statement.bind(draft.invoiceNumber.text, at: 3)
        statement.bind(draft.amount.whole, at: 4)
        statement.bind(draft.reusable ? 1 : 0, at: 5)
        statement.bind(draft.expiresAt?.milliseconds, at: 6)
        statement.bind(draft.customerName, at: 7)
        statement.bind(draft.customerEmail, at: 8)
        statement.bind(draft.info, at: 9)
        statement.bind(checksum(of: Bill(draft, state: state), accountID: accountID), at: 10)
        statement.bind(draft.metadata, at: 11)
    }

    /// The first 64 bits of a SHA-256 over all fields but the id.
    static func checksum(of bill: Bill, accountID: Int64) -> Int64 {
        Int64(bitPattern: SHA256Digest(of: bytes(of: bill, accountID: accountID)).leadingBits)
    }

    /// All fields but the id, each text with its length before it.
    static func bytes(of bill: Bill, accountID: Int64) -> [UInt8] {
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
        return bytes
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

extension [Int] {
    /// Numbered parameters of SQL.
    var parameters: String { map { "?\($0)" }.joined(separator: ", ") }
}
