// A row of the table `bill`: its columns, its checksum, its conversion to a `Bill`, and the only
// INSERT and UPDATE of the table. GRDB rows and prepared statements both read and write bills
// through this file. So no write can omit the checksums, and a new field of a bill is added to the
// row in this file only.

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

enum BillTable {
    /// Updates the row of an existing bill to the record's content and state.
    ///
    /// - Parameter state: the state of the bill before this change.
    /// - Returns: the record as now stored.
    /// - Throws: `StoreFault.damagedBill` if the database has no such bill in `state`. The caller
    ///   has read the bill in the same transaction, so only damage can cause this.
    static func save(
        _ record: BillRecord, from state: Bill.State, now: Moment, in database: Database
    ) throws -> BillRecord {
        var saved = record
        saved.changedAt = now
        let bill = saved.bill
        // SQLite rewrites every index on a column in the SET list, and most indexes are on the
        // state, so the state is set only if changed.
        let move = bill.state == state ? "" : "state = ?14, cancel_reason = ?15,"
        try database.run(
            """
            UPDATE bill SET \(move) amount = ?1, expires_at = ?2, customer_name = ?3,
                customer_email = ?4, info = ?5, metadata = ?6, changed_at = ?7, checksum = ?8,
                amounts = ?11, valid_from = ?12, due_at = ?13,
                record_checksum = \(BillRecord.checksum(metadata: "?6", changedAt: "?7"))
            WHERE id = ?9 AND state = ?10
            """,
            [
                bill.amounts.last.whole, bill.expiresAt?.milliseconds, bill.customerName,
                bill.customerEmail, bill.info, saved.metadata, now.milliseconds,
                BillRow.checksum(of: bill, accountID: saved.accountID), bill.id, state.rawValue,
                bill.amounts.stored, bill.validFrom?.milliseconds, bill.dueAt?.milliseconds,
            ] + (move.isEmpty ? [] : [bill.state.rawValue, bill.cancelReason]))
        guard database.changesCount == 1 else { throw StoreFault.damagedBill(id: bill.id) }
        return saved
    }
}

/// Creates bills in one transaction, with one prepared statement for all of them.
final class BillInserter {
    private let database: Database
    private let statement: RawStatement
    private let state: Bill.State

    /// - Parameters:
    ///   - actor: the name of the admin key; nil when filling a database before any service runs.
    ///   - importID: the import that creates the bills.
    init(
        on database: Database, state: Bill.State = .open, by actor: String?,
        importID: Int64? = nil, now: Moment
    ) throws {
        self.database = database
        statement = try RawStatement(
            """
            INSERT INTO bill (
                \(BillRow.boundColumns), state, created_at, changed_at, created_by, import_id,
                record_checksum
            ) VALUES (
                \(Array(1...BillRow.boundCount).parameters), ?15, ?16, ?16, ?17, ?18,
                \(BillRecord.checksum(metadata: "?14", madeAt: "?16", changedAt: "?16",
                    madeBy: "?17", importID: "?18"))
            )
            ON CONFLICT DO NOTHING
            """,
            on: database.sqliteConnection)
        statement.bind(state.rawValue, at: 15)
        statement.bind(now.milliseconds, at: 16)
        statement.bind(actor, at: 17)
        statement.bind(importID, at: 18)
        self.state = state
    }

    /// Creates a bill from the current row of `rows`.
    ///
    /// - Returns: the bill's id; nil if another bill has the invoice number or holds the code.
    func insert(_ rows: StagedRowCursor) throws -> Int64? {
        rows.bindBill(to: statement)
        return try insert()
    }

    /// - Throws: `StoreFault.sqlite` if another bill has the invoice number or holds the code.
    func insert(_ draft: BillDraft, accountID: Int64) throws -> Int64 {
        BillRow.bind(draft, accountID: accountID, state: state, to: statement)
        guard let id = try insert() else {
            throw StoreFault.sqlite("bill \(draft.invoiceNumber) could not be inserted")
        }
        return id
    }

    private func insert() throws -> Int64? {
        defer { statement.reset() }
        _ = try statement.step()
        return database.changesCount == 1 ? database.lastInsertedRowID : nil
    }
}
