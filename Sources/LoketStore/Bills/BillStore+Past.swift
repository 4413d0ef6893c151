// What was true at some moment: a bill, the kill switch. The past is found by time here, for people
// who ask why; money is decided by PastBill, which needs no clock.

import GRDB
import LoketCore

/// The part of a bill that changes, as it was.
package struct BillThen: Sendable, Equatable {
    package var state: Bill.State
    package var amount: Rupiah
    package var expiresAt: Moment?
}

/// A pause that was in force.
package struct PauseThen: Sendable, Equatable {
    /// Nil: every account.
    package let accountID: Int64?
    package let reason: String?
    package let actor: String
    package let pausedAt: Moment
    /// Nil while it lasts.
    package let resumedAt: Moment?
}

extension BillStore {
    /// A bill as it is, with its history, and as it was; nil: there is none.
    ///
    /// - Throws: `StoreFault.damagedBill`.
    package func bill(
        id: Int64, asOf moment: Moment
    ) async throws -> (now: BillRecord, then: BillThen)? {
        try await pool.read { database in
            guard let record = try Self.page(of: id, in: database) else { return nil }
            return (record, try Self.then(record, moment, in: database))
        }
    }

    private static func then(
        _ record: BillRecord, _ moment: Moment, in database: Database
    ) throws -> BillThen {
        let bill = record.bill
        // The first terms that ended later were those in force.
        let terms = try Row.fetchOne(
            database,
            sql: """
                SELECT amount, expires_at FROM bill_terms WHERE bill_id = ? AND until > ?
                ORDER BY id LIMIT 1
                """,
            arguments: [bill.id, moment.milliseconds]
        ).map { TableRow($0, of: "bill_terms") }
        let word = try String.fetchOne(
            database,
            sql: """
                SELECT change FROM bill_change
                WHERE bill_id = ? AND at <= ?
                    AND change IN ('held', 'paid', 'cancelled', 'replaced', 'reopened')
                ORDER BY id DESC LIMIT 1
                """,
            arguments: [bill.id, moment.milliseconds])
        let amount = try terms.flatMap { Rupiah(whole: try $0.value("amount")) }
        let expiry = try terms.map { try $0.value("expires_at") as Moment? }
        return BillThen(
            state: word.flatMap { Bill.State(rawValue: $0) } ?? .open,
            amount: amount ?? bill.amount, expiresAt: expiry ?? bill.expiresAt)
    }

    /// What paused an account's inquiries, or all of them, at a moment.
    package func pause(
        ofAccount accountID: Int64, at moment: Moment
    ) async throws -> PauseThen? {
        try await pool.read { database in
            for scope in [nil, accountID] as [Int64?] {
                let last = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT * FROM pause_change WHERE account_id IS ? AND at <= ?
                        ORDER BY id DESC LIMIT 1
                        """,
                    arguments: [scope, moment.milliseconds]
                ).map { TableRow($0, of: "pause_change") }
                guard let last, try last.word("change") == PauseChange.Kind.paused else {
                    continue
                }
                let resumedAt = try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT at FROM pause_change
                        WHERE account_id IS ? AND id > ? AND change = 'resumed'
                        ORDER BY id LIMIT 1
                        """,
                    arguments: [scope, try last.value("id") as Int64])
                return PauseThen(
                    accountID: scope, reason: try last.value("reason"),
                    actor: try last.value("actor"), pausedAt: try last.value("at"),
                    resumedAt: resumedAt.map(Moment.init(milliseconds:)))
            }
            return nil
        }
    }

    /// Notifications in quarantine with one Request-Id, newest first, a bounded number of them.
    package func quarantineIDs(
        requestID: String, accountID: Int64?
    ) async throws -> [Int64] {
        try await pool.read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM quarantine
                    WHERE account_id = ifnull(?, account_id) AND EXISTS (
                        SELECT 1 FROM json_each(headers) AS line
                        WHERE lower(json_extract(line.value, '$[0]')) = 'request-id'
                            AND json_extract(line.value, '$[1]') = ?
                    )
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [accountID, requestID, Limits.journalOthersMax])
        }
    }

    /// Notifications on record with one Request-Id, newest first, a bounded number of them.
    package func notificationIDs(
        requestID: String, accountID: Int64?
    ) async throws -> [Int64] {
        try await pool.read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM delivery
                    WHERE account_id IN (SELECT id FROM account WHERE id = ifnull(?, id))
                        AND request_id = ?
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [accountID, requestID, Limits.journalOthersMax])
        }
    }
}
