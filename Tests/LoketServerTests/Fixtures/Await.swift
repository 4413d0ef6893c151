// Waiting for a condition, within a bound that no working machine reaches.

import Synchronization
import Testing

/// Nothing here takes this long unless it hangs.
let patience = Duration.seconds(60)

struct NeverHappened: Error {}

/// Asks again and again until the answer is not nil.
func eventually<Value>(_ question: () async throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if let value = try await question() { return value }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NeverHappened()
}

/// Waits until the condition holds.
func eventually(_ condition: () async throws -> Bool) async throws {
    _ = try await eventually { try await condition() ? true : nil } as Bool
}

/// The result, or an error when it does not come in time.
func within<Value: Sendable>(
    _ limit: Duration = patience, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw NeverHappened()
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw NeverHappened() }
        return first
    }
}

/// Waits until the task has ended; a task that never does is left to itself.
func eventually(whether task: Task<Void, Never>) async throws {
    let ended = Flag()
    Task {
        await task.value
        ended.raise()
    }
    try await eventually { ended.isRaised }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
