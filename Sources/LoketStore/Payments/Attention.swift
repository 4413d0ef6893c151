// The list to work through besides the payments that wait for a decision. Entries are made in the
// transaction that records or reads their delivery, once for each delivery and kind; they are read
// newest first, and resolved by a person.

import GRDB
import LoketCore

package struct AttentionRecord: Sendable {
    package let id: Int64
    package let kind: AttentionKind
    package let accountID: Int64
    package let deliveryID: Int64
    /// The delivery's own payment, or the one that came before it under the same invoice number.
    package let paymentID: Int64?
    package let since: Moment
    /// What the notification says.
    package let content: Content
    package let resolution: Resolution?

    /// As it was noted; of `readableNow` it was not noted whole, and the body has to be read.
    package struct Content: Sendable {
        /// `transaction.status` as sent.
        package let status: String?
        package let invoiceNumber: String?
        package let paymentCode: String?
        /// Whole rupiah.
        package let amount: Int64?
        /// `transaction.date` as sent.
        package let date: String?

        package init(status: String?, _ receipt: ReportedPayment?) {
            self.status = status
            invoiceNumber = receipt?.invoiceNumber
            paymentCode = receipt?.codeText
            amount = receipt?.amount?.whole
            date = receipt?.dateText
        }

        fileprivate init(_ row: TableRow) throws(StoreFault) {
            status = try row.value("status")
            invoiceNumber = try row.value("invoice_number")
            paymentCode = try row.value("payment_code")
            amount = try row.value("amount")
            date = try row.value("date_text")
        }
    }

    /// That a person has looked at it.
    package struct Resolution: Sendable, Equatable {
        package let note: String?
        /// Name of the admin key.
        package let actor: String
        package let at: Moment
    }

    static let select = """
        SELECT attention.*, notification.status, notification.invoice_number,
            notification.payment_code, notification.amount, notification.date_text
        FROM attention
        LEFT JOIN notification ON notification.delivery_id = attention.delivery_id
        """

    /// - Throws: `StoreFault.damagedRow`, also for a kind that this version does not know.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "attention")
        id = try row.value("id")
        kind = try row.word("kind")
        accountID = try row.value("account_id")
        deliveryID = try row.value("delivery_id")
        paymentID = try row.value("payment_id")
        since = try row.value("since")
        content = try Content(row)
        if let at = try row.value("resolved_at") as Moment? {
            resolution = Resolution(
                note: try row.value("note"), actor: try row.value("resolved_by"), at: at)
        } else {
            resolution = nil
        }
    }
}

enum Attention {
    /// Puts a delivery on the list with an event, unless it is there for this reason already.
    static func raise(
        _ kind: AttentionKind, deliveryID: Int64, accountID: Int64, paymentID: Int64?,
        at moment: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO attention (kind, account_id, delivery_id, payment_id, since)
            VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING
            """,
            [
                kind.rawValue, accountID, deliveryID, paymentID, moment.milliseconds,
            ])
        guard database.changesCount > 0 else { return }
        guard let entry = try find(database.lastInsertedRowID, in: database) else {
            throw StoreFault.damagedRow(table: "attention", row: nil)
        }
        try Event.add(.attentionRaised, of: entry, at: moment, in: database)
    }

    static func find(_ id: Int64, in database: Database) throws -> AttentionRecord? {
        try database.row("\(AttentionRecord.select) WHERE attention.id = ?1", [id]).map {
            try AttentionRecord($0)
        }
    }

    /// What a delivery puts on the list, and the payment that it is about.
    struct Due {
        let kinds: [AttentionKind]
        let paymentID: Int64?
        /// The payment was read at a later start than the one that recorded it, and so perhaps
        /// after this delivery.
        let isPaymentLate: Bool

        /// - Parameter paymentID: the payment that the delivery makes or is of.
        init(
            ofDelivery number: Int64, accountID: Int64, isSigned: Bool?, status: String?,
            reading: DeliveryReading, paymentID: Int64?, in database: Database
        ) throws {
            let before =
                paymentID == nil
                ? try Self.payment(
                    named: reading.receipt?.invoiceNumber, accountID: accountID, before: number,
                    in: database) : nil
            self.paymentID = paymentID ?? before?.id
            isPaymentLate = before?.isLate ?? false
            kinds = AttentionKind.raised(
                by: reading, status: status, isSigned: isSigned, wasPaid: before != nil)
        }

        /// The newest money of ours under an invoice number, of an earlier delivery.
        private static func payment(
            named invoice: String?, accountID: Int64, before number: Int64, in database: Database
        ) throws -> (id: Int64, isLate: Bool)? {
            guard let invoice, isNotedWhole(invoice) else { return nil }
            return try database.row(
                """
                SELECT id, was_pending FROM payment
                JOIN notification ON notification.delivery_id = payment.delivery_id
                WHERE account_id = ?1 AND payment.invoice_number = ?2
                    AND payment.delivery_id < ?3
                    AND classified_as NOT IN ('foreign', 'unreadable')
                ORDER BY id DESC LIMIT 1
                """, [accountID, invoice, number]
            ).map {
                let row = TableRow($0, of: "payment")
                return (try row.value("id"), try row.value("was_pending"))
            }
        }
    }
}

/// What the list is narrowed to.
package struct AttentionFilter: Sendable {
    package var kind: AttentionKind?
    package var accountID: Int64?
    package var isResolved: Bool?

    package init() {}
}

package enum AttentionOutcome: Sendable {
    /// By this call, or with the same note before.
    case resolved(AttentionRecord)
    /// With another note, before.
    case otherwise(AttentionRecord)
    case unknown
}

extension Store {
    /// - Parameter before: only entries with a smaller id.
    package func attention(
        _ filter: AttentionFilter, before: Int64, limit: Int
    ) async throws -> [AttentionRecord] {
        var wanted = SQLCondition("attention.id < ?", [before])
        wanted.narrow("kind = ?", filter.kind?.rawValue)
        wanted.narrow("account_id = ?", filter.accountID)
        if let isResolved = filter.isResolved {
            wanted.add("resolved_at IS \(isResolved ? "NOT " : "")NULL")
        }
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: "\(AttentionRecord.select)\(wanted.clause) ORDER BY attention.id DESC",
                arguments: wanted.values
            ).readable(limit) { try AttentionRecord($0) }
        }
    }

    package func attention(id: Int64) async throws -> AttentionRecord? {
        try await pool.read { try Attention.find(id, in: $0) }
    }

    /// Notes that a person has looked at it.
    ///
    /// - Parameter actor: name of the admin key.
    package func resolveAttention(
        id: Int64, note: String?, actor: String, now: Moment
    ) async throws -> AttentionOutcome {
        try await commits.write { database in
            guard let entry = try Attention.find(id, in: database) else { return .unknown }
            if let before = entry.resolution {
                return before.note == note ? .resolved(entry) : .otherwise(entry)
            }
            try database.run(
                """
                UPDATE attention SET resolved_at = ?1, resolved_by = ?2, note = ?3 WHERE id = ?4
                """, [now.milliseconds, actor, note, id])
            guard let resolved = try Attention.find(id, in: database) else {
                throw StoreFault.damagedRow(table: "attention", row: id)
            }
            try Event.add(.attentionResolved, of: resolved, at: now, in: database)
            return .resolved(resolved)
        }
    }
}
