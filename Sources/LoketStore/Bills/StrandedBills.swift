// Open and held bills whose codes no configured BIN matches any more: the customer has the code,
// but every inquiry would be answered as not found. The search runs at every start, so it must not
// read a million rows: it skips from BIN to BIN through the index of codes. Only closed bills
// of a BIN that is no longer configured are passed one by one, in the index.

import GRDB
import LoketCore

package struct StrandedBills: Equatable, Sendable {
    package let clientID: String
    /// The first digits that the codes share, as many as the shortest Exclusive BIN has.
    package let prefix: String
    package let count: Int
}

extension Store {
    /// - Parameter bins: the BINs of each configured Client-Id.
    package func strandedBills(bins: [String: BINTable]) throws -> [StrandedBills] {
        try pool.read { try StrandedBills.find(bins: bins, in: $0) }
    }
}

extension StrandedBills {
    /// Counts by the first six digits of the codes.
    static func find(
        bins: [String: BINTable], in database: Database
    ) throws -> [StrandedBills] {
        try Store.accounts(in: database).flatMap { clientID, id in
            try find(
                accountID: id, clientID: clientID, bins: bins[clientID] ?? BINTable([]),
                in: database)
        }
    }

    private static func find(
        accountID: Int64, clientID: String, bins: BINTable, in database: Database
    ) throws -> [StrandedBills] {
        var found: [StrandedBills] = []
        var from = ""
        while let next = try nextOpenCode(accountID: accountID, from: from, in: database) {
            guard let code = PaymentCode(next) else { break }
            if let bin = bins.bin(of: code) {
                from = endOfPrefix(bin.digits)
                continue
            }
            let prefix = String(next.prefix(BIN.exclusiveDigitsMin))
            let nextBIN = bins.bins.map(\.digits).filter { $0 > next }.min()
            let end = min(endOfPrefix(prefix), nextBIN ?? endOfPrefix(prefix))
            let count = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM bill
                    WHERE account_id = ? AND payment_code >= ? AND payment_code < ?
                        AND \(CodeIndex.isHolder)
                    """,
                arguments: [accountID, next, end])
            // A longer configured BIN may lie within the prefix. The counts on both its sides are
            // added.
            let before = found.last?.prefix == prefix ? found.removeLast().count : 0
            found.append(
                StrandedBills(
                    clientID: clientID, prefix: prefix, count: before + (count ?? 0)))
            from = end
        }
        return found
    }

    private static func nextOpenCode(
        accountID: Int64, from: String, in database: Database
    ) throws -> String? {
        try database.text(
            """
            SELECT payment_code FROM bill
            WHERE account_id = ?1 AND payment_code >= ?2 AND \(CodeIndex.isHolder)
            ORDER BY payment_code LIMIT 1
            """, [accountID, from])
    }

    /// Returns the first text after every code with this prefix: ':' is the character after '9'.
    private static func endOfPrefix(_ prefix: String) -> String {
        prefix + ":"
    }
}
