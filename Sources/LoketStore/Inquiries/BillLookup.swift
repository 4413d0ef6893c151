// The one read that answers every inquiry: a prepared statement on a read-only connection that
// belongs to the calling thread. No pool, no transaction of ours, no JSON, bounded in time.
//
// The file is not mapped into memory: SQLite unmaps it at every new snapshot, the journal makes
// forty a second, and faulting the pages in again costs more than reading the few that are needed.

import GRDB
import GRDBSQLite
import LoketCore

package final class BillLookup {
    /// The bill that holds the code; if none does, the newest that ever did. The first half is
    /// answered from one index and then the second is not even started.
    static let sql = """
        SELECT \(BillRow.columns) FROM bill
        WHERE account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
        UNION ALL
        SELECT \(BillRow.columns) FROM bill
        WHERE id = (
            SELECT max(id) FROM bill
            WHERE account_id = ?1 AND payment_code = ?2 AND state NOT IN ('open', 'held')
        )
        LIMIT 1
        """

    /// Steps of SQLite's machine between two looks at the clock; a whole look-up takes 60.
    private static let stepsBetweenLooks: Int32 = 1_000
    /// Milliseconds: a reader of a WAL waits for a recovery and for nothing else.
    private static let busyMilliseconds: Int32 = 100

    private let database: OpaquePointer
    private var statement: RawStatement?
    private var deadline: ContinuousClock.Instant?

    init(path: String) throws(StoreFault) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let fault = StoreFault(
                sqlite: ResultCode(rawValue: sqlite3_extended_errcode(opened)),
                message(of: opened), at: path)
            sqlite3_close_v2(opened)
            throw fault
        }
        database = opened
        sqlite3_busy_timeout(database, Self.busyMilliseconds)
        statement = try RawStatement(Self.sql, on: database)
        sqlite3_progress_handler(
            database, Self.stepsBetweenLooks,
            { context in
                guard let context else { return 0 }
                let lookup = Unmanaged<BillLookup>.fromOpaque(context).takeUnretainedValue()
                return lookup.isPastDeadline ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        statement = nil
        sqlite3_close_v2(database)
    }

    /// What the code's bill is at this moment.
    ///
    /// - Parameters:
    ///   - accountID: the row in `account`.
    ///   - deadline: the read is cut off there.
    /// - Throws: `.tooLate` or `.sqlite`; the caller declines, it never guesses.
    package func find(
        accountID: Int64, code: PaymentCode, deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> LookupResult {
        guard let statement else { preconditionFailure("the statement lives as long as this") }
        self.deadline = deadline
        statement.bind(accountID, at: 1)
        statement.bind(code.digits, at: 2)
        defer { statement.reset() }
        return try statement.step() ? BillRow.read(statement) : .nothing
    }

    private var isPastDeadline: Bool {
        guard let deadline else { return false }
        return ContinuousClock.now >= deadline
    }
}
