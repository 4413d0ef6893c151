// Writes of low priority: on a thread of low priority, and one after the other.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct WriteBehindTests {
    private let open: OpenStore
    private var commits: GroupCommit { open.store.commits }

    init() throws {
        open = try OpenStore()
    }

    @Test func `it runs on a thread of low priority, other writes do not`() async throws {
        let niceness: @Sendable (Database) -> Int32 = { _ in
            getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        }
        #expect(try await commits.writeBehind(niceness) >= 10)
        #expect(try await commits.write(niceness) < 10)
    }

    @Test func `many of them and other writes at once are all done`() async throws {
        let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for place in 0..<60 {
                group.addTask { [commits] in
                    let insert: @Sendable (Database) throws -> Int64 = { database in
                        try database.execute(
                            sql: "INSERT INTO account (client_id) VALUES (?)", arguments: [place])
                        return database.lastInsertedRowID
                    }
                    return try await place.isMultiple(of: 2)
                        ? commits.writeBehind(insert) : commits.write(insert)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 60)
    }

    @Test func `closing waits for the write in progress and accepts no more`() async throws {
        let (entered, opened) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let written = commits.writeBehind { _ in
            entered.signal()
            opened.wait()
            return 1
        }
        let closed = Task.detached { [store = open.store] in
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    entered.wait()
                    // The close begins while the write is in progress.
                    Thread.detachNewThread { opened.signal() }
                    continuation.resume(returning: Result { try store.close() })
                }
            }
        }
        #expect(try await written == 1)
        try await closed.value.get()
        await #expect(throws: StoreFault.self) { try await commits.writeBehind { _ in 2 } }
    }
}
