// Reads the channels of notifications that an earlier version recorded without them. It runs in the
// background, a few notifications at a time, and continues after a restart where it stopped.

import GRDB
import LoketCore

/// The notifications whose channels are not yet read.
struct ChannelReading {
    /// The last notification that is done.
    let done: Int64
    /// The last notification that was recorded without a channel.
    let last: Int64

    init(in database: Database) throws {
        let stored = try database.row("SELECT done, last FROM channel_reading")
            .map { TableRow($0, of: "channel_reading") }
        done = try stored?.value("done") ?? 0
        last = try stored?.value("last") ?? 0
    }

    func isDue(_ number: Int64) -> Bool { number > done && number <= last }
}

extension Store {
    /// Reads the channels that are missing.
    ///
    /// - Parameters:
    ///   - read: reads a delivery's body with a version of the reader.
    ///   - isStopping: called before each step; if true, the others are read at the next start.
    /// - Returns: the number of notifications read.
    package func readChannels(
        _ read: @escaping DeliveryReader, isStopping: () -> Bool = { false }
    ) async throws -> Int {
        var count = 0
        while !isStopping() {
            let step = try await pool.read { try Self.channels(read, in: $0) }
            guard let step else { break }
            try await commits.write { try Self.note(step, in: $0) }
            count += step.channels.count
            await Task.yield()
        }
        return count
    }

    private struct ChannelStep: Sendable {
        /// The ledger's number and the channel of each notification that names one.
        var channels: [(number: Int64, id: String)] = []
        var last: Int64
    }

    /// Returns nil if none is missing. Damaged rows are left out; the ledger check reports them.
    private static func channels(
        _ read: DeliveryReader, in database: Database
    ) throws -> ChannelStep? {
        let reading = try ChannelReading(in: database)
        guard reading.done < reading.last else { return nil }
        var step = ChannelStep(
            last: min(reading.done + Int64(Limits.rereadAtOnce), reading.last))
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT delivery.*, account.client_id, notification.reader FROM delivery
                JOIN account ON account.id = delivery.account_id
                JOIN notification ON notification.delivery_id = delivery.id
                WHERE delivery.id > ?1 AND delivery.id <= ?2 ORDER BY delivery.id
                """, arguments: [reading.done, step.last])
        while let raw = try rows.next() {
            guard let row = try? LedgerRow(raw),
                let reader: ReaderVersion = try? TableRow(raw, of: "notification").word("reader"),
                let id = read(row.delivery, reader).reading.receipt?.channelID
            else { continue }
            step.channels.append((row.number, noted(id)))
        }
        return step
    }

    private static func note(_ step: ChannelStep, in database: Database) throws {
        for (number, id) in step.channels {
            try database.run(
                "UPDATE notification SET channel = ?1 WHERE delivery_id = ?2", [id, number])
        }
        try database.run("UPDATE channel_reading SET done = ?1", [step.last])
    }
}
