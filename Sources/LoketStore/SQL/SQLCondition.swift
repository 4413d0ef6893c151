// A WHERE clause composed from a caller's filter. The conditions, and the values of their `?`, keep
// the order in which they were added.

import GRDB

/// Conditions combined with AND.
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

    /// Adds a condition on a value unless the value is nil.
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
    /// The WHERE clause; empty if no condition.
    var clause: String { isEmpty ? "" : " WHERE " + sql.joined(separator: " AND ") }
}
