// The attention list: deliveries for a person to look into, apart from the payments that need a
// decision. An entry is created in the transaction that records or reads its delivery, once for
// each delivery and kind. Entries are listed newest first and resolved by a person.

import GRDB
import LoketCore

package struct AttentionRecord: Sendable {
    package let id: Int64
    package let kind: AttentionKind
    package let accountID: Int64
    package let deliveryID: Int64
    /// The delivery's own payment, or the newest earlier payment with the same invoice number.
    package let paymentID: Int64?
    package let since: Moment
    /// The fields of the notification.
    package let content: Content
    package let resolution: Resolution?

    /// The noted fields; incomplete for `readableNow`, where the delivery's body must be read.
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

    /// A person's resolution of the entry.
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

    /// - Throws: `StoreFault.damagedRow`, also if the kind is unknown to this version.
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
    /// Adds a delivery to the list and records an event, unless the list already has the delivery
    /// with this kind.
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

    /// The kinds of entries due for a delivery, and the payment they concern.
    struct Due {
        let kinds: [AttentionKind]
        let paymentID: Int64?
        /// Whether the payment was recorded before the start that read it; if so, the payment may
        /// have been read after this delivery.
        let isPaymentLate: Bool

        /// - Parameter paymentID: the payment that the delivery created or belongs to.
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

        /// Returns our newest payment with the invoice number, from an earlier delivery.
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

/// The filter for the list.
package struct AttentionFilter: Sendable {
    package var kind: AttentionKind?
    package var accountID: Int64?
    package var isResolved: Bool?

    package init() {}
}

package enum AttentionOutcome: Sendable {
    /// Resolved by this call, or earlier with an equal note.
    case resolved(AttentionRecord)
    /// Resolved earlier with another note.
    case otherwise(AttentionRecord)
    case unknown
}

extension Store {
    /// - Parameter before: the exclusive upper limit of the ids.
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

    /// Marks an entry as resolved by a person.
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
