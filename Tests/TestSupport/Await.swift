// Waiting for a condition, within a bound that no working machine reaches; and calls that block,
// on a thread of their own.

import Foundation
import Synchronization

/// The long form of the tests that have one.
package let isTorture = ProcessInfo.processInfo.environment["LOKET_TORTURE"] == "1"

/// Nothing here takes this long unless it hangs; the long tests check ledgers of their own size.
package let patience = Duration.seconds(isTorture ? 600 : 60)

/// What was awaited and did not come.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// Asks again and again until the answer is not nil.
package func eventually<Value>(
    _ what: String = "what was awaited", _ question: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if let value = try await question() { return value }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NeverHappened(description: what)
}

/// Waits until the condition holds.
package func eventually(
    _ what: String = "what was awaited", _ condition: () async throws -> Bool
) async throws {
    let _: Bool = try await eventually(what) { try await condition() ? true : nil }
}

/// Waits until the task has ended; one that never ends is left alone.
package func eventually(whether task: Task<Void, Never>) async throws {
    let ended = Flag()
    Task {
        await task.value
        ended.raise()
    }
    try await eventually { ended.isRaised }
}

/// The result, or an error where it does not come in time.
package func within<Value: Sendable>(
    _ limit: Duration = patience, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw NeverHappened(description: "the result")
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else {
            throw NeverHappened(description: "the result")
        }
        return first
    }
}

/// Runs what blocks on a thread of its own.
package func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
