// A checksum of a whole row, because SQLite's own integrity check does not detect a flipped bit in
// a cell.

import GRDB
import GRDBSQLite
import LoketSystem

/// The bytes of a row's checksum: each value preceded by its type and length.
struct ChecksumBytes {
    private var bytes: [UInt8] = []

    /// - Parameter capacity: the expected number of bytes.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// The first 64 bits of the SHA-256.
    var checksum: Int64 { Int64(bitPattern: SHA256Digest(of: bytes).leadingBits) }

    mutating func add(name: String) { append(name.utf8, kind: 0) }

    mutating func add(_ number: Int64?) {
        guard let number else { return append(EmptyCollection(), kind: 1) }
        append(String(number).utf8, kind: 2)
    }

    mutating func add(_ text: String?) {
        guard let text else { return append(EmptyCollection(), kind: 1) }
        append(text.utf8, kind: 4)
    }

    mutating func add(_ value: DatabaseValue) {
        switch value.storage {
        case .null: add(nil as Int64?)
        case .int64(let number): add(number)
        case .double(let number): append("\(number)".utf8, kind: 3)
        case .string(let text): add(text)
        case .blob(let data): append(data, kind: 5)
        }
    }

    /// Adds an argument of an SQL function. A text ends before U+0000, as GRDB reads it.
    fileprivate mutating func add(argument: OpaquePointer?) {
        switch sqlite3_value_type(argument) {
        case SQLITE_INTEGER: add(sqlite3_value_int64(argument))
        case SQLITE_FLOAT: append("\(sqlite3_value_double(argument))".utf8, kind: 3)
        case SQLITE_TEXT:
            guard let text = sqlite3_value_text(argument) else { return add("") }
            let count = Int(sqlite3_value_bytes(argument))
            append(UnsafeBufferPointer(start: text, count: count).prefix { $0 != 0 }, kind: 4)
        case SQLITE_BLOB:
            let count = Int(sqlite3_value_bytes(argument))
            let start = sqlite3_value_blob(argument)
            append(UnsafeRawBufferPointer(start: start, count: count), kind: 5)
        default: add(nil as Int64?)
        }
    }

    private mutating func append(_ field: some Collection<UInt8>, kind: UInt8) {
        bytes.append(kind)
        withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: field)
    }
}

enum RowChecksum {
    static let column = "checksum"

    /// Returns the first 64 bits of a SHA-256 over all other columns, each preceded by its name,
    /// type and length.
    static func of(_ columns: some Sequence<(String, DatabaseValue)>) -> Int64 {
        var bytes = ChecksumBytes(capacity: 768)
        for (name, value) in columns where name != column {
            bytes.add(name: name)
            bytes.add(value)
        }
        return bytes.checksum
    }

    /// Adds the SQL function `row_checksum(…)`: the same checksum without column names. It is added
    /// to SQLite and not to GRDB, which would copy each value twice.
    static func addFunction(to database: Database) throws {
        let code = sqlite3_create_function_v2(
            database.sqliteConnection, "row_checksum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, count, values in
                var bytes = ChecksumBytes(capacity: 256)
                for place in 0..<Int(count) { bytes.add(argument: values?[place]) }
                sqlite3_result_int64(context, bytes.checksum)
            }, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    static func fits(_ row: Row) -> Bool {
        row.contains { name, value in name == column && value == of(row).databaseValue }
    }
}
