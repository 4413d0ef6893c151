// What was true at some moment: a bill, the kill switch. A payment's row says which changes and
// former terms existed when it was classified, so money is decided without a clock; for a person
// who asks why, the past is found by time.

import GRDB
import LoketCore

/// A pause that was in force.
package struct PauseSnapshot: Sendable, Equatable {
    /// Nil: every account.
    package let accountID: Int64?
    package let reason: String?
    package let actor: String
    package let pausedAt: Moment
    /// Nil while it lasts.
    package let resumedAt: Moment?
}

/// The last rows that existed at some moment.
struct Horizon: Sendable {
    let bill: Int64
    let change: Int64
    let terms: Int64

    init(bill: Int64 = .max, change: Int64 = .max, terms: Int64 = .max) {
        self.bill = bill
        self.change = change
        self.terms = terms
    }

    /// Of one bill, by the clock.
    init(ofBill id: Int64, at moment: Moment, in database: Database) throws {
        // The first terms that ended later were those in force.
        let later = try database.integer(
            "SELECT min(id) FROM bill_terms WHERE bill_id = ?1 AND until > ?2",
            [id, moment.milliseconds])
        let change = try database.integer(
            "SELECT max(id) FROM bill_change WHERE bill_id = ?1 AND at <= ?2",
            [id, moment.milliseconds])
        self.init(change: change ?? 0, terms: later.map { $0 - 1 } ?? .max)
    }
}

extension BillHistory {
    /// A bill with the amounts that it has carried.
    ///
    /// - Parameter horizon: the bill as it was then; nil: as it is.
    init(of record: BillRecord, at horizon: Horizon? = nil, in database: Database) throws {
        var bill = record.bill
        let terms = try database.rows(
            """
            SELECT id, amount, expires_at, until FROM bill_terms WHERE bill_id = ?1
            ORDER BY id
            """, [bill.id]
        ).map { TableRow($0, of: "bill_terms") }
        var carried: [CarriedAmount] = []
        var then: TableRow?
        for row in terms where then == nil {
            let amount = Rupiah(whole: try row.value("amount"))
            if try row.value("id") > horizon?.terms ?? .max {
                then = row
                bill.amount = amount ?? bill.amount
                bill.expiresAt = try row.value("expires_at")
            } else if let amount {
                carried.append(CarriedAmount(amount: amount, until: try row.value("until")))
            }
        }
        if let horizon { bill.state = try Self.state(of: bill.id, at: horizon, in: database) }
        let replacedAt = try database.integer(
            """
            SELECT max(at) FROM bill_change
            WHERE bill_id = ?1 AND change = 'replaced' AND id <= ?2
            """, [bill.id, horizon?.change ?? .max])
        self.init(
            bill: bill, amounts: carried + [CarriedAmount(amount: bill.amount, until: nil)],
            replacedAt: replacedAt.map { Moment(milliseconds: $0) })
    }

    /// The last state that the bill's history names; a bill begins open.
    static func state(
        of billID: Int64, at horizon: Horizon = Horizon(), in database: Database
    ) throws -> Bill.State {
        let word = try database.text(
            """
            SELECT change FROM bill_change
            WHERE bill_id = ?1 AND id <= ?2
                AND change IN ('held', 'paid', 'cancelled', 'replaced', 'reopened')
            ORDER BY id DESC LIMIT 1
            """, [billID, horizon.change])
        return word.flatMap { Bill.State(rawValue: $0) } ?? .open
    }
}

extension Store {
    /// A bill as it is, with its history, and as it was; nil where it does not exist.
    ///
    /// - Throws: `StoreFault.damagedBill`.
    package func bill(
        id: Int64, asOf moment: Moment
    ) async throws -> (now: BillRecord, then: Bill)? {
        try await pool.read { database in
            guard let record = try Self.page(of: id, in: database) else { return nil }
            let horizon = try Horizon(ofBill: id, at: moment, in: database)
            return (record, try BillHistory(of: record, at: horizon, in: database).bill)
        }
    }

    /// The bill that held a code.
    static func holder(
        of code: String, accountID: Int64, at horizon: Horizon, in database: Database
    ) throws -> Bill? {
        let ids = try database.integers(
            """
            SELECT had.id FROM (\(everHeld("?1", "?2"))) AS had
            WHERE had.id <= ?3
            """, [accountID, code, horizon.bill])
        for id in ids {
            guard let record = try? record(id: id, in: database) else { continue }
            let past = try BillHistory(of: record, at: horizon, in: database).bill
            if past.state.holdsCode { return past }
        }
        return nil
    }

    /// SQL of the ids of the bills that hold a code, or ever held it: each half has an index.
    static func everHeld(_ accountID: String, _ code: String) -> String {
        """
        SELECT id FROM bill WHERE account_id = \(accountID) AND payment_code = \(code)
            AND state IN ('open', 'held')
        UNION ALL
        SELECT id FROM bill WHERE account_id = \(accountID) AND payment_code = \(code)
            AND state NOT IN ('open', 'held')
        """
    }

    /// What paused an account's inquiries, or all of them, at a moment.
    package func pause(
        ofAccount accountID: Int64, at moment: Moment
    ) async throws -> PauseSnapshot? {
        try await pool.read { database in
            for scope in [nil, accountID] as [Int64?] {
                let last = try database.row(
                    """
                    SELECT * FROM pause_change WHERE account_id IS NOT DISTINCT FROM ?1 AND at <= ?2
                    ORDER BY id DESC LIMIT 1
                    """, [scope, moment.milliseconds]
                ).map { TableRow($0, of: "pause_change") }
                guard let last, try last.word("change") == PauseChange.Kind.paused else {
                    continue
                }
                let resumedAt = try database.integer(
                    """
                    SELECT at FROM pause_change
                    WHERE account_id IS NOT DISTINCT FROM ?1 AND id > ?2 AND change = 'resumed'
                    ORDER BY id LIMIT 1
                    """, [scope, try last.value("id") as Int64])
                return PauseSnapshot(
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
            try database.integers(
                """
                SELECT id FROM quarantine
                WHERE account_id = coalesce(?1, account_id) AND EXISTS (
                    SELECT 1 FROM json_each(headers) AS line
                    WHERE lower(json_extract(line.value, '$[0]')) = 'request-id'
                        AND json_extract(line.value, '$[1]') = ?2
                )
                ORDER BY id DESC LIMIT ?3
                """, [accountID, requestID, Limits.journalOthersMax])
        }
    }

    /// Notifications on record with one Request-Id, newest first, a bounded number of them.
    package func notificationIDs(
        requestID: String, accountID: Int64?
    ) async throws -> [Int64] {
        try await pool.read { database in
            try database.integers(
                """
                SELECT id FROM delivery
                WHERE account_id IN (SELECT id FROM account WHERE id = coalesce(?1, id))
                    AND request_id = ?2
                ORDER BY id DESC LIMIT ?3
                """, [accountID, requestID, Limits.journalOthersMax])
        }
    }
}
