// Sums of payments: by standing, by day and counter, and what the notifications say in comparison.

import GRDB
import LoketCore

extension Store {
    package struct PaymentTotals: Sendable {
        /// Money received, from the deliveries.
        package var received = Sum()
        package var standings: [Standing: Sum] = [:]
        package var needsAttention: [Standing: Int64] = [:]
        /// By day, oldest first, then by channel; empty without a range of time.
        package var days: [Day] = []
        /// Nil for a part of the payments: a notification that reports no payment has no time to
        /// account for.
        package var notifications: Notifications?

        package struct Notifications: Sendable {
            package let recorded: Int64
            package let repeats: Int64
            package let notSuccess: Int64
        }

        /// The payments of one day in Jakarta at one channel.
        package struct Day: Sendable, Equatable {
            /// Its first moment.
            package let begins: Moment
            /// `channel.id` as DOKU sent it; nil if unknown.
            package let channelID: String?
            /// Payments that settled a bill.
            package fileprivate(set) var settled: Sum
            /// Payments that settled no bill and wait for a decision.
            package fileprivate(set) var undecided: Sum
        }
    }

    /// - Parameters:
    ///   - accountID: the account; nil for every account.
    ///   - from: only payments accounted for at this time or later.
    ///   - to: only payments accounted for before this time.
    package func paymentTotals(
        accountID: Int64? = nil, from: Moment? = nil, to: Moment? = nil
    ) async throws -> PaymentTotals {
        let part = PaymentPart(accountID: accountID, from: from, to: to)
        return try await pool.read { try PaymentTotals(part, $0) }
    }
}

/// The payments that are counted.
private struct PaymentPart: Sendable {
    let accountID: Int64?
    let from: Moment?
    let to: Moment?

    var isRange: Bool { from != nil || to != nil }

    var conditions: SQLCondition {
        var wanted = SQLCondition()
        wanted.narrow("payment.account_id = ?", accountID)
        wanted.narrow("\(PaymentRecord.accountedAt) >= ?", from)
        wanted.narrow("\(PaymentRecord.accountedAt) < ?", to)
        return wanted
    }

    var table: String {
        if accountID != nil { return "payment INDEXED BY payment_by_account" }
        return isRange ? "payment INDEXED BY payment_by_time" : "payment NOT INDEXED"
    }

    private static let wibMilliseconds = Moment.wibSeconds * 1000

    /// The number of days since 1970 in Jakarta, in SQL.
    private static let day =
        "(\(PaymentRecord.accountedAt) + \(wibMilliseconds)) / \(Moment.dayMilliseconds)"

    /// The first moment of a day.
    static func beginning(ofDay day: Int64) -> Moment {
        Moment(milliseconds: day * Moment.dayMilliseconds - wibMilliseconds)
    }

    /// Selects the sums. Each payment is read once.
    ///
    /// `reported` are the payments by their first notifications, from which the amount received is
    /// known.
    var sums: String {
        """
        SELECT standing, needs_attention, day, channel, \(Store.Sum.columns()),
            count(reported) AS reported_count,
            CAST(coalesce(sum(reported_amount), 0) AS bigint) AS reported_amount
        FROM (
            SELECT payment.standing, payment.needs_attention, payment.amount,
                \(isRange ? Self.day : "NULL") AS day,
                \(isRange ? PaymentDetails.channel : "NULL") AS channel,
                first.delivery_id AS reported, first.amount AS reported_amount
            FROM \(table)
            LEFT JOIN notification AS first ON first.delivery_id = payment.delivery_id\
        \(conditions.clause)
        ) AS counted
        GROUP BY standing, needs_attention, day, channel ORDER BY day, channel
        """
    }
}

extension Store.PaymentTotals {
    /// Reads all totals in one snapshot, so that the money received and the standings are
    /// comparable.
    fileprivate init(_ part: PaymentPart, _ database: Database) throws {
        let rows = try Row.fetchCursor(
            database, sql: part.sums, arguments: part.conditions.values)
        while let row = try rows.next() {
            let stored = TableRow(row, of: "payment")
            let standing: Standing? = try? stored.word("standing")
            if standing?.isOurs != false {
                received += Store.Sum(
                    count: try stored.value("reported_count"),
                    amount: try stored.value("reported_amount"))
            }
            guard let standing else { continue }
            let sum = try Store.Sum(row)
            let isUndecided: Bool = try stored.value("needs_attention")
            standings[standing, default: .init()] += sum
            needsAttention[standing, default: 0] += isUndecided ? sum.count : 0
            if part.isRange, standing == .settled || isUndecided {
                add(
                    sum, isSettled: standing == .settled,
                    to: PaymentPart.beginning(ofDay: try stored.value("day")),
                    try stored.value("channel"))
            }
        }
        if !part.isRange { notifications = try Notifications(part.accountID, in: database) }
    }

    /// Adds payments to a day, which is the last one or a later one.
    private mutating func add(
        _ sum: Store.Sum, isSettled: Bool, to begins: Moment, _ channelID: String?
    ) {
        if days.last?.begins != begins || days.last?.channelID != channelID {
            days.append(
                Day(begins: begins, channelID: channelID, settled: .init(), undecided: .init()))
        }
        let last = days.count - 1
        if isSettled { days[last].settled += sum } else { days[last].undecided += sum }
    }
}

extension Store.PaymentTotals.Notifications {
    fileprivate init(_ accountID: Int64?, in database: Database) throws {
        func only(_ condition: String) -> String { accountID == nil ? "TRUE" : condition }
        let ofAccount = "(SELECT account_id FROM delivery WHERE id = delivery_id) = ?1"
        let row = try database.row(
            """
            SELECT (SELECT count(*) FROM delivery WHERE \(only("account_id = ?1")))
                AS recorded, CAST(coalesce(sum(repeats), 0) AS bigint) AS repeats,
                count(*) FILTER (WHERE payment_id IS NULL) AS not_success
            FROM notification WHERE \(only(ofAccount))
            """, accountID.map { [$0] } ?? []
        ).map { TableRow($0, of: "notification") }
        recorded = try row?.value("recorded") ?? 0
        repeats = try row?.value("repeats") ?? 0
        notSuccess = try row?.value("not_success") ?? 0
    }
}
