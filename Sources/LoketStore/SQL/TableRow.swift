// Statements by their text, and a row read column by column, each as the type that it must have.
// GRDB's own subscripts end the process where a damaged row holds another type, and print the row,
// names included.

import GRDB
import LoketCore

struct TableRow {
    private let row: Row
    private let table: String

    /// - Parameter table: named by the fault.
    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    /// - Throws: `damagedRow` where the column is missing or holds another type.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws(StoreFault) -> Value {
        guard let value = stored(column).flatMap(Value.fromDatabaseValue) else { throw damaged }
        return value
    }

    /// One of the words, or numbers, that a column may hold.
    ///
    /// - Throws: `damagedRow` for any other.
    func word<Word: RawRepresentable>(
        _ column: String
    ) throws(StoreFault) -> Word where Word.RawValue: DatabaseValueConvertible {
        guard let word = Word(rawValue: try value(column)) else { throw damaged }
        return word
    }

    /// The same of a column that may be null.
    func wordIfAny<Word: RawRepresentable<String>>(
        _ column: String
    ) throws(StoreFault) -> Word? {
        stored(column)?.isNull == true ? nil : try word(column)
    }

    private func stored(_ column: String) -> DatabaseValue? {
        try? row.decode(DatabaseValue.self, forColumn: column)
    }

    private var damaged: StoreFault {
        let number = stored("id") ?? stored("delivery_id")
        return .damagedRow(table: table, row: number.flatMap(Int64.fromDatabaseValue))
    }
}

/// Statements by their text, which GRDB keeps prepared: for texts that are fixed. One that is put
/// together from what a caller asks for is not kept.
extension Database {
    func run(_ sql: String, _ values: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: values)
    }

    /// The first column of the first row.
    func integer(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> Int64? {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: values)
    }

    /// Whether there is a row and its first column is neither 0 nor null.
    func isTrue(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> Bool {
        try integer(sql, values) ?? 0 != 0
    }

    /// The first column.
    func integers(
        _ sql: String, _ values: StatementArguments = StatementArguments()
    ) throws -> [Int64] {
        try Int64.fetchAll(cachedStatement(sql: sql), arguments: values)
    }

    /// The first column of the first row.
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
    /// U+0000 ends a text for many readers of SQLite's texts, and PostgreSQL does not take it.
    var withoutNUL: String { utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self }
}

extension Cursor<Row> {
    /// Reads rows until `limit` could be read; a damaged one is left out.
    ///
    /// - Parameter damaged: called with the fault of each that is left out.
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
