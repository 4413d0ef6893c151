// The checks before the router: whether the request is for this host, before its other parts are
// read; and 405 with `Allow` if only the method does not exist, for which the router would answer
// 404. The routes are taken from the router, so there is no second list.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import NIOCore

struct AdminResponder: HTTPResponder {
    typealias Context = AdminContext

    struct Route: Sendable {
        let path: RouterPath
        let method: HTTPRequest.Method
    }

    private let hosts: HostCheck
    private let routes: [Route]
    private let pages: PageMethods
    private let next: RouterResponder<AdminContext>

    /// - Parameter router: a router with all routes added.
    init(_ router: Router<AdminContext>, hosts: HostCheck) {
        self.hosts = hosts
        routes = router.routes.map { Route(path: $0.path, method: $0.method) }
        pages = PageMethods(routes)
        next = router.buildResponder()
    }

    func respond(to request: Request, context: AdminContext) async throws -> Response {
        guard request.method == .head else { return try await answer(request, context) }
        // HEAD exists for every GET (RFC 9110 §9.3.2). Its answer never has a body: the client
        // reads none and would read the bytes as the next answer.
        var head = request.head
        head.method = .get
        var context = context
        context.isHead = true
        let response = try await answer(Request(head: head, body: request.body), context)
        return Response(status: response.status, headers: response.headers)
    }

    private func answer(_ request: Request, _ context: AdminContext) async throws -> Response {
        if let problem = hosts.problem(with: request, context: context) {
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        if let response = pages.answer(request) { return response }
        var methods = methods(of: request.uri.path)
        guard methods.isEmpty || methods.contains(request.method) else {
            if methods.contains(.get) { methods.append(.head) }
            let allowed = Set(methods.map(\.rawValue)).sorted().joined(separator: ", ")
            var response = Problem(.methodNotAllowed, "this path allows: \(allowed)").response
            response.headers[.allow] = allowed
            return response
        }
        return try await next.respond(to: request, context: context)
    }

    /// Returns the methods of all routes that match, compared part by part as the router does.
    private func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return routes.filter { route in
            route.path.count == parts.count && zip(route.path, parts).allSatisfy { $0 ~= $1 }
        }.map(\.method)
    }
}

/// The hosts that the admin listener answers for. A web page in an operator's browser can point its
/// own name at this machine (DNS rebinding); its requests then carry that name and are refused
/// whatever their path. A numeric address cannot be redirected in this way, and neither can
/// `localhost`. The port is not compared: a forwarded or published port differs from the
/// listener's.
struct HostCheck: Sendable {
    let registry: AccountRegistry

    /// - Returns: nil if the request may be processed.
    func problem(with request: Request, context: AdminContext) -> Problem? {
        // HTTP/1.0 needs no host, and no browser uses HTTP/1.0.
        guard let authority = request.head.authority else { return nil }
        guard let text = HostName.part(of: authority), let host = HostName(text) else {
            return Problem(
                .hostMalformed,
                "send one header `Host` with a name or an address, and optionally a port")
        }
        guard !isOurs(host), NetworkAddress(context.localAddress).map(HostName.address) != host
        else { return nil }
        return Problem(
            .hostUnknown,
            "the request is for the host \(text): send it to localhost, or add the host to the "
                + "setting `admin.hosts` and send SIGHUP to loket")
    }

    /// Whether the host is the local machine or one of the settings.
    func isOurs(_ host: HostName) -> Bool {
        host.isLoopback || registry.adminHosts.contains(host)
    }
}
