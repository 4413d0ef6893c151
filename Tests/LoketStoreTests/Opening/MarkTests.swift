// With the mark, a start detects that acknowledged commits are missing, whatever happened to the
// files, and never accepts such a database as complete.

import Foundation
import GRDB
import LoketCore
import Synchronization
import TestSupport
import Testing

@testable import LoketStore

struct MarkTests {
    private let till: Till
    private let folder: TemporaryFolder

    init() throws {
        till = try Till()
        folder = try TemporaryFolder()
    }

    private func copyPath(_ ending: String) -> String { folder.database + ending }

    /// Copies the files as a killed process leaves them, after a payment that is only in the log.
    private func killAfterPayment() async throws {
        try await till.bill()
        try await till.take()
        try await till.open.awaitMark()
        for ending in ["", "-wal", ".mark"] {
            try FileManager.default.copyItem(
                atPath: till.path + ending, toPath: copyPath(ending))
        }
    }

    private func flip(_ bit: Int, of ending: String) throws {
        let url = URL(fileURLWithPath: copyPath(ending))
        var bytes = try Data(contentsOf: url)
        bytes[bit / 8] ^= 1 << (bit % 8)
        try bytes.write(to: url)
    }

    /// Opens the database twice: it is paused, waits for a reconciliation, and reports this once.
    private func expectBehind(
        _ cause: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let epoch = try till.store.epoch()
        for _ in 0..<2 {
            try await withStore(at: folder.database) { store in
                let pauses = try store.pauses()
                #expect(
                    pauses.map(\.accountID) == [nil] && pauses.map(\.actor) == ["start"],
                    sourceLocation: sourceLocation)
                let pending = try await store.pendingRestoration()
                #expect(
                    pending?.missing?.contains(cause) == true, "\(pending as Any)",
                    sourceLocation: sourceLocation)
                #expect(try store.epoch() != epoch, sourceLocation: sourceLocation)
            }
        }
        #expect(
            try RawDatabase.count(folder.database, "restoration") == 1,
            sourceLocation: sourceLocation)
    }

    private func expectWhole(_ notice: MarkNotice?) async throws {
        let notices = Notices()
        let store = try Store(path: folder.database) { notices.add($0) }
        #expect(try store.pauses().isEmpty)
        #expect(notices.all == [notice].compactMap(\.self))
        try store.close()
    }

    // MARK: Behind

    @Test func `one flipped bit anywhere in the log pauses, and is named`() async throws {
        try await killAfterPayment()
        let bits = try liveLogBytes() * 8
        var random = SeededRandom(seed: 2)
        let anywhere = (0..<24).map { _ in Int.random(in: 0..<bits, using: &random) }
        let whole = try Data(contentsOf: URL(fileURLWithPath: copyPath("-wal")))
        // In the header, in the first frame's header, in the last byte, and at random places.
        for bit in [5, 18 * 8, 40 * 8, bits - 1] + anywhere {
            let other = try MarkTests()
            for ending in ["", "-wal", ".mark"] {
                try FileManager.default.copyItem(
                    atPath: copyPath(ending), toPath: other.copyPath(ending))
            }
            try other.flip(bit, of: "-wal")
            let isSalt = (16 * 8..<24 * 8).contains(bit)
            try await other.expectBehind(
                isSalt ? "log was replaced by another log" : "its write-ahead log is damaged")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copyPath("-wal"))) == whole)
        try await expectWhole(nil)
    }

    /// The log may have older frames after its current ones.
    private func liveLogBytes() throws -> Int {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: copyPath("-wal")))
        let frame = 24 + 4096
        let frames = stride(from: 32, to: bytes.count - frame + 1, by: frame)
            .prefix { bytes[$0 + 8..<$0 + 16] == bytes[16..<24] }
        try #require(frames.count > 2)
        return 32 + frames.count * frame
    }

    @Test func `a missing log pauses, and everything missing is named`() async throws {
        try await killAfterPayment()
        try FileManager.default.removeItem(atPath: copyPath("-wal"))
        let inspection = try StartInspection(path: folder.database, bins: [:])
        #expect(
            inspection?.missing
                == "notification 1, events 1 to 2, bill 1, bill change 1: "
                + "its write-ahead log is missing")
        try await expectBehind("notification 1, events 1 to 2, bill 1, bill change 1")
    }

    @Test func `an older copy in place of the database pauses`() async throws {
        try await withStore(at: folder.database) { store in
            _ = try store.registerAccounts([OpenStore.clientID])
        }
        let older = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        try await withStore(at: folder.database) { store in
            _ = try await store.pause(
                accountID: nil, reason: "wrong prices", actor: "ops", now: Sample.now)
        }
        try older.write(to: URL(fileURLWithPath: folder.database))
        try await expectBehind("pause change 1: an older copy has replaced the database")
    }

    @Test func `another database's mark pauses, an older one of the same does not`() async throws {
        try await killAfterPayment()
        let other = try OpenStore()
        try await other.create(Sample.draft())
        try await other.awaitMark()
        try await withStore(at: folder.database) { _ in }
        let own = try Data(contentsOf: URL(fileURLWithPath: copyPath(".mark")))
        let strange = try Data(contentsOf: URL(fileURLWithPath: other.path + ".mark"))
        try strange.write(to: URL(fileURLWithPath: copyPath(".mark")))
        try await expectBehind("the history with the identifier \(try other.store.epoch())")
        // The loss before the new epoch already awaits a reconciliation.
        try own.write(to: URL(fileURLWithPath: copyPath(".mark")))
        try await expectBehind("the history with the identifier")
    }

    // MARK: Not behind

    @Test func `a database that is ahead of its mark starts normally`() async throws {
        try await killAfterPayment()
        let mark = try Data(contentsOf: URL(fileURLWithPath: copyPath(".mark")))
        try await withStore(at: folder.database) { store in
            _ = try store.registerAccounts(["MCH-2"])
            let account = try #require(store.registerAccounts(["MCH-2"])["MCH-2"])
            _ = try await store.create([(account, Sample.draft())], now: Sample.now)
        }
        try mark.write(to: URL(fileURLWithPath: copyPath(".mark")))
        try await expectWhole(nil)
    }

    @Test(arguments: [true, false])
    func `without a readable mark it starts, reports this and writes a mark`(
        isThere: Bool
    ) async throws {
        try await killAfterPayment()
        if isThere {
            try flip(100, of: ".mark")
        } else {
            try FileManager.default.removeItem(atPath: copyPath(".mark"))
        }
        let path = copyPath(".mark")
        try await expectWhole(isThere ? .unreadable(path) : .absent(path))
        try await expectWhole(nil)
    }

    @Test func `a mark that cannot be written is reported once and stops no write`() async throws {
        try FileManager.default.createDirectory(
            atPath: copyPath(".mark.part"), withIntermediateDirectories: false)
        let notices = Notices()
        let store = try Store(path: folder.database) { notices.add($0) }
        try await eventually("it is told") { !notices.all.isEmpty }
        let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
        _ = try await store.create([(account, Sample.draft())], now: Sample.now)
        try store.close()
        guard notices.all.count == 1, case .notWritten(let reason) = notices.all[0] else {
            Issue.record("\(notices.all)")
            return
        }
        #expect(reason.contains("loket.db.mark.part"))
    }

    private final class Notices: Sendable {
        private let notices = Mutex<[MarkNotice]>([])
        var all: [MarkNotice] { notices.withLock { $0 } }
        func add(_ notice: MarkNotice) { notices.withLock { $0.append(notice) } }
    }

    // MARK: Refused

    @Test(arguments: ["missing", "empty", "another's"])
    func `a log without its database is refused and unchanged`(what: String) async throws {
        try await killAfterPayment()
        try FileManager.default.removeItem(atPath: folder.database)
        try FileManager.default.removeItem(atPath: copyPath(".mark"))
        switch what {
        case "empty": try Data().write(to: URL(fileURLWithPath: folder.database))
        case "another's":
            let song = folder.path("song.db")
            try RawDatabase.execute(
                song, "PRAGMA journal_mode = WAL; CREATE TABLE song (title TEXT)")
            try FileManager.default.moveItem(atPath: song, toPath: folder.database)
        default: break
        }
        let (names, log) = (
            try folder.names(), try Data(contentsOf: URL(fileURLWithPath: copyPath("-wal")))
        )
        let fault = StoreFault.strayLog(database: folder.database)
        #expect(throws: fault) { try Store(path: folder.database) }
        #expect(throws: fault) { try StartInspection(path: folder.database, bins: [:]) }
        #expect(try folder.names() == names)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copyPath("-wal"))) == log)
    }

    @Test(arguments: [true, false])
    func `a missing database is not created again if its mark exists`(isEmpty: Bool) async throws {
        try await withStore(at: folder.database) { _ in }
        try FileManager.default.removeItem(atPath: folder.database)
        if isEmpty { try Data().write(to: URL(fileURLWithPath: folder.database)) }
        let names = try folder.names()
        #expect(throws: StoreFault.lostDatabase(folder.database)) {
            try Store(path: folder.database)
        }
        #expect(try folder.names() == names)
        try FileManager.default.removeItem(atPath: copyPath(".mark"))
        try await expectWhole(nil)
    }

    /// The files of a first start that is killed before anything is copied out of the log.
    @Test func `a first start that was killed is continued`() async throws {
        let early = try RawDatabase.open(folder.path("early.db"))
        try await early.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        }
        try Migrations.migrator.migrate(early)
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: early.path + ending, toPath: copyPath(ending))
        }
        #expect(!DatabaseFile.hasOurID(folder.database))
        try await withStore(at: folder.database) { store in
            let pauses = try store.pauses()
            #expect(pauses.isEmpty)
            #expect(DatabaseFile.hasOurID(folder.database))
        }
    }
}

extension OpenStore {
    /// Waits until the mark contains the last commit.
    func awaitMark() async throws {
        let mark = try await store.pool.read { [path] database in
            try DatabaseMark(of: database, salts: DatabaseFile.logSalts(of: path))
        }
        try await eventually("the mark is written") {
            guard case .mark(mark) = DatabaseMark.read(besideDatabase: path) else { return false }
            return true
        }
    }
}
