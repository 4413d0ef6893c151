// A checksum of a whole row, because SQLite's own integrity check does not detect a flipped bit in
// a cell.

import GRDB
import LoketSystem

enum RowChecksum {
    static let column = "checksum"

    /// Returns the first 64 bits of a SHA-256 over all other columns, each preceded by its name,
    /// type and length.
    static func of(_ columns: some Sequence<(String, DatabaseValue)>) -> Int64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        for (name, value) in columns where name != column {
            append(name.utf8, kind: 0, to: &bytes)
            append(value, to: &bytes)
        }
        return Int64(bitPattern: SHA256Digest(of: bytes).leadingBits)
    }

    /// The SQL function `row_checksum(…)`: the same checksum without column names.
    static let function = DatabaseFunction("row_checksum", pure: true) { values in
        var bytes: [UInt8] = []
        for value in values { append(value, to: &bytes) }
        return Int64(bitPattern: SHA256Digest(of: bytes).leadingBits)
    }

    static func fits(_ row: Row) -> Bool {
        row.contains { name, value in name == column && value == of(row).databaseValue }
    }

    private static func append(_ value: DatabaseValue, to bytes: inout [UInt8]) {
        switch value.storage {
        case .null: append(EmptyCollection(), kind: 1, to: &bytes)
        case .int64(let number): append(String(number).utf8, kind: 2, to: &bytes)
        case .double(let number): append("\(number)".utf8, kind: 3, to: &bytes)
        case .string(let text): append(text.utf8, kind: 4, to: &bytes)
        case .blob(let data): append(data, kind: 5, to: &bytes)
        }
    }

    private static func append(
        _ field: some Collection<UInt8>, kind: UInt8, to bytes: inout [UInt8]
    ) {
        bytes.append(kind)
        withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: field)
    }
}

extension Configuration {
    /// Returns the configuration of every connection to our databases.
    static func loket(label: String = "loket") -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.prepareDatabase { $0.add(function: RowChecksum.function) }
        return configuration
    }
}
