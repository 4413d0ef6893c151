// The INSERT of the journal. One statement writes several rows, so that SQLite opens the table and
// its indexes once for all of them, and keeps its memory from row to row.

import GRDB

final class JournalInserter {
    private static let columns = 13
    /// The number of rows of a full statement.
    private static let rowsAtOnce = 16

    private let database: Database
    /// A statement for each number of rows that was written.
    private var statements: [Int: RawStatement] = [:]
    private var texts = BoundTexts()

    init(on database: Database) {
        self.database = database
    }

    /// - Parameter pause: called between two statements.
    func insert(_ entries: ArraySlice<JournalEntry>, pause: () -> Void) throws {
        var rest = entries
        while !rest.isEmpty {
            pause()
            try insert(atOnce: rest.prefix(Self.rowsAtOnce))
            rest = rest.dropFirst(Self.rowsAtOnce)
        }
    }

    private func insert(atOnce entries: ArraySlice<JournalEntry>) throws {
        let statement = try statement(rows: entries.count)
        texts.removeAll()
        for (row, entry) in entries.enumerated() {
            entry.add(to: &texts, after: Int32(row * Self.columns))
        }
        try texts.bound(to: statement) { () throws(StoreFault) in
            defer { statement.reset() }
            for (row, entry) in entries.enumerated() {
                entry.bindNumbers(to: statement, after: Int32(row * Self.columns))
            }
            _ = try statement.step()
        }
    }

    private func statement(rows: Int) throws -> RawStatement {
        if let statement = statements[rows] { return statement }
        let row = "(" + Array(repeating: "?", count: Self.columns).joined(separator: ", ") + ")"
        let statement = try RawStatement(
            """
            INSERT INTO inquiry (
                received_at, dialect, account_id, request_id, payment_code, channel, acquirer,
                guard, bill_id, amount, invoice_number, duration_us, skew_ms
            ) VALUES \(Array(repeating: row, count: rows).joined(separator: ", "))
            """, on: database.sqliteConnection)
        statements[rows] = statement
        return statement
    }
}

extension JournalEntry {
    /// - Parameter before: the number of parameters of earlier rows.
    fileprivate func add(to texts: inout BoundTexts, after before: Int32) {
        texts.add(dialect, at: before + 2)
        texts.add(requestID, at: before + 4)
        texts.add(codeText.map(Self.kept), at: before + 5)
        texts.add(channel.map(Self.kept), at: before + 6)
        texts.add(acquirer.map(Self.kept), at: before + 7)
        texts.add(answeredBy.rawValue, at: before + 8)
        texts.add(invoiceNumber, at: before + 11)
    }

    fileprivate func bindNumbers(to statement: RawStatement, after before: Int32) {
        statement.bind(receivedAt.milliseconds, at: before + 1)
        statement.bind(accountID, at: before + 3)
        statement.bind(billID, at: before + 9)
        statement.bind(amount, at: before + 10)
        statement.bind(durationMicroseconds, at: before + 12)
        statement.bind(skewMilliseconds, at: before + 13)
    }
}
