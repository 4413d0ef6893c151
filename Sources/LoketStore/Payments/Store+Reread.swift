// Reads deliveries again that an earlier version of the reader could not read. A delivery that is
// now readable is added to the attention list, and its payment remains unchanged. The migration of
// the new version of the reader queued the deliveries.

import GRDB
import LoketCore

extension Store {
    /// Reads the queued deliveries, a few at a time.
    ///
    /// - Parameters:
    ///   - read: reads a delivery's body with a version of the reader.
    ///   - isStopping: called before each step; if true, the other deliveries are read at the next
    ///     start.
    /// - Returns: the number of deliveries added to the attention list.
    package func readAgain(
        _ read: @escaping DeliveryReader, now: Moment, isStopping: () -> Bool = { false }
    ) async throws -> Int {
        var listed = 0
        var last: Int64 = 0
        while !isStopping() {
            let after = last
            let batch = try await pool.read { database in
                try Self.queued(after: after, read, in: database)
            }
            guard let end = batch.last?.deliveryID else { break }
            last = end
            listed += try await commits.write { try Self.list(batch, at: now, in: $0) }
            await Task.yield()
        }
        return listed
    }

    private struct ReadAgain: Sendable {
        let deliveryID: Int64
        let accountID: Int64
        let paymentID: Int64
        let isReadableNow: Bool
    }

    /// Returns queued deliveries without their bodies, which may be long. Damaged rows are left
    /// out; the ledger check reports them.
    private static func queued(
        after last: Int64, _ read: DeliveryReader, in database: Database
    ) throws -> [ReadAgain] {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT delivery.*, account.client_id, payment.id AS payment_id, payment.resolution
                FROM reread JOIN delivery ON delivery.id = reread.delivery_id
                JOIN account ON account.id = delivery.account_id
                JOIN notification ON notification.delivery_id = delivery.id
                JOIN payment ON payment.id = notification.payment_id
                WHERE reread.delivery_id > ?1 ORDER BY reread.delivery_id
                """,
            arguments: [last]
        ).readable(Limits.rereadAtOnce) { raw in
            let row = try LedgerRow(raw)
            let payment = TableRow(raw, of: "payment")
            let resolution: Resolution? = try payment.wordIfAny("resolution")
            return ReadAgain(
                deliveryID: row.number, accountID: row.delivery.accountID,
                paymentID: try payment.value("payment_id"),
                isReadableNow: AttentionKind.isReadableNow(
                    read(row.delivery, .current).reading, wasDismissed: resolution == .dismiss))
        }
    }

    private static func list(
        _ batch: [ReadAgain], at moment: Moment, in database: Database
    ) throws -> Int {
        var listed = 0
        for delivery in batch {
            if delivery.isReadableNow {
                try Attention.raise(
                    .readableNow, deliveryID: delivery.deliveryID, accountID: delivery.accountID,
                    paymentID: delivery.paymentID, at: moment, in: database)
                listed += 1
            }
            try database.run("DELETE FROM reread WHERE delivery_id = ?1", [delivery.deliveryID])
        }
        return listed
    }
}
