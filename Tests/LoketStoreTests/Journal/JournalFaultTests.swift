// The journal while the disk is slow or refuses: bounded, with correct counts, and complete later.

import GRDB
import LoketCore
import LoketStore
import TestSupport
import Testing

struct JournalFaultTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private static let refuse = """
        CREATE TRIGGER disk_refuses BEFORE INSERT ON inquiry
        BEGIN SELECT RAISE(ABORT, 'the disk refuses'); END
        """
    private static let takeAgain = "DROP TRIGGER disk_refuses"

    private func requestIDs() throws -> [String] {
        try RawDatabase.rows(open.path, "SELECT request_id FROM inquiry ORDER BY id")
            .map { $0[0] }
    }

    /// Offers entries until they are refused permanently while another connection writes. Returns
    /// the ids of the accepted entries.
    private func fill(_ journal: Journal, offers: Int) throws -> [String] {
        let other = try RawDatabase.open(open.path)
        defer { try? other.close() }
        var taken: [String] = []
        try other.inTransaction(.immediate) { _ in
            for turn in 0..<offers
            where journal.offer(Sample.entry("\(turn)", account: open.account)) {
                taken.append("\(turn)")
            }
            return .rollback
        }
        return taken
    }

    @Test(arguments: [1, 10, 100])
    func `a full queue refuses, counts this, and writes the rest later`(capacity: Int) throws {
        let journal = Journal(on: open.store, capacity: capacity)
        let offers = capacity * 20
        let taken = try fill(journal, offers: offers)
        // In addition to the queue, the thread may have taken up to one more queue.
        #expect(taken.count >= capacity)
        #expect(taken.count <= 2 * capacity)
        #expect(journal.health.dropped == offers - taken.count)
        journal.close()
        #expect(try requestIDs() == taken)
        #expect(journal.health.written == taken.count)
        #expect(journal.health.dropped == offers - taken.count)
    }

    @Test func `after it was full the queue accepts entries again`() async throws {
        let journal = Journal(on: open.store, capacity: 5)
        let taken = try fill(journal, offers: 100)
        try await eventually("the queue is written") { journal.health.written == taken.count }
        #expect(journal.offer(Sample.entry("again", account: open.account)))
        journal.close()
        #expect(try requestIDs() == taken + ["again"])
    }

    @Test func `the journal reports a failing disk, and writes everything later`() async throws {
        try RawDatabase.execute(open.path, Self.refuse)
        let journal = Journal(on: open.store)
        let ids = (0..<50).map(String.init)
        for id in ids {
            #expect(journal.offer(Sample.entry(id, account: open.account)))
        }
        try await eventually("it says so") {
            journal.health.failing?.contains("the disk refuses") == true
        }
        #expect(journal.health.written == 0)
        #expect(try requestIDs().isEmpty)
        #expect(journal.offer(Sample.entry("meanwhile", account: open.account)))

        try RawDatabase.execute(open.path, Self.takeAgain)
        try await eventually("it writes again") { journal.health.written == 51 }
        #expect(journal.health.failing == nil)
        journal.close()
        #expect(try requestIDs() == ids + ["meanwhile"])
        #expect(journal.health.dropped == 0)
    }

    @Test func `a group that fails in the middle is not written twice`() async throws {
        try RawDatabase.execute(
            open.path,
            """
            CREATE TRIGGER disk_refuses BEFORE INSERT ON inquiry WHEN NEW.request_id = '25'
            BEGIN SELECT RAISE(ABORT, 'the disk refuses'); END
            """)
        let journal = Journal(on: open.store)
        let ids = (0..<50).map(String.init)
        for id in ids {
            #expect(journal.offer(Sample.entry(id, account: open.account)))
        }
        try await eventually("it says so") { journal.health.failing != nil }
        try RawDatabase.execute(open.path, Self.takeAgain)
        journal.close()
        #expect(try requestIDs() == ids)
        #expect(journal.health.written == 50)
    }

    @Test func `closing while the disk refuses ends and counts the lost entries`() async throws {
        try RawDatabase.execute(open.path, Self.refuse)
        let journal = Journal(on: open.store)
        for turn in 0..<10 {
            #expect(journal.offer(Sample.entry("\(turn)", account: open.account)))
        }
        try await eventually("it says so") { journal.health.failing != nil }
        for turn in 10..<15 {
            #expect(journal.offer(Sample.entry("\(turn)", account: open.account)))
        }
        journal.close()
        #expect(journal.health.written == 0)
        #expect(journal.health.dropped == 15)
        #expect(journal.health.waiting == 0)
        #expect(try requestIDs().isEmpty)
    }

    @Test func `bills can be created while the journal cannot be written`() async throws {
        try RawDatabase.execute(open.path, Self.refuse)
        let journal = Journal(on: open.store)
        defer { journal.close() }
        #expect(journal.offer(Sample.entry("r", account: open.account)))
        try await eventually("it says so") { journal.health.failing != nil }
        let made = try await open.create(Sample.draft())
        #expect(try open.store.makeLookup().find(open.account).bill == made.bill)
    }
}
