// One write of a group, and the two ways in which it runs.

import GRDB

/// One run of a group of writes. The first has no savepoints, because a savepoint copies every page
/// that changes in it. If a write fails, the group is undone and runs a second time, with them.
enum WriteAttempt {
    case first, second

    /// Runs a part that may fail alone: in the second attempt in a savepoint, in the first as it
    /// is.
    func run<Value>(_ database: Database, _ part: () throws -> Value) throws -> Value {
        guard self == .second else { return try part() }
        var value: Value?
        try database.inSavepoint {
            value = try part()
            return .commit
        }
        guard let value else { preconditionFailure("a savepoint that commits has run its body") }
        return value
    }
}

/// What the callers of a group have to do together after its commit, such as waking a thread once.
package protocol GroupEnd: AnyObject, Sendable {
    /// Called on the writing thread after the results of a group were given to its callers.
    func groupEnded()
}

struct QueuedWrite: Sendable {
    /// The memory that it uses.
    let bytes: Int
    let end: (any GroupEnd)?
    let fail: @Sendable (any Error) -> Void
    /// Returns the closure to call after the commit.
    private let body: @Sendable (Database, WriteAttempt) throws -> @Sendable () -> Void

    init<Value: Sendable>(
        bytes: Int = 0, end: (any GroupEnd)? = nil,
        _ body: @escaping @Sendable (Database, WriteAttempt) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        self.bytes = bytes
        self.end = end
        self.body = { database, attempt in
            let value = try body(database, attempt)
            return { then(.success(value)) }
        }
        fail = { then(.failure($0)) }
    }

    /// Runs the write. In the second attempt its failure does not affect other writes.
    ///
    /// - Returns: the closure to call after the commit.
    func run(
        _ attempt: WriteAttempt, in database: Database
    ) throws -> @Sendable () -> Void {
        do {
            return try attempt.run(database) { try body(database, attempt) }
        } catch  where attempt == .first || isMachineFailure(error) {
            throw error
        } catch {
            // SQLite may have ended the whole transaction.
            guard database.isInsideTransaction else { throw error }
            return { fail(error) }
        }
    }
}
