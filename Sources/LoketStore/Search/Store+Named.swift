// Searches bills by the name a person has: the id, the code or the invoice number. Also searches
// bills whose codes differ by one slip from a code without a bill.

import Foundation
import GRDB
import LoketCore

/// The values a text may name a bill by.
package struct BillName: Sendable {
    package let id: Int64?
    package let code: PaymentCode?
    package let invoiceNumber: InvoiceNumber?

    package init(_ text: String) {
        id = Int64(text.hasPrefix("#") ? String(text.dropFirst()) : text)
        code = PaymentCode(written: text)
        invoiceNumber = InvoiceNumber(text)
    }
}

/// Bills whose codes differ by one slip from another code.
package struct NearBills: Sendable {
    package struct Item: Sendable {
        package let slip: CodeSlip
        package let record: BillRecord
        /// The time of an inquiry for it soon after the mistaken code; nil if there was none.
        package var askedAt: Moment?
    }

    /// The total number.
    package let count: Int
    /// First the bills that hold their codes, then the newest.
    package var items: [Item]

    package static let none = NearBills(count: 0, items: [])
}

/// The bills found by a text.
package struct NamedBills: Sendable {
    package fileprivate(set) var records: [BillRecord] = []
    /// Bills whose rows do not match their checksums: their data may be wrong.
    package fileprivate(set) var damaged: [Damaged] = []

    package init() {}

    package struct Damaged: Sendable {
        package let id: Int64
        package let code: PaymentCode?
    }

    fileprivate mutating func take(
        _ id: Int64, _ accountID: Int64?, in database: Database
    ) throws {
        do {
            guard let record = try Store.record(id: id, in: database),
                accountID == nil || record.accountID == accountID
            else { return }
            records.append(record)
        } catch StoreFault.damagedBill {
            let row = try database.row(
                """
                SELECT payment_code FROM bill
                WHERE id = ?1 AND coalesce(account_id = ?2, TRUE)
                """, [id, accountID])
            guard let row else { return }
            let code: String? = try? TableRow(row, of: "bill").value("payment_code")
            damaged.append(Damaged(id: id, code: code.flatMap { PaymentCode($0) }))
        }
    }
}

extension Store {
    /// Returns the bill with the id, the bills with the invoice number, and for the code, of each
    /// account, the bill that answers an inquiry.
    ///
    /// - Parameter accountID: the account; nil for every account.
    /// - Returns: each bill once.
    package func bills(named name: BillName, accountID: Int64?) async throws -> NamedBills {
        try await pool.read { database in
            var ids: [Int64] = []
            if let code = name.code {
                ids += try Self.answering([code.digits], accountID, in: database).map(\.id)
            }
            if let number = name.invoiceNumber {
                ids += try database.integers(
                    """
                    SELECT id FROM bill
                    WHERE account_id IN (SELECT id FROM account) AND invoice_number = ?1
                    """, [number.text])
            }
            if let id = name.id { ids.append(id) }
            var seen: Set<Int64> = []
            var found = NamedBills()
            for id in ids where seen.insert(id).inserted {
                try found.take(id, accountID, in: database)
            }
            return found
        }
    }

    /// Returns the bills that would answer an inquiry for a code now, one per account.
    ///
    /// - Parameter accountID: the account; nil for every account.
    package func bills(answering code: String, accountID: Int64?) async throws -> NamedBills {
        try await pool.read { database in
            var found = NamedBills()
            for (_, id) in try Self.answering([code], accountID, in: database) {
                try found.take(id, accountID, in: database)
            }
            return found
        }
    }

    /// Returns the bills whose codes differ by one slip from a code.
    ///
    /// - Parameter accountID: the account; nil for every account.
    package func bills(near code: PaymentCode, accountID: Int64?) async throws -> NearBills {
        let meant = Dictionary(
            code.meant.map { ($0.code.digits, $0.slip) }, uniquingKeysWith: { first, _ in first })
        return try await pool.read { database in
            let found = try Self.answering(meant.keys.sorted(), accountID, in: database)
            let items = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(BillRecord.columns) FROM bill
                    WHERE id IN (\(found.map(\.id).list))
                    """
            ).compactMap { row -> NearBills.Item? in
                guard let record = try? BillRecord(row),
                    let slip = meant[record.bill.paymentCode.digits]
                else { return nil }
                return NearBills.Item(slip: slip, record: record)
            }
            let sorted = items.sorted { left, right in
                let (one, other) = (left.record.bill, right.record.bill)
                return (one.state.holdsCode ? 1 : 0, one.id)
                    > (other.state.holdsCode ? 1 : 0, other.id)
            }
            return NearBills(
                count: items.count, items: Array(sorted.prefix(Limits.nearBillsMax)))
        }
    }

    /// Returns the time of a code's first inquiry soon after another inquiry; nil if none.
    package func asked(
        for code: PaymentCode, accountID: Int64, after record: JournalRecord
    ) async throws -> Moment? {
        try await pool.read { database in
            let ids = try JournalKey.paymentCode(code.digits).ids(
                in: record.id + 1..<(.max), isNewestFirst: false, limit: Limits.journalScanRowsMax,
                database)
            let wanted = ids.selected.and("account_id = ?", [accountID])
            let at = try Int64.fetchOne(
                database,
                sql: "SELECT received_at FROM inquiry\(wanted.clause) ORDER BY id LIMIT 1",
                arguments: wanted.values)
            let latest = record.entry.receivedAt.milliseconds + Limits.askedAgainMilliseconds
            return at.flatMap { $0 <= latest ? Moment(milliseconds: $0) : nil }
        }
    }

    /// Selects the bills that would answer inquiries for some codes: for each code and account the
    /// bill that holds the code, otherwise the newest bill that held it; null if there is none.
    static let answeringSQL = """
        SELECT wanted.value AS code, coalesce(
            (SELECT id FROM bill
                WHERE account_id = account.id AND payment_code = wanted.value
                    AND \(CodeIndex.isHolder)),
            (SELECT max(\(CodeIndex.place)) FROM bill
                WHERE account_id = account.id AND payment_code = wanted.value
                    AND \(CodeIndex.isFormer))
        ) AS id
        FROM json_each(?1) AS wanted JOIN account ON account.id = coalesce(?2, account.id)
        ORDER BY 2
        """

    private static func answering(
        _ codes: [String], _ accountID: Int64?, in database: Database
    ) throws -> [(code: String, id: Int64)] {
        let list = String(decoding: try JSONEncoder().encode(codes), as: UTF8.self)
        return try Row.fetchAll(database, sql: answeringSQL, arguments: [list, accountID])
            .compactMap { row in
                let row = TableRow(row, of: "bill")
                guard let id: Int64 = try row.value("id") as Int64? else { return nil }
                return (code: try row.value("code"), id: id)
            }
    }
}
