// Functions that wait for a condition, with a limit that only a hanging test reaches, and that run
// blocking calls on a separate thread.

import Foundation
import Synchronization

/// Whether tests run in their long form, if they have one.
package let isTorture = ProcessInfo.processInfo.environment["LOKET_TORTURE"] == "1"

/// The time limit, which only a hanging test reaches. Long tests check larger ledgers.
package let patience = Duration.seconds(isTorture ? 600 : 60)

/// An awaited event did not happen in time.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// Evaluates `question` repeatedly until the result is not nil.
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

/// Waits until the task has ended. A task that does not end in time is not cancelled.
package func eventually(whether task: Task<Void, Never>) async throws {
    let ended = Flag()
    Task {
        await task.value
        ended.raise()
    }
    try await eventually { ended.isRaised }
}

/// Returns the result of `body`.
///
/// - Throws: `NeverHappened` if the time limit is reached.
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

/// Runs blocking work on a separate thread.
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
