// Waiting for a condition, within a bound that no working machine reaches; and calls that block,
// made where they hold up nobody else.

import Foundation

/// Nothing here takes this long unless it hangs; the long tests check ledgers of their own size.
let patience = Duration.seconds(isTorture ? 600 : 45)

/// What was awaited and did not come.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}

/// Asks again and again until the answer is not nil.
func eventually<Value>(
    _ what: String, _ question: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if let value = try await question() { return value }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NeverHappened(description: what)
}

/// Waits until the condition holds.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let _: Bool = try await eventually(what) { try await condition() ? true : nil }
}

/// Runs what blocks on a thread of its own.
func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}
