// Events: a record of every change, in commit order, written in the transaction of the change. An
// event is a snapshot; a later reader sees the state at the time of the event.

import Foundation
import GRDB
import LoketCore

package struct Event: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case billCreated = "bill.created"
        /// The bill was edited, replaced or reopened.
        case billChanged = "bill.changed"
        case billCancelled = "bill.cancelled"
        case billHeld = "bill.held"
        case paymentSettled = "payment.settled"
        case paymentFlagged = "payment.flagged"
        case paymentForeign = "payment.foreign"
        case paymentResolved = "payment.resolved"
        /// A decision on the payment was revoked.
        case paymentReopened = "payment.reopened"
        /// One event for all bills of the import.
        case importApplied = "import.applied"
        case importUndone = "import.undone"
        case attentionRaised = "attention.raised"
        case attentionResolved = "attention.resolved"
        /// About the service, without an account.
        case findingBegan = "service.finding_began"
        case findingEnded = "service.finding_ended"

        /// Returns nil for `paid`: the event of the payment reports it.
        init?(billBecomes state: Bill.State) {
            switch state {
            case .open, .replaced: self = .billChanged
            case .held: self = .billHeld
            case .cancelled: self = .billCancelled
            case .paid: return nil
            }
        }
    }

    /// The bill at the time of the event.
    package struct BillSnapshot: Sendable {
        package let id: Int64
        package let invoiceNumber: String
        package let paymentCode: String
        /// The amount at the time of the event.
        package let amount: Int64
        /// Nil if the bill had one amount.
        package let amounts: DatedAmounts?
        package let state: String
    }

    /// The payment at the time of the event.
    package struct PaymentSnapshot: Sendable {
        package let id: Int64
        package let invoiceNumber: String?
        package let paymentCode: String?
        package let amount: Int64?
        package let standing: String
        package let flags: [String]
    }

    /// The entry of the attention list.
    package struct AttentionThen: Sendable {
        package let id: Int64
        package let kind: String
    }

    /// The result of an import or of its undoing.
    package struct ImportSnapshot: Sendable {
        package let id: Int64
        /// Bills created, or cancelled by the undoing.
        package let made: Int64
        /// Bills changed, or restored by the undoing.
        package let changed: Int64
    }

    /// A fault of the service, current or past.
    package struct FindingThen: Sendable, Hashable {
        /// The finding's stable name.
        package let name: String
        package let sentence: String
        package let since: Moment

        package init(name: String, sentence: String, since: Moment) {
            self.name = name
            self.sentence = sentence
            self.since = since
        }
    }

    package let id: Int64
    package let at: Moment
    package let kind: Kind
    /// Nil for an import whose bills may belong to several accounts, and for a finding.
    package let accountID: Int64?
    package let bill: BillSnapshot?
    package let payment: PaymentSnapshot?
    package let `import`: ImportSnapshot?
    package let attention: AttentionThen?
    package let finding: FindingThen?
    /// The position in the ledger of the delivery that first reported the payment, or that the
    /// attention entry is about.
    package let ledger: Ledger.Head?

    /// - Throws: `StoreFault.damagedRow` if unreadable.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "event")
        kind = try row.word("type")
        id = try row.value("id")
        at = try row.value("at")
        accountID = try row.value("account_id")
        bill = try BillSnapshot(row)
        payment = try PaymentSnapshot(row)
        `import` = try ImportSnapshot(row)
        attention = try AttentionThen(row)
        finding = try FindingThen(row)
        if let hash = try row.value("hash") as Data? {
            ledger = Ledger.Head(number: try row.value("delivery_id"), hash: Array(hash))
        } else {
            ledger = nil
        }
    }

    // MARK: Adding

    /// Adds an event about a bill and the payment, if any and undamaged, that caused the event, in
    /// their current states.
    static func add(
        _ kind: Kind, of bill: Bill, accountID: Int64, paymentID: Int64? = nil, at: Moment,
        in database: Database
    ) throws {
        let payment = paymentID.flatMap { try? PaymentRow.find($0, in: database) }
        try insert(kind, accountID: accountID, bill: bill, payment: payment, at: at, in: database)
    }

    /// Adds an event about a payment and its bill, in their current states. A bill whose row is
    /// damaged is omitted.
    static func add(
        _ kind: Kind, of payment: PaymentRecord, at: Moment, in database: Database
    ) throws {
        let record = payment.billID.flatMap { try? Store.record(id: $0, in: database) }
        try insert(
            kind, accountID: payment.accountID, bill: record?.bill, payment: payment, at: at,
            in: database)
    }

    /// Adds an event about an attention entry, with its payment and bill. Damaged rows are omitted.
    static func add(
        _ kind: Kind, of entry: AttentionRecord, at: Moment, in database: Database
    ) throws {
        let payment = entry.paymentID.flatMap { try? PaymentRow.find($0, in: database) }
        let record = payment?.billID.flatMap { try? Store.record(id: $0, in: database) }
        try insert(
            kind, accountID: entry.accountID, bill: record?.bill, payment: payment, entry: entry,
            at: at, in: database)
    }

    /// Adds the events of a new payment: settled or foreign, flagged for an operator, or both.
    ///
    /// - Parameter bill: the payment's bill in its current state; nil if there is none, or if its
    ///   row is damaged.
    static func add(
        ofNew payment: PaymentRecord, bill: Bill?, at: Moment, in database: Database
    ) throws {
        let kinds: [(kind: Kind, isDue: Bool)] = [
            (.paymentSettled, payment.standing == .settled),
            (.paymentForeign, payment.standing == .foreign),
            (.paymentFlagged, payment.needsAttention),
        ]
        for (kind, isDue) in kinds where isDue {
            try insert(
                kind, accountID: payment.accountID, bill: bill, payment: payment, at: at,
                in: database)
        }
    }

    /// Adds an event about an import.
    static func add(
        _ kind: Kind, ofImport id: Int64, accountID: Int64?, made: Int64, changed: Int64,
        at: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO event (
                at, type, account_id, import_id, import_made, import_changed
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """, [at.milliseconds, kind.rawValue, accountID, id, made, changed])
    }

    private static func insert(
        _ kind: Kind, accountID: Int64, bill: Bill?, payment: PaymentRecord?,
        entry: AttentionRecord? = nil, at: Moment, in database: Database
    ) throws {
        let statement = try CachedStatement(insertion, in: database)
        statement.bind(at.milliseconds, at: 1)
        statement.bind(kind.rawValue, at: 2)
        statement.bind(accountID, at: 3)
        statement.bind(bill?.id, at: 4)
        statement.bind(bill?.invoiceNumber.text, at: 5)
        statement.bind(bill?.paymentCode.digits, at: 6)
        statement.bind(bill?.amounts.amount(at: at).whole, at: 7)
        statement.bind(bill?.state.rawValue, at: 8)
        statement.bind(payment?.id, at: 9)
        statement.bind(entry?.deliveryID ?? payment?.deliveryID, at: 10)
        statement.bind(payment?.invoiceNumber, at: 11)
        statement.bind(payment?.paymentCode, at: 12)
        statement.bind(payment?.amount, at: 13)
        statement.bind(payment?.standing.rawValue, at: 14)
        statement.bind(payment?.flags.words.joined(separator: " "), at: 15)
        statement.bind(entry?.id, at: 16)
        statement.bind(entry?.kind.rawValue, at: 17)
        statement.bind(bill?.amounts.stored, at: 18)
        try statement.run()
    }

    private static let insertion = """
        INSERT INTO event (
            at, type, account_id, bill_id, bill_invoice_number, bill_payment_code,
            bill_amount, bill_state, payment_id, delivery_id, paid_invoice_number,
            paid_code, paid_amount, standing, flags, attention_id, attention_kind,
            bill_amounts
        ) VALUES (\(Array(1...18).parameters))
        """
}
