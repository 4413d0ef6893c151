// The way over rows that wait: SQLite's values as they lie there, so that a million of them go from
// one file to the other without becoming anything in between.

import GRDB
import LoketCore

/// Stands on one row at a time. Used inside `ImportStage.walk` only.
struct StagedRows {
    static let columns = """
        line, account_id, payment_code, invoice_number, amount, reusable, expires_at, \
        customer_name, customer_email, info, metadata, checksum, given
        """

    private let statement: Statement

    init(
        after line: Int64, outcomes: [StagedRow.Outcome], limit: Int, in database: Database
    ) throws {
        let words = outcomes.map { String($0.rawValue) }.joined(separator: ",")
        statement = try Statement(
            """
            SELECT \(Self.columns), outcome,
                EXISTS (SELECT 1 FROM suffixed WHERE suffixed.line = row.line)
            FROM row WHERE line > ? AND outcome IN (\(words)) ORDER BY line LIMIT ?
            """,
            on: database.sqliteConnection)
        statement.bind(line, at: 1)
        statement.bind(Int64(limit), at: 2)
    }

    /// Steps to the next row; false behind the last.
    func next() throws -> Bool { try statement.step() }

    // MARK: The row

    var line: Int64 { statement.integer(0) ?? 0 }
    var expiresAt: Int64? { statement.integer(6) }
    var isNew: Bool { statement.integer(13) == StagedRow.Outcome.new.rawValue }
    /// Its number has the form of an inquiry's.
    var isSuffixed: Bool { statement.integer(14) != 0 }

    /// Binds a bill's values from its account to its checksum, in the order of `columns`.
    func bindBill(to other: Statement) {
        for place in 1...11 { other.bind(statement, column: place, at: Int32(place)) }
    }

    /// Binds account, payment code and invoice number.
    func bindNames(to other: Statement) {
        for place in 1...3 { other.bind(statement, column: place, at: Int32(place)) }
    }

    func row() throws -> StagedRow {
        guard let accountID = statement.integer(1),
            let code = statement.text(2).flatMap({ PaymentCode($0) }),
            let number = statement.text(3).flatMap({ InvoiceNumber($0) }),
            let amount = statement.integer(4).flatMap({ Rupiah(whole: $0) }),
            let reusable = statement.integer(5), let name = statement.text(7),
            let given = statement.integer(12)
        else { throw StoreFault.sqlite("the staged row of line \(line) is damaged") }
        return StagedRow(
            line: line, accountID: accountID,
            draft: BillDraft(
                paymentCode: code, invoiceNumber: number, amount: amount, reusable: reusable == 1,
                expiresAt: expiresAt.map { Moment(milliseconds: $0) }, customerName: name,
                customerEmail: statement.text(8), info: statement.text(9),
                metadata: statement.text(10)),
            given: OptionalColumns(rawValue: given))
    }
}
