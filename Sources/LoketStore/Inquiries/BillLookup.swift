// The only database read for an inquiry: a prepared statement on a read-only connection that
// belongs to the calling thread. It uses no pool, no explicit transaction and no JSON, and has a
// deadline. Reads that follow each other can share a snapshot, which saves the locks of each.
//
// The file is not memory-mapped: SQLite unmaps it at every new snapshot, the journal commits twenty
// times a second, and faulting the pages in again costs more than reading the few pages needed.

import GRDB
import GRDBSQLite
import LoketCore

package final class BillLookup {
    /// Selects the bill that holds the code; if there is none, the newest bill that held it. If the
    /// first half finds a row in its index, SQLite does not start the second half.
    static let sql = """
        SELECT \(BillRow.columns) FROM bill
        WHERE account_id = ?1 AND payment_code = ?2 AND \(CodeIndex.isHolder)
        UNION ALL
        SELECT \(BillRow.columns) FROM bill
        WHERE id = (
            SELECT max(\(CodeIndex.place)) FROM bill
            WHERE account_id = ?1 AND payment_code = ?2 AND \(CodeIndex.isFormer)
        )
        LIMIT 1
        """

    /// SQLite virtual machine steps between two deadline checks; a whole lookup takes 60.
    private static let stepsBetweenLooks: Int32 = 1_000
    /// The busy timeout in milliseconds: in WAL mode a reader waits only for a recovery.
    private static let busyMilliseconds: Int32 = 100

    private let database: OpaquePointer
    /// Two equal statements. While a snapshot is held, the one that read the last row keeps it and
    /// the other reads next.
    private var reading: RawStatement?
    private var keeping: RawStatement?
    private var holdsSnapshot = false
    private var texts = BoundTexts()
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
        reading = try RawStatement(Self.sql, on: database)
        keeping = try RawStatement(Self.sql, on: database)
        sqlite3_progress_handler(
            database, Self.stepsBetweenLooks,
            { context in
                guard let context else { return 0 }
                let lookup = Unmanaged<BillLookup>.fromOpaque(context).takeUnretainedValue()
                return lookup.isPastDeadline ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        (reading, keeping) = (nil, nil)
        sqlite3_close_v2(database)
    }

    /// Returns the current bill of the code.
    ///
    /// - Parameters:
    ///   - accountID: the row in `account`.
    ///   - deadline: the time at which the read is interrupted.
    /// - Throws: `.tooLate` or `.sqlite`; the caller then declines the inquiry and never guesses.
    package func find(
        accountID: Int64, code: PaymentCode, deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> LookupResult {
        guard let statement = reading else { preconditionFailure("it lives as long as this") }
        self.deadline = deadline
        texts.removeAll()
        texts.add(code.digits, at: 2)
        var isFound = false
        defer {
            if isFound, holdsSnapshot {
                swap(&reading, &keeping)
                reading?.reset()
            } else {
                statement.reset()
            }
        }
        isFound = try texts.bound(to: statement) { () throws(StoreFault) in
            statement.bind(accountID, at: 1)
            return try statement.step()
        }
        return isFound ? BillRow.read(statement) : .nothing
    }

    /// Lets the next reads share a snapshot, until `releaseSnapshot`.
    package func holdSnapshot() {
        holdsSnapshot = true
    }

    package func releaseSnapshot() {
        holdsSnapshot = false
        keeping?.reset()
    }

    private var isPastDeadline: Bool {
        guard let deadline else { return false }
        return ContinuousClock.now >= deadline
    }
}
