// Events: every change, in the order of the commits, in the same transaction as the change itself.
// An event is a snapshot; who reads it late reads what was true then.

import Foundation
import GRDB
import LoketCore

package struct Event: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case billCreated = "bill.created"
        /// Edited, replaced or open again.
        case billChanged = "bill.changed"
        case billCancelled = "bill.cancelled"
        case billHeld = "bill.held"
        case paymentSettled = "payment.settled"
        case paymentFlagged = "payment.flagged"
        case paymentForeign = "payment.foreign"
        case paymentResolved = "payment.resolved"

        /// That a bill is paid is told by its payment.
        init?(billBecomes state: Bill.State) {
            switch state {
            case .open, .replaced: self = .billChanged
            case .held: self = .billHeld
            case .cancelled: self = .billCancelled
            case .paid: return nil
            }
        }
    }

    package let id: Int64
    package let at: Moment
    package let kind: Kind
    package let accountID: Int64
    package let billID: Int64?
    package let paymentID: Int64?
    /// The delivery that told of the payment, and its hash in the ledger.
    package let deliveryID: Int64?
    package let ledgerHash: [UInt8]?
    package let invoiceNumber: String?
    package let paymentCode: String?
    package let amount: Int64?
    package let billState: String?
    package let standing: String?
    package let flags: [String]

    fileprivate init?(_ row: Row) {
        guard let kind = Kind(rawValue: row["type"]) else { return nil }
        self.kind = kind
        id = row["id"]
        at = Moment(milliseconds: row["at"])
        accountID = row["account_id"]
        billID = row["bill_id"]
        paymentID = row["payment_id"]
        deliveryID = row["delivery_id"]
        ledgerHash = (row["hash"] as Data?).map(Array.init)
        invoiceNumber = row["invoice_number"]
        paymentCode = row["payment_code"]
        amount = row["amount"]
        billState = row["bill_state"]
        standing = row["standing"]
        flags = ((row["flags"] as String?) ?? "").split(separator: " ").map(String.init)
    }

    // MARK: Telling

    /// Of a bill, as it is now.
    static func tell(
        _ kind: Kind, of record: BillRecord, at: Moment, in database: Database
    ) throws {
        let bill = record.bill
        try insert(in: database).execute(arguments: [
            at.milliseconds, kind.rawValue, record.accountID, bill.id, nil, nil,
            bill.invoiceNumber.text, bill.paymentCode.digits, bill.amount.whole,
            bill.state.rawValue, nil, nil,
        ])
    }

    /// Of a payment: what its standing makes of it.
    static func tell(
        _ kind: Kind, of payment: PaymentRecord, billID: Int64?, billState: Bill.State?,
        at: Moment, in database: Database
    ) throws {
        try insert(in: database).execute(arguments: [
            at.milliseconds, kind.rawValue, payment.accountID, billID, payment.id,
            payment.deliveryID, payment.invoiceNumber, payment.paymentCode, payment.amount,
            billState?.rawValue, payment.standing.rawValue,
            payment.flags.words.joined(separator: " "),
        ])
    }

    /// A payment that is new: that it settled its bill, that somebody should look, or both.
    static func tell(
        of payment: PaymentRecord, bill: Bill?, at: Moment, in database: Database
    ) throws {
        let billID = bill?.id ?? payment.billID
        let state = try billID.flatMap { try Self.state(ofBill: $0, in: database) }
        var kinds: [Kind] = []
        if payment.standing == .settled { kinds.append(.paymentSettled) }
        if payment.standing == .foreign { kinds.append(.paymentForeign) }
        if payment.needsAttention { kinds.append(.paymentFlagged) }
        for kind in kinds {
            try tell(
                kind, of: payment, billID: billID, billState: state, at: at, in: database)
        }
    }

    static func state(ofBill id: Int64, in database: Database) throws -> Bill.State? {
        try String.fetchOne(
            database, sql: "SELECT state FROM bill WHERE id = ?", arguments: [id]
        ).flatMap { Bill.State(rawValue: $0) }
    }

    private static func insert(in database: Database) throws -> GRDB.Statement {
        try database.cachedStatement(
            sql: """
                INSERT INTO event (
                    at, type, account_id, bill_id, payment_id, delivery_id, invoice_number,
                    payment_code, amount, bill_state, standing, flags
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
    }
}

extension BillStore {
    /// Oldest first.
    ///
    /// - Parameter after: only events with a greater id.
    package func events(after: Int64, limit: Int) async throws -> [Event] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT event.*, delivery.hash FROM event
                    LEFT JOIN delivery ON delivery.id = event.delivery_id
                    WHERE event.id > ? ORDER BY event.id LIMIT ?
                    """,
                arguments: [after, limit]
            ).compactMap(Event.init)
        }
    }

    /// The history that event ids belong to.
    package func epoch() throws -> String {
        try pool.read { database in
            let sql = "SELECT name FROM epoch ORDER BY id DESC LIMIT 1"
            guard let name = try String.fetchOne(database, sql: sql) else {
                preconditionFailure("a migration makes the first epoch")
            }
            return name
        }
    }
}
