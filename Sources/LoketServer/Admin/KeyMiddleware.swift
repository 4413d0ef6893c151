// Who may do what: every route under /admin/v1 wants a key with the right scope. A wrong key is
// answered slowly; a right one is never locked out.

import HTTPTypes
import Hummingbird
import LoketStore

struct KeyMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let store: BillStore

    /// How long a wrong key waits for its refusal.
    private static let slowness = Duration.milliseconds(250)

    func handle(
        _ request: Request, context: AdminContext,
        next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        guard let text = bearer(request.headers) else {
            throw Problem(
                .keyMissing, "send the header `Authorization: Bearer <admin key>` once")
        }
        guard let key = try await store.key(text) else {
            try await Task.sleep(for: Self.slowness)
            throw Problem(.keyMissing, "no active admin key is this one")
        }
        let scope: AdminKey.Scope = request.method == .get ? .read : .write
        guard key.scopes.contains(scope) else {
            throw Problem(.scopeMissing, "this needs the scope `\(scope.rawValue)`")
        }
        var context = context
        context.key = key
        return try await next(request, context)
    }

    private func bearer(_ headers: HTTPFields) -> String? {
        let values = headers[values: .authorization]
        guard values.count == 1, let value = values.first else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bearer", !words[1].isEmpty else {
            return nil
        }
        return String(words[1])
    }
}
