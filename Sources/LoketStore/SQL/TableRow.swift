// Execution of SQL texts, and typed reading of a row's columns. GRDB's own subscripts terminate the
// process if a damaged row has a value of another type, and print the row, including names.

import GRDB
import LoketCore

struct TableRow {
    private let row: Row
    private let table: String

    /// - Parameter table: the table name for faults.
    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    /// - Throws: `damagedRow` if the column is missing or has another type.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws(StoreFault) -> Value {
        guard let value = stored(column).flatMap(Value.fromDatabaseValue) else { throw damaged }
        return value
    }

    /// Returns a column's value as one of the allowed words or numbers.
    ///
    /// - Throws: `damagedRow` for any other value.
    func word<Word: RawRepresentable>(
        _ column: String
    ) throws(StoreFault) -> Word where Word.RawValue: DatabaseValueConvertible {
        guard let word = Word(rawValue: try value(column)) else { throw damaged }
        return word
    }

    /// Like `word`, but returns nil for null.
    func wordIfAny<Word: RawRepresentable<String>>(
        _ column: String
    ) throws(StoreFault) -> Word? {
        stored(column)?.isNull == true ? nil : try word(column)
    }

    private func stored(_ column: String) -> DatabaseValue? {
        try? row.decode(DatabaseValue.self, forColumn: column)
    }

    /// The fault of this row.
    var damaged: StoreFault {
        let number = stored("id") ?? stored("delivery_id")
        return .damagedRow(table: table, row: number.flatMap(Int64.fromDatabaseValue))
    }
}

/// Execution of fixed SQL texts, whose prepared statements GRDB caches. Texts composed from a
/// caller's filter are not executed with these functions, to keep them out of the cache.
extension Database {
    func run(_ sql: String, _ values: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: values)
    }

    /// Returns the first column of the first row.
    func integer(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> Int64? {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: values)
    }

    /// Returns whether there is a row whose first column is neither 0 nor null.
    func isTrue(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> Bool {
        try integer(sql, values) ?? 0 != 0
    }

    /// Returns the first column.
    func integers(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> [Int64] {
        try Int64.fetchAll(cachedStatement(sql: sql), arguments: values)
    }

    /// Returns the first column of the first row.
    func text(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> String? {
        try String.fetchOne(cachedStatement(sql: sql), arguments: values)
    }

    func row(_ sql: String, _ values: StatementArguments = StatementArguments()) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: values)
    }

    func rows(_ sql: String, _ values: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: values)
    }
}

extension String {
    /// The text with U+0000 replaced: many readers of SQLite's texts end a text there, and
    /// PostgreSQL does not accept it.
    var withoutNUL: String { utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self }
}

extension Cursor<Row> {
    /// Returns up to `limit` readable rows, and leaves out damaged rows.
    ///
    /// - Parameter damaged: called with the fault of each damaged row.
    func readable<Value>(
        _ limit: Int, damaged: (StoreFault) -> Void = { _ in }, _ read: (Row) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        while values.count < limit, let row = try next() {
            do {
                values.append(try read(row))
            } catch let fault as StoreFault {
                damaged(fault)
            }
        }
        return values
    }
}

extension Moment: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue { milliseconds.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Moment? {
        Int64.fromDatabaseValue(value).map { Moment(milliseconds: $0) }
    }
}
