// The WHERE of a statement that is put together from what the caller asks for. Conditions keep the
// order in which they were added, and so do the values of their `?`.

import GRDB

/// Conditions that must all hold.
///
///     var wanted = SQLCondition("id < ?", [before])
///     wanted.narrow("account_id = ?", filter.accountID)
///     "SELECT * FROM payment\(wanted.clause) ORDER BY id DESC"   // with wanted.values
struct SQLCondition: Sendable {
    private(set) var sql: [String] = []
    private(set) var values = StatementArguments()

    init() {}

    init(_ text: String, _ values: StatementArguments = StatementArguments()) {
        add(text, values)
    }

    mutating func add(_ text: String, _ more: StatementArguments = StatementArguments()) {
        sql.append(text)
        values += more
    }

    /// Adds a condition about a value, where the caller gave one.
    mutating func narrow(_ text: String, _ value: (some DatabaseValueConvertible)?) {
        if let value { add(text, [value]) }
    }

    func and(_ text: String, _ more: StatementArguments = StatementArguments()) -> SQLCondition {
        and(SQLCondition(text, more))
    }

    func and(_ other: SQLCondition) -> SQLCondition {
        var copy = self
        copy.sql += other.sql
        copy.values += other.values
        return copy
    }

    var isEmpty: Bool { sql.isEmpty }
    /// With WHERE before it, or nothing.
    var clause: String { isEmpty ? "" : " WHERE " + sql.joined(separator: " AND ") }
}
