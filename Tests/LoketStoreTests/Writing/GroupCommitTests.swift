// The only writer: writes that wait together share a commit, each gets its result after its commit,
// and a failing write does not affect the others.

import Foundation
import GRDB
import LoketCore
import Synchronization
import TestSupport
import Testing

@testable import LoketStore

struct GroupCommitTests {
    private let open: OpenStore
    private var commits: GroupCommit { open.store.commits }

    init() throws {
        open = try OpenStore()
    }

    private struct Refused: Error {}

    /// Blocks the writer until it is opened.
    private final class Gate: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let opened = DispatchSemaphore(value: 0)

        init(_ commits: GroupCommit) {
            commits.submit(
                { [entered, opened] _ in
                    entered.signal()
                    opened.wait()
                }, then: { _ in })
            entered.wait()
        }

        func letGo() { opened.signal() }
    }

    private static func insert(_ name: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO account (client_id) VALUES (?)", arguments: [name])
    }

    /// Returns what a separate connection sees now.
    private static func has(_ name: String, in path: String) -> Bool {
        let sql = "SELECT 1 FROM account WHERE client_id = '\(name)'"
        return (try? RawDatabase.rows(path, sql).isEmpty) == false
    }

    /// The reported results of each write.
    private final class Log: Sendable {
        private let words = Mutex<[String: [String]]>([:])

        func note(_ name: String, _ result: Result<some Sendable, any Error>) {
            let word =
                switch result {
                case .success: "done"
                case .failure(let error): "\(error)"
                }
            words.withLock { $0[name, default: []].append(word) }
        }

        subscript(_ name: String) -> [String]? { words.withLock { $0[name] } }
        var count: Int { words.withLock(\.count) }
    }

    private func submit(
        _ name: String, to log: Log,
        then fault: (@Sendable () -> any Error)? = nil
    ) {
        commits.submit(
            { database in
                try Self.insert(name, database)
                if let fault { throw fault() }
            }, then: { log.note(name, $0) })
    }

    @Test func `writes that wait together share few commits`() async throws {
        let before = commits.health
        let (gate, log) = (Gate(commits), Log())
        for place in 0..<400 { submit("w\(place)", to: log) }
        #expect(commits.health.waiting == 400)
        gate.letGo()
        try await eventually("all are told") { log.count == 400 }
        let after = commits.health
        #expect(after.writes - before.writes == 401)
        #expect(after.commits - before.commits < 100, "\(after.commits)")
        #expect(after.waiting == 0 && after.failing == nil)
        #expect(try RawDatabase.count(open.path, "account") == 401)
    }

    @Test func `each write is answered once and after its own commit`() async throws {
        let seen = Mutex<[Bool]>([])
        let gate = Gate(commits)
        let path = open.path
        await withCheckedContinuation { continuation in
            for place in 0..<50 {
                commits.submit(
                    { try Self.insert("w\(place)", $0) },
                    then: { _ in
                        let isThere = Self.has("w\(place)", in: path)
                        let count = seen.withLock { seen in
                            seen.append(isThere)
                            return seen.count
                        }
                        if count == 50 { continuation.resume() }
                    })
            }
            gate.letGo()
        }
        #expect(seen.withLock { $0 } == [Bool](repeating: true, count: 50))
    }

    @Test func `no reader sees a write before its commit`() async throws {
        let path = open.path
        let isSeen = try await commits.write { database in
            try Self.insert("early", database)
            return Self.has("early", in: path)
        }
        #expect(!isSeen)
        #expect(Self.has("early", in: path))
    }

    @Test func `a failing write does not affect others and leaves nothing`() async throws {
        let (gate, log) = (Gate(commits), Log())
        submit("a", to: log)
        submit("b", to: log) { Refused() }
        submit("c", to: log)
        // The same applies to an error of SQLite.
        submit("a", to: log)
        submit("d", to: log)
        gate.letGo()
        try await eventually("all are told") { log.count == 4 && log["a"]?.count == 2 }
        #expect(log["b"] == ["Refused()"])
        #expect(log["c"] == ["done"] && log["d"] == ["done"])
        #expect(log["a"]?.first == "done" && log["a"]?.last?.contains("UNIQUE") == true)
        let names = try RawDatabase.rows(open.path, "SELECT client_id FROM account ORDER BY 1")
        #expect(names.map { $0[0] as String } == [OpenStore.clientID, "a", "c", "d"])
    }

    @Test(arguments: [
        ResultCode.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOMEM,
        .SQLITE_READONLY, .SQLITE_BUSY,
    ])
    func `a failing disk fails all writes of the commit, and no others`(
        code: ResultCode
    ) async throws {
        let (gate, log) = (Gate(commits), Log())
        submit("a", to: log)
        submit("b", to: log) { DatabaseError(resultCode: code) }
        submit("c", to: log)
        gate.letGo()
        try await eventually("all are told") { log.count == 3 }
        #expect(log["a"]?.count == 1 && log["a"] != ["done"])
        #expect(log["b"]?.count == 1 && log["b"] != ["done"])
        #expect(log["c"] == ["done"])
        #expect(!Self.has("a", in: open.path) && !Self.has("b", in: open.path))
        #expect(Self.has("c", in: open.path))
        #expect(commits.health.failing == nil)
    }

    @Test func `a failing disk is reported until a write succeeds again`() async throws {
        let log = Log()
        submit("a", to: log) { DatabaseError(resultCode: .SQLITE_FULL) }
        try await eventually("told") { log.count == 1 }
        #expect(commits.health.failing?.contains("disk is full") == true)
        submit("b", to: log)
        try await eventually("told") { log.count == 2 }
        #expect(commits.health.failing == nil)
    }

    @Test func `a failing write on its own leaves nothing, and the disk is not blamed`()
        async throws
    {
        let log = Log()
        submit("a", to: log) { Refused() }
        try await eventually("told") { log["a"] == ["Refused()"] }
        #expect(!Self.has("a", in: open.path))
        #expect(commits.health.failing == nil)
    }

    @Test func `a write that can yield sees that another write waits`() async throws {
        let seen = try await commits.writeBehind { [commits] database in
            let before = commits.isAwaited
            commits.submit({ try Self.insert("first", $0) }, then: { _ in })
            return [before, commits.isAwaited]
        }
        #expect(seen == [false, true])
        try await eventually("done") { Self.has("first", in: open.path) }
    }

    @Test func `a write that can yield sees that another thread waits for the writer`()
        async throws
    {
        try await commits.writeBehind { [commits, pool = open.store.pool] _ in
            Thread.detachNewThread {
                try? commits.awaiting { try pool.write { try Self.insert("other", $0) } }
            }
            while !commits.isAwaited { sched_yield() }
        }
        try await eventually("it is written") { !commits.isAwaited }
        #expect(Self.has("other", in: open.path))
    }

    @Test func `the write of a cancelled task is executed`() async throws {
        let gate = Gate(commits)
        let task = Task { [commits] in
            try await commits.write { try Self.insert("cancelled", $0) }
        }
        task.cancel()
        try await eventually("it is queued") { commits.health.waiting == 1 }
        gate.letGo()
        try await task.value
        #expect(Self.has("cancelled", in: open.path))
    }

    @Test func `a queue beyond its bounds refuses with that reason`() async throws {
        let (gate, log) = (Gate(commits), Log())
        for _ in 0..<Limits.commitQueueMax {
            commits.submit({ _ in }, then: { _ in })
        }
        submit("over", to: log)
        #expect(log["over"] == ["\(StoreFault.overloaded)"])
        gate.letGo()
        try await eventually("the queue is empty") { commits.health.waiting == 0 }
        submit("after", to: log)
        try await eventually("told") { log["after"] == ["done"] }
        #expect(!Self.has("over", in: open.path))
    }

    @Test func `the bytes that wait are bounded too`() async throws {
        let (gate, log) = (Gate(commits), Log())
        let most = Limits.commitQueueBytesMax
        commits.submit(bytes: most - 1, { _ in }, then: { log.note("big", $0) })
        commits.submit(bytes: 2, { _ in }, then: { log.note("over", $0) })
        commits.submit(bytes: 1, { _ in }, then: { log.note("fits", $0) })
        #expect(log["over"] == ["\(StoreFault.overloaded)"])
        gate.letGo()
        try await eventually("told") { log.count == 3 }
        #expect(log["big"] == ["done"] && log["fits"] == ["done"])
        commits.submit(bytes: most, { _ in }, then: { log.note("again", $0) })
        try await eventually("told") { log["again"] == ["done"] }
    }

    @Test func `closing executes the queued writes and accepts no more`() async throws {
        let (gate, log) = (Gate(commits), Log())
        for place in 0..<20 { submit("w\(place)", to: log) }
        let closing = Thread { [store = open.store] in try? store.close() }
        closing.start()
        // A refusal shows that closing has begun. Writes queued before are still executed.
        try await eventually("it is closing") {
            submit("late", to: log)
            return log["late"]?.last == "\(StoreFault.overloaded)"
        }
        gate.letGo()
        try await eventually("all are told") { (0..<20).allSatisfy { log["w\($0)"] != nil } }
        #expect((0..<20).allSatisfy { log["w\($0)"] == ["done"] })
        try await eventually("it is closed") { closing.isFinished }
        #expect((0..<20).allSatisfy { Self.has("w\($0)", in: open.path) })
    }
}
