// The inquiries with a payment code or a Request-Id. The indexes of both begin with the row's block,
// a number of rows that were written one after the other, so that a new row changes few pages of
// them. A search therefore looks into one block after the other: 1,800 blocks for 30 million rows.

import GRDB

/// A value by which inquiries are found.
enum JournalKey {
    case paymentCode(String)
    case requestID(String)

    /// The rows of a block are 2 to the power of this; migration m0009 has it too.
    private static let blockBits: Int64 = 14

    /// Returns the SQL expression for the block of an id.
    static func block(of id: String) -> String { "\(id) >> \(blockBits)" }

    /// Returns the ids of the inquiries with this value.
    ///
    /// - Parameters:
    ///   - range: the ids that are searched.
    ///   - isNewestFirst: whether the highest id comes first.
    ///   - limit: the maximum number of ids.
    func ids(
        in range: Range<Int64>, isNewestFirst: Bool, limit: Int, _ database: Database
    ) throws -> [Int64] {
        guard let oldest = try database.integer("SELECT min(id) FROM inquiry"),
            let newest = try database.integer("SELECT max(id) FROM inquiry")
        else { return [] }
        let ids = range.clamped(to: oldest..<newest + 1)
        guard !ids.isEmpty else { return [] }
        var ends = [ids.lowerBound >> Self.blockBits, (ids.upperBound - 1) >> Self.blockBits]
        if isNewestFirst { ends.reverse() }

        let statement = try RawStatement(
            """
            SELECT id FROM inquiry INDEXED BY \(index)
            WHERE \(Self.block(of: "id")) = ?1 AND \(column) = ?2 AND id >= ?3 AND id < ?4
            ORDER BY id \(isNewestFirst ? "DESC" : "ASC")
            """, on: database.sqliteConnection)
        statement.bind(value, at: 2)
        statement.bind(ids.lowerBound, at: 3)
        statement.bind(ids.upperBound, at: 4)
        var found: [Int64] = []
        for block in stride(from: ends[0], through: ends[1], by: isNewestFirst ? -1 : 1)
        where found.count < limit {
            statement.bind(block, at: 1)
            while found.count < limit, try statement.step() {
                if let id = statement.integer(0) { found.append(id) }
            }
            statement.reset()
        }
        return found
    }

    private var index: String {
        switch self {
        case .paymentCode: "inquiry_by_code"
        case .requestID: "inquiry_by_request"
        }
    }

    private var column: String {
        switch self {
        case .paymentCode: "payment_code"
        case .requestID: "request_id"
        }
    }

    private var value: String {
        switch self {
        case .paymentCode(let value), .requestID(let value): value
        }
    }
}

extension [Int64] {
    /// A condition that selects the rows with these ids, however many they are.
    var selected: SQLCondition {
        SQLCondition("id IN (SELECT value FROM json_each(?))", ["[\(list)]"])
    }
}
