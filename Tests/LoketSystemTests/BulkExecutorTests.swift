// The threads of low priority, as the kernel reports them.

import Foundation
import Testing

@testable import LoketSystem

struct BulkExecutorTests {
    private struct Refused: Error {}

    /// The nice value of the calling thread.
    private static var niceness: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test func `a function runs with low priority and its result is returned`() async {
        #expect(await BulkExecutor.run { Self.niceness } >= 10)
        await #expect(throws: Refused.self) { try await BulkExecutor.run { throw Refused() } }
    }

    @Test func `a task and its children stay on threads of low priority`() async {
        let seen = await Task(executorPreference: BulkExecutor.shared) {
            await withTaskGroup(of: Int32.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        await Task.yield()
                        return Self.niceness
                    }
                }
                return await group.reduce(into: [Self.niceness]) { $0.append($1) }
            }
        }.value
        #expect(seen.count == 5 && seen.allSatisfy { $0 >= 10 }, "\(seen)")
    }

    @Test func `only the calling thread gets the lower priority`() async {
        let lowered = await onNewThread { BulkExecutor.lowerPriorityOfThisThread() }
        #expect(lowered == 10)
        #expect(await onNewThread {} < 10)
    }

    /// Returns the nice value of a new thread after `body`.
    private func onNewThread(_ body: @escaping @Sendable () -> Void) async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                body()
                continuation.resume(returning: Self.niceness)
            }
        }
    }
}
