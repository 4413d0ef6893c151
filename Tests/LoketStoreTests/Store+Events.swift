// The events of a store as a list, for tests that read all of them.

@testable import LoketStore

extension Store {
    /// Returns the events after an id, oldest first.
    func events(after: Int64, limit: Int) async throws -> [Event] {
        try await feed(after: after, limit: limit).events
    }
}
