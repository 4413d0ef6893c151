// The list to work through besides the payments that wait for a decision: read, newest first, and
// worked off.

import GRDB
import LoketCore

/// What the list is narrowed to.
package struct AttentionFilter: Sendable {
    package var kind: AttentionKind?
    package var accountID: Int64?
    package var isResolved: Bool?

    package init() {}
}

package enum AttentionOutcome: Sendable {
    /// By this call, or with the same note before.
    case resolved(AttentionRecord)
    /// With another note, before.
    case otherwise(AttentionRecord)
    case unknown
}

extension BillStore {
    /// - Parameter before: only entries with a smaller id.
    package func attention(
        _ filter: AttentionFilter, before: Int64, limit: Int
    ) async throws -> [AttentionRecord] {
        var wanted = SQLCondition("attention.id < ?", [before])
        wanted.narrow("kind = ?", filter.kind?.rawValue)
        wanted.narrow("account_id = ?", filter.accountID)
        if let isResolved = filter.isResolved {
            wanted.add("resolved_at IS \(isResolved ? "NOT " : "")NULL")
        }
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: "\(AttentionRecord.select)\(wanted.clause) ORDER BY attention.id DESC",
                arguments: wanted.values
            ).readable(limit) { try AttentionRecord($0) }
        }
    }

    package func attention(id: Int64) async throws -> AttentionRecord? {
        try await pool.read { try Attention.find(id, in: $0) }
    }

    /// Notes that a person has looked at it.
    ///
    /// - Parameter actor: name of the admin key.
    package func resolveAttention(
        id: Int64, note: String?, actor: String, now: Moment
    ) async throws -> AttentionOutcome {
        try await commits.write { database in
            guard let entry = try Attention.find(id, in: database) else { return .unknown }
            if let before = entry.resolution {
                return before.note == note ? .resolved(entry) : .otherwise(entry)
            }
            try database.execute(
                sql: """
                    UPDATE attention SET resolved_at = ?, resolved_by = ?, note = ? WHERE id = ?
                    """,
                arguments: [now.milliseconds, actor, note, id])
            guard let resolved = try Attention.find(id, in: database) else {
                throw StoreFault.damagedRow(table: "attention", row: id)
            }
            try Event.tell(.attentionResolved, of: resolved, at: now, in: database)
            return .resolved(resolved)
        }
    }
}
