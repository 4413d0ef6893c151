// Recording of deliveries, the only way to record a payment: a delivery is recorded first and
// classified second, both in one commit. The caller receives the result after the commit is on
// disk.

import GRDB
import LoketCore
import LoketSystem

extension Store {
    /// - Parameters:
    ///   - contents: the fields read from the body.
    ///   - end: called once for all deliveries of a commit that have the same object.
    ///   - then: called once, on the writing thread, before `end`. After a failure it is unknown
    ///     whether the delivery is recorded, so DOKU must send it again.
    package func take(
        _ delivery: Delivery, _ contents: DeliveryContents, end: (any GroupEnd)? = nil,
        then: @escaping @Sendable (Result<RecordedDelivery, any Error>) -> Void
    ) {
        let bodyHash = SHA256Digest(of: delivery.body).bytes
        commits.submit(
            bytes: delivery.body.count, end: end,
            { database, attempt in
                guard let number = try Self.record(delivery, bodyHash: bodyHash, in: database)
                else {
                    return try Self.countRepeat(of: delivery, bodyHash: bodyHash, in: database)
                }
                var taken = RecordedDelivery(deliveryID: number, isRepeat: false)
                do {
                    taken.entry = try attempt.run(database) {
                        try Self.classify(number, delivery, contents, in: database)
                    }
                } catch  where attempt == .first || isMachineFailure(error) {
                    throw error
                } catch {
                    // The delivery is recorded even if it cannot be classified; the next start
                    // classifies it.
                    taken.fault = "\(error)"
                }
                return taken
            }, then: then)
    }

    package func take(_ delivery: Delivery, _ contents: DeliveryContents) async throws
        -> RecordedDelivery
    {
        try await withCheckedThrowingContinuation { continuation in
            take(delivery, contents) { continuation.resume(with: $0) }
        }
    }

    private static func classify(
        _ number: Int64, _ delivery: Delivery, _ contents: DeliveryContents,
        wasPending: Bool = false,
        in database: Database
    ) throws -> PaymentOutcome {
        try PaymentBook(
            database: database, deliveryID: number, accountID: delivery.accountID,
            receivedAt: delivery.receivedAt, source: delivery.source, isSigned: delivery.isSigned,
            contents: contents,
            wasPending: wasPending
        ).enter()
    }

    /// Appends a delivery to the ledger.
    ///
    /// - Returns: its number; nil if the ledger has an equal delivery.
    private static func record(
        _ delivery: Delivery, bodyHash: [UInt8], in database: Database
    ) throws -> Int64? {
        // Equal notifications are found by the ledger's unique index, without a search before it.
        if delivery.source == .checkStatus,
            try Ledger.number(of: delivery, bodyHash: bodyHash, in: database) != nil
        {
            return nil
        }
        return try Ledger.append(delivery, bodyHash: bodyHash, in: database)
    }

    private static func countRepeat(
        of delivery: Delivery, bodyHash: [UInt8], in database: Database
    ) throws -> RecordedDelivery {
        let earlier = try Ledger.number(of: delivery, bodyHash: bodyHash, in: database)
        guard let number = earlier else {
            throw StoreFault.damagedRow(table: "delivery", row: nil)
        }
        try database.run(
            """
            UPDATE notification SET repeats = repeats + 1, last_repeat_at = ?1
            WHERE delivery_id = ?2
            """, [delivery.receivedAt.milliseconds, number])
        return RecordedDelivery(deliveryID: number, isRepeat: true)
    }

    // MARK: Unclassified deliveries

    /// Classifies the recorded but unclassified deliveries, in ledger order.
    ///
    /// - Parameter read: reads a delivery's body with the current reader.
    /// - Returns: the number of deliveries classified, and the faults of the others.
    package func classifyPending(
        _ read: @escaping @Sendable (Delivery) -> DeliveryContents
    ) async throws -> (done: Int, faults: [String]) {
        let rows = try await pool.read { database in
            try database.rows(
                """
                \(LedgerRow.select)
                LEFT JOIN notification ON notification.delivery_id = delivery.id
                WHERE notification.delivery_id IS NULL ORDER BY delivery.id
                """
            ).compactMap { try? LedgerRow($0) }
        }
        var done = 0
        var faults: [String] = []
        for row in rows {
            do {
                let contents = read(row.delivery)
                _ = try await commits.write { database in
                    try Self.classify(
                        row.number, row.delivery, contents, wasPending: true, in: database)
                }
                done += 1
            } catch {
                faults.append("notification \(row.number): \(error)")
            }
        }
        return (done, faults)
    }
}
