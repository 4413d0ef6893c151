// A row of the table `bill`: its columns, its checksum and its conversion to a `Bill`. GRDB rows and
// prepared statements both read bills through this file, and BillTable.swift has the only INSERT and
// UPDATE. So no write can omit the checksums.

import GRDB
import LoketCore
import LoketSystem

/// Access to columns by index, for GRDB rows and for prepared statements.
protocol BillColumns {
    func integer(_ column: Int) -> Int64?
    func text(_ column: Int) -> String?
}

enum BillRow {
    /// The columns of a bill's content. The rows of an import have these columns too.
    static let content = """
        account_id, payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
        customer_email, info, amounts, valid_from, due_at
        """
    static let contentCount = 12

    /// The columns that an inquiry's answer needs, in the order that `read` expects.
    static let columns = "id, \(content), state, cancel_reason, checksum"

    /// The indexes of the columns in `columns`.
    private static let state = contentCount + 1
    private static let cancelReason = contentCount + 2
    static let checksum = contentCount + 3

    /// The columns that `bind` sets, in the same order.
    static let boundColumns = content + ", checksum, metadata"
    static let boundCount = contentCount + 2

    /// Returns the bill of a row. Any fault in the row is reported as damage; no value is guessed.
    static func read(_ row: some BillColumns) -> LookupResult {
        sound(row).map { .bill($0.bill) } ?? .damaged(billID: row.integer(0) ?? 0)
    }

    /// Returns the bill of a row; nil if the checksum does not match.
    static func sound(_ row: some BillColumns) -> (bill: Bill, accountID: Int64)? {
        guard let (bill, accountID) = asItStands(row),
            row.integer(checksum) == checksum(of: bill, accountID: accountID)
        else { return nil }
        return (bill, accountID)
    }

    /// Returns the bill of a row without comparing its checksum; nil if it is not a valid bill.
    ///
    /// - Parameter ignoresSteps: true to read a bill with its last amount alone.
    static func asItStands(
        _ row: some BillColumns, ignoresSteps: Bool = false
    ) -> (bill: Bill, accountID: Int64)? {
        guard let id = row.integer(0), let accountID = row.integer(1),
            let code = row.text(2).flatMap({ PaymentCode($0) }),
            let number = row.text(3).flatMap({ InvoiceNumber($0) }),
            let amount = row.integer(4).flatMap({ Rupiah(whole: $0) }),
            let amounts = DatedAmounts(last: amount, stored: ignoresSteps ? nil : row.text(10)),
            let reusable = row.integer(5), reusable == 0 || reusable == 1,
            let name = row.text(7),
            let state = row.text(state).flatMap({ Bill.State(rawValue: $0) })
        else { return nil }
        let bill = Bill(
            id: id, paymentCode: code, invoiceNumber: number, amounts: amounts,
            reusable: reusable == 1,
            validFrom: row.integer(11).map { Moment(milliseconds: $0) },
            expiresAt: row.integer(6).map { Moment(milliseconds: $0) },
            dueAt: row.integer(12).map { Moment(milliseconds: $0) }, state: state,
            cancelReason: row.text(cancelReason), customerName: name, customerEmail: row.text(8),
            info: row.text(9))
        return (bill, accountID)
    }

    /// Binds the content of a new bill to the first `boundCount` parameters.
    static func bind(
        _ draft: BillDraft, accountID: Int64, state: Bill.State = .open, to statement: RawStatement
    ) {
        statement.bind(accountID, at: 1)
        statement.bind(draft.paymentCode.digits, at: 2)
        statement.bind(draft.invoiceNumber.text, at: 3)
        statement.bind(draft.amounts.last.whole, at: 4)
        statement.bind(draft.reusable ? 1 : 0, at: 5)
        statement.bind(draft.expiresAt?.milliseconds, at: 6)
        statement.bind(draft.customerName, at: 7)
        statement.bind(draft.customerEmail, at: 8)
        statement.bind(draft.info, at: 9)
        statement.bind(draft.amounts.stored, at: 10)
        statement.bind(draft.validFrom?.milliseconds, at: 11)
        statement.bind(draft.dueAt?.milliseconds, at: 12)
        statement.bind(checksum(of: Bill(draft, state: state), accountID: accountID), at: 13)
        statement.bind(draft.metadata, at: 14)
    }

    /// Returns the first 64 bits of the SHA-256 of all fields except the id.
    static func checksum(of bill: Bill, accountID: Int64) -> Int64 {
        Int64(bitPattern: SHA256Digest(of: bytes(of: bill, accountID: accountID)).leadingBits)
    }

    /// Returns the bytes of all fields except the id; each text is preceded by its length.
    static func bytes(of bill: Bill, accountID: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        append(accountID, to: &bytes)
        append(bill.paymentCode.digits, to: &bytes)
        append(bill.invoiceNumber.text, to: &bytes)
        append(bill.amounts.last.whole, to: &bytes)
        append(bill.reusable ? 1 : 0, to: &bytes)
        append(bill.expiresAt == nil ? 0 : 1, to: &bytes)
        append(bill.expiresAt?.milliseconds ?? 0, to: &bytes)
        append(bill.state.rawValue, to: &bytes)
        append(bill.cancelReason, to: &bytes)
        append(bill.customerName, to: &bytes)
        append(bill.customerEmail, to: &bytes)
        append(bill.info, to: &bytes)
        appendDates(of: bill, to: &bytes)
        return bytes
    }

    /// Appends nothing for a bill that has none of these fields, so that the checksums of earlier
    /// versions remain valid.
    private static func appendDates(of bill: Bill, to bytes: inout [UInt8]) {
        guard bill.amounts.isDated || bill.validFrom != nil || bill.dueAt != nil else { return }
        append(bill.amounts.stored, to: &bytes)
        for moment in [bill.validFrom, bill.dueAt] {
            append(moment == nil ? 0 : 1, to: &bytes)
            append(moment?.milliseconds ?? 0, to: &bytes)
        }
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a text. The length of nil is -1, unlike that of an empty text.
    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        append(Int64(text?.utf8.count ?? -1), to: &bytes)
        if let text { bytes.append(contentsOf: text.utf8) }
    }
}

extension DatedAmounts {
    /// Reads the columns `amount` and `amounts`; nil if they do not agree.
    init?(last: Rupiah, stored: String?) {
        guard let stored else {
            self.init(last)
            return
        }
        self.init(stored: stored)
        guard self.last == last else { return nil }
    }
}

extension [Int] {
    /// Numbered SQL parameters: "?1, ?2, …".
    var parameters: String { map { "?\($0)" }.joined(separator: ", ") }
}
