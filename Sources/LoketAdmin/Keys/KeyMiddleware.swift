// The key of a request: every route under /admin/v1 needs one with the right scope. A wrong key is
// answered slowly; a right one is never locked out by others, and has a share of the places. Nothing
// about a key is kept from one request to the next, so that a revoked key stops working immediately.
// Where a key is optional, one that is sent must still be right.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore
import Synchronization

struct KeyMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let store: Store
    let uses: KeyUses
    let delay: FailedKeyDelay
    let connections: AdminConnections
    let metrics: Metrics
    /// The scope that the key must have.
    private var scope = AdminKey.Scope.read
    /// A request without a key, or with one that cannot be looked up now, goes on without one.
    private var isOptional = false

    init(
        store: Store, uses: KeyUses, delay: FailedKeyDelay, connections: AdminConnections,
        metrics: Metrics
    ) {
        self.store = store
        self.uses = uses
        self.delay = delay
        self.connections = connections
        self.metrics = metrics
    }

    /// The same, for routes that need a scope.
    func requiring(_ scope: AdminKey.Scope) -> KeyMiddleware {
        var copy = self
        copy.scope = scope
        return copy
    }

    /// The same, for routes that show more to a key.
    var optional: KeyMiddleware {
        var copy = self
        copy.isOptional = true
        return copy
    }

    func handle(
        _ request: Request, context: AdminContext,
        next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        guard let text = Self.bearer(request.headers) else {
            if isOptional { return try await next(request, context) }
            let problem = Problem(
                .keyMissing, "send the header `Authorization: Bearer <admin key>` once")
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        let found: AdminKey?
        do {
            found = try await find(text)
        } catch {
            guard isOptional else { throw error }
            return try await next(request, context)
        }
        guard let key = found else {
            let problem = Problem(.keyMissing, "this is not an active admin key")
            metrics.countWrongKey(from: context.channel.remoteAddress?.ipAddress ?? "unknown")
            let hasWaited = try await delay.wait()
            // In a flood of wrong keys each loses its connection.
            return EarlyRefusal.refuse(request, with: problem, closes: !hasWaited)
        }
        uses.note(key.id, at: .now)
        // What is open without a key is not refused to one.
        guard isOptional || connections.take(context.channel, for: key.id) else {
            let problem = Problem(
                .tooManyRequests,
                "\(connections.share) requests with this key are in progress; wait for one to "
                    + "finish")
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        guard key.scopes.contains(scope) else {
            let problem = Problem(.scopeMissing, "this needs the scope `\(scope.rawValue)`")
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        var context = context
        context.key = key
        return try await next(request, context)
    }

    private func find(_ text: String) async throws -> AdminKey? {
        guard text.utf8.count <= Limits.adminKeyBytesMax else { return nil }
        return try await store.key(text)
    }

    private static func bearer(_ headers: HTTPFields) -> String? {
        let values = headers[values: .authorization]
        guard values.count == 1, let value = values.first else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bearer", !words[1].isEmpty else {
            return nil
        }
        return String(words[1])
    }
}

/// Delays the answer to a wrong key. The number that wait at one time is bounded, so a flood of them
/// holds neither memory nor connections; a right key never waits.
package final class FailedKeyDelay: Sendable {
    private let slowness: Duration
    private let places: Int
    private let taken = Mutex(0)

    /// - Parameters:
    ///   - slowness: how long each waits.
    ///   - places: how many may wait at one time.
    package init(slowness: Duration, places: Int) {
        self.slowness = slowness
        self.places = places
    }

    package var waiting: Int { taken.withLock { $0 } }

    /// Waits where a place is free.
    ///
    /// - Returns: false, without a wait, where none is.
    package func wait() async throws -> Bool {
        let hasPlace = taken.withLock { taken in
            guard taken < places else { return false }
            taken += 1
            return true
        }
        guard hasPlace else { return false }
        defer { taken.withLock { $0 -= 1 } }
        try await Task.sleep(for: slowness)
        return true
    }
}
