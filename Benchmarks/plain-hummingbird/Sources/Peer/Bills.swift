// The bills in SQLite, and the rules by which a payment code belongs to the merchant.

import Foundation
import GRDB

struct Bill: Decodable, FetchableRecord, Sendable {
    enum State: String, Decodable {
        case open, held, paid, cancelled, replaced
    }

    let state: State
    let cancelReason: String?
    let amount: Int64
    let invoiceNumber: String
    let reusable: Bool
    let expiresAt: Int64?
    let validFrom: Int64?
    let customerName: String
    let info: String?

    static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase

    /// The status that declines the bill; nil if it can be paid now.
    func refusal(at now: Date) -> Outcome.Status? {
        if state == .paid || cancelReason == "paid_elsewhere" { return .alreadyPaid }
        if state == .replaced { return .expired }
        guard state == .open else { return .decline }
        let milliseconds = Int64(now.timeIntervalSince1970 * 1000)
        if let expiresAt, milliseconds >= expiresAt { return .expired }
        if let validFrom, milliseconds < validFrom { return .decline }
        return nil
    }
}

struct Bills: Sendable {
    private let pool: DatabasePool
    private let accountID: Int64

    init(path: String, clientID: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        pool = try DatabasePool(path: path, configuration: configuration)
        let id = try pool.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT id FROM account WHERE client_id = ?", arguments: [clientID])
        }
        guard let id else { throw MissingVariable(name: "CLIENT_ID") }
        accountID = id
    }

    private static let columns = """
        state, cancel_reason, amount, invoice_number, reusable, expires_at, valid_from, \
        customer_name, info
        """
    private static let lookup = """
        SELECT \(columns) FROM bill
        WHERE account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
        UNION ALL
        SELECT \(columns) FROM bill
        WHERE id = (
            SELECT max(id) FROM bill
            WHERE account_id = ?1 AND payment_code = ?2 AND state NOT IN ('open', 'held')
        )
        LIMIT 1
        """

    func bill(of code: String) async throws -> Bill? {
        try await pool.read { database in
            try Bill.fetchOne(
                database.cachedStatement(sql: Self.lookup), arguments: [accountID, code])
        }
    }
}

enum Channel: String, Decodable {
    case alfa = "ONLINE_TO_OFFLINE_ALFA"
    case indomaret = "ONLINE_TO_OFFLINE_INDOMARET"
}

struct BIN: Sendable {
    let digits: String
    let codeLength: ClosedRange<Int>
    let channels: Set<Channel>

    /// The merchant's BINs, as in loket's example settings; the longest first.
    static let all = [
        BIN(digits: "889651", codeLength: 7...20, channels: [.alfa]),
        BIN(digits: "12345", codeLength: 6...25, channels: [.alfa, .indomaret]),
    ]
}
