// Hourly sums of inquiries, refused requests and payments. Each sum is updated in the transaction
// that writes the counted rows.

import GRDB
import LoketCore

package struct HourSum: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Verified inquiries, by the guard that answered; the amount is the quoted amount.
        case asked
        /// Unverified requests, by the reason.
        case refused
        /// New payments, by their first standing.
        case paid
    }

    /// The start of the hour.
    package let hour: Moment
    /// Nil if no account of ours was named.
    package let accountID: Int64?
    package let kind: Kind
    package let cause: String
    /// Nil if unknown.
    package let channel: Channel?
    package let count: Int
    /// Whole rupiah.
    package let amount: Int64

    package init(
        hour: Moment, accountID: Int64?, kind: Kind, cause: String, channel: Channel? = nil,
        count: Int, amount: Int64 = 0
    ) {
        self.hour = hour
        self.accountID = accountID
        self.kind = kind
        self.cause = cause
        self.channel = channel
        self.count = count
        self.amount = amount
    }

    fileprivate init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "hour_sum")
        self.init(
            hour: try row.value("hour"), accountID: try row.value("account_id"),
            kind: try row.word("kind"), cause: try row.value("cause"),
            channel: try row.wordIfAny("channel"), count: try row.value("count"),
            amount: try row.value("amount"))
    }
}

/// Sums not yet written to the database.
package struct HourSums: Sendable {
    private struct Key: Hashable {
        let hour: Int64
        let accountID: Int64?
        let kind: HourSum.Kind
        let cause: String
        let channel: Channel?
    }

    private static let millisecondsPerHour: Int64 = 3_600_000

    private var sums: [Key: (count: Int, amount: Int64)] = [:]

    package init() {}

    package var isEmpty: Bool { sums.isEmpty }

    package mutating func add(
        _ kind: HourSum.Kind, _ cause: String, at moment: Moment, accountID: Int64?,
        channel: Channel? = nil, amount: Int64 = 0
    ) {
        let rest = moment.milliseconds % Self.millisecondsPerHour
        let hour = moment.milliseconds - (rest < 0 ? rest + Self.millisecondsPerHour : rest)
        let key = Key(
            hour: hour, accountID: accountID, kind: kind, cause: cause, channel: channel)
        add(1, amount, to: key)
    }

    package mutating func add(_ others: HourSums) {
        for (key, sum) in others.sums { add(sum.count, sum.amount, to: key) }
    }

    private mutating func add(_ count: Int, _ amount: Int64, to key: Key) {
        var sum = sums[key] ?? (0, 0)
        sum.count += count
        let (total, isTooMuch) = sum.amount.addingReportingOverflow(amount)
        sum.amount = isTooMuch ? .max : total
        sums[key] = sum
    }

    /// Adds these sums to the stored sums. A damaged stored sum is skipped and does not prevent the
    /// write of the counted rows.
    func write(in database: Database) throws {
        let statement = try CachedStatement(Self.addition, in: database)
        for (key, sum) in sums {
            statement.bind(key.hour, at: 1)
            statement.bind(key.accountID, at: 2)
            statement.bind(key.kind.rawValue, at: 3)
            statement.bind(key.cause, at: 4)
            statement.bind(key.channel?.rawValue, at: 5)
            statement.bind(Int64(sum.count), at: 6)
            statement.bind(sum.amount, at: 7)
            do {
                try statement.run()
            } catch  where !isMachineFailure(error) {
                continue
            }
        }
    }

    private static let addition = """
        INSERT INTO hour_sum (hour, account_id, kind, cause, channel, count, amount)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (hour, ifnull(account_id, 0), kind, cause, ifnull(channel, ''))
        DO UPDATE SET
            count = hour_sum.count + excluded.count,
            amount = CASE
                WHEN hour_sum.amount > 9223372036854775807 - excluded.amount
                THEN 9223372036854775807 ELSE hour_sum.amount + excluded.amount
            END
        """
}

extension Store {
    /// Returns the sums of the hours that begin at `from` or later and before `to`, oldest first.
    ///
    /// - Parameter accountID: the account; nil for all sums, including those without an account.
    package func hourSums(
        from: Moment, to: Moment, accountID: Int64? = nil
    ) async throws -> [HourSum] {
        var wanted = SQLCondition("hour >= ? AND hour < ?", [from, to])
        wanted.narrow("account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database, sql: "SELECT * FROM hour_sum\(wanted.clause) ORDER BY hour, id",
                arguments: wanted.values
            ).readable(.max) { try HourSum($0) }
        }
    }
}
