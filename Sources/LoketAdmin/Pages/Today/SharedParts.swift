// The rendered part of the page Today, which browsers that watch share for a moment.

import Hummingbird
import LoketStore
import Synchronization

/// Keeps each rendered part for the browsers that may see the same.
final class SharedParts: Sendable {
    /// What a part depends on besides the time.
    struct Reader: Hashable {
        let accountID: Int64?
        let scopes: Set<AdminKey.Scope>
        let language: Language
        let query: String
    }

    private struct State {
        var parts: [Reader: (part: Response, begun: ContinuousClock.Instant)] = [:]
        /// When a page was last read afresh. Its parts are no older.
        var refreshedAt: ContinuousClock.Instant?

        func isRecent(_ begun: ContinuousClock.Instant, _ now: ContinuousClock.Instant) -> Bool {
            now - begun < sharedTime && refreshedAt.map { begun >= $0 } ?? true
        }
    }

    /// Two seconds; a browser asks every five.
    static let sharedTime = Duration.seconds(2)

    private let state = Mutex(State())

    /// Returns the part that was rendered in the last moments, or else renders it.
    ///
    /// - Parameter now: the time of the request.
    func part(
        for reader: Reader, now: ContinuousClock.Instant = .now,
        render: () async throws -> Response
    ) async rethrows -> Response {
        let recent = state.withLock { state in
            state.parts[reader].flatMap { state.isRecent($0.begun, now) ? $0.part : nil }
        }
        if let recent { return recent }
        let part = try await render()
        state.withLock { state in
            state.parts = state.parts.filter { state.isRecent($0.value.begun, now) }
            state.parts[reader] = (part, now)
        }
        return part
    }

    /// Parts that are read from now on are rendered afresh.
    func refresh(now: ContinuousClock.Instant = .now) {
        state.withLock { $0.refreshedAt = now }
    }
}
