// The answers to a method that does not exist at an address of the counter page. The address of a
// form is in the browser's address bar after the form was refused: opening it leads to a page.

import HTTPTypes
import Hummingbird

struct PageMethods: Sendable {
    private let routes: [AdminResponder.Route]

    /// - Parameter routes: all routes of the router.
    init(_ routes: [AdminResponder.Route]) {
        self.routes = routes.filter {
            PageRoutes.has("\($0.path)") && !$0.path.contains(.recursiveWildcard)
        }
    }

    /// Returns nil if the address has the method, or is none of the page.
    func answer(_ request: Request) -> Response? {
        guard PageRoutes.has(request.uri.path) else { return nil }
        let parts = request.uri.path.split(separator: "/")
        let pattern = pattern(of: parts)
        // Any other address is a page that says so.
        var methods = routes.filter { $0.path == pattern }.map(\.method)
        if methods.isEmpty { methods = [.get] }
        guard !methods.contains(request.method) else { return nil }
        if request.method == .get, let pattern { return .seeOther(page(above: pattern, parts)) }
        if methods.contains(.get) { methods.append(.head) }
        let words = Words(language: Language(request))
        var response = PageView.refusal("refused_method", .methodNotAllowed, words)
        response.headers[.allow] = Set(methods.map(\.rawValue)).sorted().joined(separator: ", ")
        return response
    }

    /// Returns the path that the router chooses: a name before a parameter.
    private func pattern(of parts: [Substring]) -> RouterPath? {
        func parameters(_ path: RouterPath) -> [Int] { zip(path, parts).map { $0 == $1 ? 0 : 1 } }
        return routes.map(\.path)
            .filter { path in
                path.count == parts.count && zip(path, parts).allSatisfy { $0 ~= $1 }
            }
            .min { parameters($0).lexicographicallyPrecedes(parameters($1)) }
    }

    /// Returns the nearest page above the address of a form.
    private func page(above pattern: RouterPath, _ parts: [Substring]) -> String {
        let pages = routes.filter { $0.method == .get }.map { Array($0.path) }
        let count = (1..<max(1, parts.count)).last { pages.contains(Array(pattern.prefix($0))) }
        let place = "/" + parts.prefix(count ?? 0).joined(separator: "/")
        return PagePlace(place)?.text ?? PagePlace.today
    }
}
