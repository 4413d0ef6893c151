// The check of a request's key: every route under /admin/v1 needs a key with the right scope, sent
// in the request or of a session of the counter page. A wrong key is answered slowly; a valid key is
// never locked out by other requests, and may use a share of the connections. No key is cached
// between requests, so that a revoked key stops working immediately. If a key is optional, a key
// that is sent must still be valid.

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
    /// The required scope.
    private var scope = AdminKey.Scope.read
    /// Whether a request may continue if it has no key or its key cannot be looked up now.
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

    /// Returns a copy that requires a scope.
    func requiring(_ scope: AdminKey.Scope) -> KeyMiddleware {
        var copy = self
        copy.scope = scope
        return copy
    }

    /// A copy for routes that show more if a key is sent.
    var optional: KeyMiddleware {
        var copy = self
        copy.isOptional = true
        return copy
    }

    func handle(
        _ request: Request, context: AdminContext,
        next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        let text = Self.bearer(request.headers)
        guard text != nil || context.sessionKeyID != nil else {
            if isOptional { return try await next(request, context) }
            let problem = Problem(
                .keyMissing, "send the header `Authorization: Bearer <admin key>` once")
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        let found: AdminKey?
        do {
            found =
                if let id = context.sessionKeyID {
                    try await active(id)
                } else {
                    try await find(text ?? "")
                }
        } catch {
            guard isOptional else { throw error }
            return try await next(request, context)
        }
        guard let key = found else {
            let problem = Problem(.keyMissing, "the key in the request is not an active admin key")
            // The key of a session was right when it began: it is not guessed.
            let hasWaited =
                context.sessionKeyID != nil ? true : try await refuseSlowly(context)
            // If too many wrong keys are waiting already, the connection is closed.
            return EarlyRefusal.refuse(request, with: problem, closes: !hasWaited)
        }
        uses.note(key.id, at: .now)
        // Routes open without a key accept a key even past its share.
        if !isOptional, let problem = shareProblem(of: key, on: context) {
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        guard key.scopes.contains(scope) else {
            let problem = Problem(
                .scopeMissing, "this request needs a key with the scope `\(scope.rawValue)`")
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        var context = context
        context.key = key
        context.connections = connections
        return try await next(request, context)
    }

    /// Counts the request's connection for a key.
    ///
    /// - Returns: the problem if the key uses its whole share of the connections.
    func shareProblem(of key: AdminKey, on context: AdminContext) -> Problem? {
        guard !connections.take(context.channel, for: key.id) else { return nil }
        return Problem(
            .tooManyRequests,
            "\(connections.share) requests with this key are in progress; wait for one to finish")
    }

    /// Returns the active key with this text.
    func find(_ text: String) async throws -> AdminKey? {
        guard text.utf8.count <= Limits.adminKeyBytesMax else { return nil }
        return try await store.key(text)
    }

    /// Returns the key unless it is revoked.
    func active(_ id: Int64) async throws -> AdminKey? {
        try await store.key(id: id).flatMap { $0.revokedAt == nil ? $0 : nil }
    }

    /// Counts a wrong key and waits.
    ///
    /// - Returns: false, without a wait, if too many wrong keys are waiting already.
    func refuseSlowly(_ context: AdminContext) async throws -> Bool {
        metrics.countWrongKey(from: context.channel.remoteAddress?.ipAddress ?? "unknown")
        return try await delay.wait()
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

/// Delays the answer to a wrong key. The number of waiting requests is limited, so that a flood of
/// wrong keys holds neither memory nor connections; a valid key never waits.
package final class FailedKeyDelay: Sendable {
    private let slowness: Duration
    private let places: Int
    private let taken = Mutex(0)

    /// - Parameters:
    ///   - slowness: the duration of each wait.
    ///   - places: the maximum number of waiting requests.
    package init(slowness: Duration, places: Int) {
        self.slowness = slowness
        self.places = places
    }

    package var waiting: Int { taken.withLock { $0 } }

    /// Waits if a place is free.
    ///
    /// - Returns: false, without a wait, if no place is free.
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
