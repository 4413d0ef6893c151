// Thin wrappers of SQLite's C statement with only the functions that performance-critical code
// needs: the lookup of an inquiry, the journal's insert, the rows of imports, and the statements of
// a payment. All other code uses GRDB.

import GRDB
import GRDBSQLite

/// Binding and reading of a prepared statement by index.
protocol PreparedStatement: BillColumns {
    var handle: OpaquePointer { get }
}

extension PreparedStatement {
    // MARK: Binding, from 1

    func bind(_ number: Int64?, at place: Int32) {
        if let number {
            sqlite3_bind_int64(handle, place, number)
        } else {
            sqlite3_bind_null(handle, place)
        }
    }

    func bind(_ text: String?, at place: Int32) {
        guard var text else {
            sqlite3_bind_null(handle, place)
            return
        }
        text.withUTF8 { bytes in
            _ = bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(
                    handle, place, characters.baseAddress, Int32(characters.count), transient)
            }
        }
    }

    func bind(_ bytes: [UInt8], at place: Int32) {
        bytes.withUnsafeBytes { bytes in
            // SQLite binds null for an empty array, whose address may be nil.
            guard !bytes.isEmpty else {
                sqlite3_bind_zeroblob(handle, place, 0)
                return
            }
            sqlite3_bind_blob(handle, place, bytes.baseAddress, Int32(bytes.count), transient)
        }
    }

    /// Ends the read and releases its database lock.
    func reset() {
        sqlite3_reset(handle)
    }

    // MARK: Columns, from 0

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64? {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_INTEGER else { return nil }
        return sqlite3_column_int64(handle, Int32(column))
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_BLOB else { return nil }
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ column: Int) -> String? {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT,
            let start = sqlite3_column_text(handle, Int32(column))
        else { return nil }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(
            decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

/// A statement prepared for this object alone. For one thread at a time; finalised when this object
/// is released.
final class RawStatement: PreparedStatement {
    let handle: OpaquePointer

    /// - Parameter database: must outlive the statement.
    init(_ sql: String, on database: OpaquePointer?) throws(StoreFault) {
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(
            database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw .sqlite(message(of: database)) }
        handle = made
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Binds the value of a column of another statement, which may be of another database.
    func bind(_ other: RawStatement, column: Int, at place: Int32) {
        sqlite3_bind_value(handle, place, sqlite3_column_value(other.handle, Int32(column)))
    }

    /// Returns true if there is a row, false at the end.
    func step() throws(StoreFault) -> Bool {
        let code = sqlite3_step(handle)
        switch code & 0xFF {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case SQLITE_INTERRUPT: throw .tooLate
        case SQLITE_FULL: throw .noRoom(message(of: sqlite3_db_handle(handle)))
        case let primary:
            let text = message(of: sqlite3_db_handle(handle))
            throw isMachineFailure(code: primary) ? .failing(text) : .sqlite(text)
        }
    }
}

/// A statement of GRDB's cache for a fixed SQL text, run without GRDB's arguments and rows, which
/// cost more than the statement. Its errors are GRDB's. Reset it after each use.
struct CachedStatement: PreparedStatement {
    let handle: OpaquePointer
    /// Keeps the statement prepared.
    private let statement: Statement

    init(_ sql: String, in database: Database) throws {
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// Returns true if there is a row, false at the end.
    ///
    /// - Throws: `DatabaseError`; the statement is then reset.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let text = message(of: sqlite3_db_handle(handle))
            sqlite3_reset(handle)
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: text, sql: statement.sql)
        }
    }

    /// Runs a statement that returns no rows, and resets it.
    func run() throws {
        _ = try step()
        reset()
    }

    /// Returns the first column of the first row, and resets the statement.
    func integer() throws -> Int64? {
        defer { reset() }
        return try step() ? integer(0) : nil
    }
}

/// `SQLITE_TRANSIENT`: SQLite copies the value.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

func message(of database: OpaquePointer?) -> String {
    guard let text = sqlite3_errmsg(database) else { return "out of memory" }
    return String(cString: text)
}

/// The version of SQLite in this process.
package let sqliteVersion = String(cString: sqlite3_libversion())
