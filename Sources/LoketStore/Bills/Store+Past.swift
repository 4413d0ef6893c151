// Past states of a bill and of the kill switch. A payment's row records which changes and former
// terms existed when it was classified, so decisions about money need no clock. For an operator who
// asks about the past, the state is looked up by time.

import GRDB
import LoketCore

/// A pause that was active at a moment.
package struct PauseSnapshot: Sendable, Equatable {
    /// Nil if all accounts were paused.
    package let accountID: Int64?
    package let reason: String?
    package let actor: String
    package let pausedAt: Moment
    /// Nil if the pause has not ended.
    package let resumedAt: Moment?
}

/// The ids of the last rows that existed at a moment.
struct Horizon: Sendable {
    let bill: Int64
    let change: Int64
    let terms: Int64

    init(bill: Int64 = .max, change: Int64 = .max, terms: Int64 = .max) {
        self.bill = bill
        self.change = change
        self.terms = terms
    }

    /// Finds the rows of one bill by time.
    init(ofBill id: Int64, at moment: Moment, in database: Database) throws {
        // The terms that ended first after the moment were active at it.
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
    /// Reads a bill and all amounts that it has had.
    ///
    /// - Parameter horizon: selects the bill's past state; nil selects its current state.
    init(of record: BillRecord, at horizon: Horizon? = nil, in database: Database) throws {
        var bill = record.bill
        if horizon == nil, try !Self.hasPast(bill.id, in: database) {
            let amounts = [CarriedAmounts(bill.amounts, until: nil)]
            self.init(bill: bill, amounts: amounts, replacedAt: nil)
            return
        }
        let terms = try database.rows(
            """
            SELECT id, amount, expires_at, until, amounts, valid_from FROM bill_terms
            WHERE bill_id = ?1 ORDER BY id
            """, [bill.id]
        ).map { TableRow($0, of: "bill_terms") }
        var carried: [CarriedAmounts] = []
        var then: TableRow?
        for row in terms where then == nil {
            let stored: String? = try row.value("amounts")
            let amounts = Rupiah(whole: try row.value("amount")).flatMap {
                DatedAmounts(last: $0, stored: stored)
            }
            if try row.value("id") > horizon?.terms ?? .max {
                then = row
                bill.amounts = amounts ?? bill.amounts
                bill.validFrom = try row.value("valid_from")
                bill.expiresAt = try row.value("expires_at")
            } else if let amounts {
                carried.append(CarriedAmounts(amounts, until: try row.value("until")))
            }
        }
        if let horizon { bill.state = try Self.state(of: bill.id, at: horizon, in: database) }
        let replacedAt = try database.integer(
            """
            SELECT max(at) FROM bill_change
            WHERE bill_id = ?1 AND change = 'replaced' AND id <= ?2
            """, [bill.id, horizon?.change ?? .max])
        self.init(
            bill: bill, amounts: carried + [CarriedAmounts(bill.amounts, until: nil)],
            replacedAt: replacedAt.map { Moment(milliseconds: $0) })
    }

    /// Returns whether a bill had other terms or was changed. Most bills are paid as they were made.
    private static func hasPast(_ billID: Int64, in database: Database) throws -> Bool {
        let statement = try CachedStatement(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM bill_terms WHERE bill_id = ?1)
                OR EXISTS (SELECT 1 FROM bill_change WHERE bill_id = ?1)
            """, in: database)
        statement.bind(billID, at: 1)
        return try statement.integer() != nil
    }

    /// Returns the last state in the bill's history; `open` if the history contains no state.
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
    /// Returns a bill with its history, and its state at a moment; nil if the bill does not exist.
    ///
    /// - Throws: `StoreFault.damagedBill` if the row is damaged.
    package func bill(
        id: Int64, asOf moment: Moment
    ) async throws -> (now: BillRecord, then: Bill)? {
        try await pool.read { database in
            guard let record = try Self.page(of: id, in: database) else { return nil }
            let horizon = try Horizon(ofBill: id, at: moment, in: database)
            return (record, try BillHistory(of: record, at: horizon, in: database).bill)
        }
    }

    /// Returns the bill that held a code.
    static func holder(
        of code: String, accountID: Int64, at horizon: Horizon, in database: Database
    ) throws -> Bill? {
        let ids = try database.integers(
            """
            SELECT id FROM bill WHERE account_id = ?1 AND payment_code = ?2 AND +id <= ?3
            """, [accountID, code, horizon.bill])
        for id in ids {
            guard let record = try? record(id: id, in: database) else { continue }
            let past = try BillHistory(of: record, at: horizon, in: database).bill
            if past.state.holdsCode { return past }
        }
        return nil
    }

    /// Returns the pause of an account, or of all accounts, that was active at a moment.
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

    /// Returns the ids of quarantined notifications with a Request-Id, newest first, up to
    /// `Limits.journalOthersMax`.
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

    /// Returns the ids of recorded notifications with a Request-Id, newest first, up to
    /// `Limits.journalOthersMax`.
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
