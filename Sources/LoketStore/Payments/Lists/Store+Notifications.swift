// Deliveries for the admin API: the data that DOKU sent, and its classification.

import GRDB
import LoketCore

package struct NotificationRecord: Sendable {
    package let row: LedgerRow
    /// `transaction.status` as sent.
    package let status: String?
    /// Nil while the delivery is not yet classified.
    package let standing: Standing?
    package let paymentID: Int64?
    package let repeats: Int64
    package let invoiceNumber: String?
    package let paymentCode: String?
    package let amount: Int64?
    package var hash: [UInt8] { row.hash }

    /// - Parameter withBody: whether to read the bodies; false for lists, which would get too
    ///   large.
    fileprivate static func select(withBody: Bool) -> String {
        """
        SELECT delivery.id, delivery.account_id, delivery.dialect, delivery.received_at,
            delivery.source, delivery.target, delivery.request_id, delivery.sent_timestamp,
            \(withBody ? "delivery.body" : "x'' AS body"), delivery.body_hash, delivery.hash,
            delivery.signed,
            account.client_id, notification.delivery_id AS noted, notification.status,
            notification.payment_id, notification.repeats, notification.invoice_number,
            notification.payment_code, notification.amount, payment.standing
        FROM delivery
        LEFT JOIN account ON account.id = delivery.account_id
        LEFT JOIN notification ON notification.delivery_id = delivery.id
        LEFT JOIN payment ON payment.id = notification.payment_id
        """
    }

    fileprivate init(_ raw: Row) throws(StoreFault) {
        row = try LedgerRow(raw)
        let note = TableRow(raw, of: "notification")
        status = try note.value("status")
        paymentID = try note.value("payment_id")
        repeats = try note.value("repeats") ?? 0
        invoiceNumber = try note.value("invoice_number")
        paymentCode = try note.value("payment_code")
        amount = try note.value("amount")
        let isNoted = try note.value("noted") as Int64? != nil
        standing = isNoted && paymentID == nil ? .notSuccess : try note.wordIfAny("standing")
    }
}

extension Store {
    package func notification(id: Int64) async throws -> NotificationRecord? {
        try await pool.read { database in
            try database.row(
                "\(NotificationRecord.select(withBody: true)) WHERE delivery.id = ?1", [id]
            ).map { try NotificationRecord($0) }
        }
    }

    /// Returns deliveries without their bodies, newest first.
    ///
    /// - Parameters:
    ///   - accountID: the account; nil for every account.
    ///   - source: where they came from; nil for both.
    ///   - before: the upper limit; only deliveries with a smaller id are returned.
    package func notifications(
        standing: Standing?, accountID: Int64? = nil, source: ReportedPayment.Source? = nil,
        before: Int64, limit: Int
    ) async throws -> [NotificationRecord] {
        var wanted = SQLCondition("delivery.id < ?", [before])
        switch standing {
        case nil: break
        case .notSuccess:
            wanted.add("notification.payment_id IS NULL AND notification.delivery_id IS NOT NULL")
        case .some(let standing): wanted.add("payment.standing = ?", [standing.rawValue])
        }
        // The plus keeps SQLite from using the index of repeats, which would require sorting.
        wanted.narrow("+delivery.account_id = ?", accountID)
        wanted.narrow("+delivery.source = ?", source?.rawValue)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: """
                    \(NotificationRecord.select(withBody: false))\(wanted.clause)
                    ORDER BY delivery.id DESC
                    """,
                arguments: wanted.values
            ).readable(limit) { try NotificationRecord($0) }
        }
    }
}
