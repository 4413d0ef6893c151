// The channels of notifications that an earlier version recorded: the migration queues them, and
// the service reads them in steps, beside new payments.

import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct ChannelReadingTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private static let alfa = "ONLINE_TO_OFFLINE_ALFA"

    /// Makes every notification look as the version before recorded it.
    private func forgetChannels() throws {
        try RawDatabase.execute(
            till.path,
            """
            UPDATE notification SET channel = NULL;
            DELETE FROM channel_reading;
            INSERT INTO channel_reading SELECT 1, 0, max(delivery_id) FROM notification
            """)
    }

    private func channels() throws -> [String?] {
        try RawDatabase.rows(till.path, "SELECT channel FROM notification ORDER BY delivery_id")
            .map { $0[0] }
    }

    private func readChannels(_ isStopping: () -> Bool = { false }) async throws -> Int {
        try await till.store.readChannels(till.read, isStopping: isStopping)
    }

    @Test func `channels are read once, and a notification without one keeps none`() async throws {
        try await till.take(Notice())
        try await till.take(Notice(number: "INV-2", channel: nil))
        try await till.take(Notice(number: "INV-3", channel: "KIOSK", status: "FAILED"))
        #expect(try await readChannels() == 0)
        try forgetChannels()
        #expect(try till.audit().problems == [])
        try await till.take(Notice(number: "INV-4"))
        #expect(try await readChannels() == 2)
        #expect(try channels() == [Self.alfa, nil, "KIOSK", Self.alfa])
        #expect(try await readChannels() == 0)
        #expect(try till.audit().problems == [])
    }

    @Test func `the reading is done in steps, and continues where it stopped`() async throws {
        let count = Limits.rereadAtOnce + 3
        for place in 0..<count { try await till.take(Notice(number: "INV-\(place)")) }
        try forgetChannels()
        var steps = 0
        let first = try await readChannels {
            steps += 1
            return steps > 1
        }
        #expect(first == Limits.rereadAtOnce)
        #expect(try till.audit().problems == [])
        #expect(try await readChannels() == 3)
        #expect(try channels().allSatisfy { $0 == Self.alfa })
    }

    @Test func `a damaged notification hides no other`() async throws {
        for number in ["INV-1", "INV-2", "INV-3"] { try await till.take(Notice(number: number)) }
        try forgetChannels()
        try RawDatabase.damage(till.path, "UPDATE delivery SET source = 'post' WHERE id = 2")
        #expect(try await readChannels() == 2)
        #expect(try channels() == [Self.alfa, nil, Self.alfa])
    }

    @Test func `the audit names a channel that the notification does not have`() async throws {
        try await till.take(Notice())
        try RawDatabase.execute(till.path, "UPDATE notification SET channel = 'KIOSK'")
        #expect(try till.audit().problems.count == 1)
        try RawDatabase.execute(till.path, "UPDATE notification SET channel = NULL")
        #expect(try till.audit().problems.count == 1)
    }

    @Test func `the migration queues what is recorded, and nothing in a new database`()
        async throws
    {
        #expect(try RawDatabase.count(till.path, "channel_reading") == 0)
        let folder = try TemporaryFolder()
        let queue = try RawDatabase.open(folder.database)
        try Migrations.migrator.migrate(queue, upTo: "m0007_dated_amounts")
        try queue.close()
        for table in ["account", "delivery", "payment", "notification"] {
            try RawDatabase.execute(folder.database, BadRow.insert(into: table))
        }
        try await withStore(at: folder.database) { store in
            let rows = try RawDatabase.rows(
                folder.database, "SELECT id, done, last FROM channel_reading")
            #expect(rows.map { [$0[0], $0[1], $0[2]] as [Int64] } == [[1, 0, 1]])
        }
    }
}
