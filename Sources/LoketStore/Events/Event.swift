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
        /// A decision on it was taken back.
        case paymentReopened = "payment.reopened"
        /// One for all of its bills.
        case importApplied = "import.applied"
        case importUndone = "import.undone"
        case attentionRaised = "attention.raised"
        case attentionResolved = "attention.resolved"
        /// Of the service itself, and so of no account.
        case findingBegan = "service.finding_began"
        case findingEnded = "service.finding_ended"

        /// That a bill is paid is reported by its payment.
        init?(billBecomes state: Bill.State) {
            switch state {
            case .open, .replaced: self = .billChanged
            case .held: self = .billHeld
            case .cancelled: self = .billCancelled
            case .paid: return nil
            }
        }
    }

    /// The bill as it was then.
    package struct BillSnapshot: Sendable {
        package let id: Int64
        package let invoiceNumber: String
        package let paymentCode: String
        package let amount: Int64
        package let state: String
    }

    /// The payment as it was then.
    package struct PaymentSnapshot: Sendable {
        package let id: Int64
        package let invoiceNumber: String?
        package let paymentCode: String?
        package let amount: Int64?
        package let standing: String
        package let flags: [String]
    }

    /// The entry on the list to work through.
    package struct AttentionThen: Sendable {
        package let id: Int64
        package let kind: String
    }

    /// What an import did, or its undoing.
    package struct ImportSnapshot: Sendable {
        package let id: Int64
        /// Bills made; of an undoing: cancelled.
        package let made: Int64
        /// Bills changed; of an undoing: restored.
        package let changed: Int64
    }

    /// What is wrong with the service, or was.
    package struct FindingThen: Sendable, Hashable {
        /// Its stable name.
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
    /// Nil for an import whose bills may be of several accounts, and for a finding.
    package let accountID: Int64?
    package let bill: BillSnapshot?
    package let payment: PaymentSnapshot?
    package let `import`: ImportSnapshot?
    package let attention: AttentionThen?
    package let finding: FindingThen?
    /// The delivery that reported the payment first, or that the entry is about, by its place in
    /// the ledger.
    package let ledger: Ledger.Head?

    /// - Throws: `StoreFault.damagedRow`.
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

    // MARK: Telling

    /// Of a bill and of the payment that did it, if one did whose row is right, as both are now.
    static func add(
        _ kind: Kind, of bill: Bill, accountID: Int64, paymentID: Int64? = nil, at: Moment,
        in database: Database
    ) throws {
        let payment = paymentID.flatMap { try? PaymentRow.find($0, in: database) }
        try insert(kind, accountID: accountID, bill: bill, payment: payment, at: at, in: database)
    }

    /// Of a payment and of its bill, if there is one whose row is right, as both are now.
    static func add(
        _ kind: Kind, of payment: PaymentRecord, at: Moment, in database: Database
    ) throws {
        let record = payment.billID.flatMap { try? Store.record(id: $0, in: database) }
        try insert(
            kind, accountID: payment.accountID, bill: record?.bill, payment: payment, at: at,
            in: database)
    }

    /// Of an entry on the list to work through, with its payment and bill, if there are any whose
    /// rows are right.
    static func add(
        _ kind: Kind, of entry: AttentionRecord, at: Moment, in database: Database
    ) throws {
        let payment = entry.paymentID.flatMap { try? PaymentRow.find($0, in: database) }
        let record = payment?.billID.flatMap { try? Store.record(id: $0, in: database) }
        try insert(
            kind, accountID: entry.accountID, bill: record?.bill, payment: payment, entry: entry,
            at: at, in: database)
    }

    /// Of a payment that is new: that it settled its bill, that an operator should look, or both.
    static func add(ofNew payment: PaymentRecord, at: Moment, in database: Database) throws {
        var kinds: [Kind] = []
        if payment.standing == .settled { kinds.append(.paymentSettled) }
        if payment.standing == .foreign { kinds.append(.paymentForeign) }
        if payment.needsAttention { kinds.append(.paymentFlagged) }
        for kind in kinds { try add(kind, of: payment, at: at, in: database) }
    }

    /// Of an import or its undoing.
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
        try database.run(
            """
            INSERT INTO event (
                at, type, account_id, bill_id, bill_invoice_number, bill_payment_code,
                bill_amount, bill_state, payment_id, delivery_id, paid_invoice_number,
                paid_code, paid_amount, standing, flags, attention_id, attention_kind
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """,
            [
                at.milliseconds, kind.rawValue, accountID, bill?.id, bill?.invoiceNumber.text,
                bill?.paymentCode.digits, bill?.amount.whole, bill?.state.rawValue, payment?.id,
                entry?.deliveryID ?? payment?.deliveryID, payment?.invoiceNumber,
                payment?.paymentCode, payment?.amount, payment?.standing.rawValue,
                payment?.flags.words.joined(separator: " "), entry?.id, entry?.kind.rawValue,
            ])
    }
}

extension Event.BillSnapshot {
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("bill_id") as Int64? else { return nil }
        self.init(
            id: id, invoiceNumber: try row.value("bill_invoice_number"),
            paymentCode: try row.value("bill_payment_code"),
            amount: try row.value("bill_amount"), state: try row.value("bill_state"))
    }
}

extension Event.PaymentSnapshot {
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("payment_id") as Int64? else { return nil }
        let flags: String = try row.value("flags")
        self.init(
            id: id, invoiceNumber: try row.value("paid_invoice_number"),
            paymentCode: try row.value("paid_code"), amount: try row.value("paid_amount"),
            standing: try row.value("standing"),
            flags: flags.split(separator: " ").map(String.init))
    }
}

extension Event.AttentionThen {
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("attention_id") as Int64? else { return nil }
        self.init(id: id, kind: try row.value("attention_kind"))
    }
}

extension Event.ImportSnapshot {
    fileprivate init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("import_id") as Int64? else { return nil }
        self.init(
            id: id, made: try row.value("import_made"), changed: try row.value("import_changed"))
    }
}
