// The texts of a statement's parameters in one buffer. SQLite reads them there, while it would
// otherwise allocate a copy of each.

import GRDBSQLite

struct BoundTexts {
    /// Never empty, because SQLite binds null for a text without an address.
    private var bytes: [UInt8] = [0]
    private var texts: [(place: Int32, start: Int, count: Int)] = []

    mutating func removeAll() {
        bytes.removeSubrange(1...)
        texts.removeAll(keepingCapacity: true)
    }

    mutating func add(_ text: String?, at place: Int32) {
        guard let text else { return }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        texts.append((place, start, bytes.count - start))
    }

    /// Binds the texts, and null to every other parameter, while `body` runs.
    ///
    /// - Parameter body: binds the other values and runs the statement. The statement may read its
    ///   parameters only before `body` returns.
    func bound<Value>(
        to statement: RawStatement, _ body: () throws(StoreFault) -> Value
    ) throws(StoreFault) -> Value {
        sqlite3_clear_bindings(statement.handle)
        defer { sqlite3_clear_bindings(statement.handle) }
        let result = bytes.withUnsafeBytes { bytes in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            for text in texts {
                // Without a destructor SQLite neither copies nor frees the text.
                sqlite3_bind_text(
                    statement.handle, text.place, start.map { $0 + text.start },
                    Int32(text.count), nil)
            }
            return Result(catching: body)
        }
        return try result.get()
    }
}
