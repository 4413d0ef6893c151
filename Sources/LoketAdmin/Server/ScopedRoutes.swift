// The routes under /admin/v1. Adding a route declares the scope that its key must have.

import HTTPTypes
import Hummingbird
import LoketStore

/// Adds routes to the router.
///
///     routes.on(.get, "bills/:id", .read, use: show)
struct ScopedRoutes {
    typealias Handler = @Sendable (Request, AdminContext) async throws -> Response

    /// The scope of each route, by method and path as in the router.
    private(set) var scopes: [String: AdminKey.Scope] = [:]
    private let groups: [AdminKey.Scope: RouterGroup<AdminContext>]

    /// - Parameter middleware: the middleware that runs after the key check.
    init(
        on router: Router<AdminContext>, keys: KeyMiddleware,
        then middleware: some RouterMiddleware<AdminContext>
    ) {
        let groups = AdminKey.Scope.allCases.map { scope in
            let group = router.group("admin/v1").add(middleware: keys.requiring(scope))
            return (scope, group.add(middleware: middleware))
        }
        self.groups = Dictionary(uniqueKeysWithValues: groups)
    }

    mutating func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, _ scope: AdminKey.Scope,
        use handler: @escaping Handler
    ) {
        scopes["\(method.rawValue) /admin/v1\(path)"] = scope
        groups[scope]?.on(path, method: method, use: handler)
    }
}
