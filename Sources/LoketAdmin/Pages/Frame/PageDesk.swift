// What the routes of the counter page share: the API, the sessions and the check of their keys.

import Hummingbird
import Logging
import LoketRuntime

struct PageDesk: Sendable {
    /// The routes of the API, for the page's own requests.
    let api: RouterResponder<AdminContext>
    let keys: KeyMiddleware
    let clock: ServiceClock
    let registry: AccountRegistry
    let log: Logger
    let sessions = Sessions()

    var hosts: HostCheck { HostCheck(registry: registry) }

    /// Returns the visit; nil if nobody has signed in, or if the key has been revoked.
    ///
    /// - Parameter isUse: false for a request that the page makes by itself.
    func visit(
        _ request: Request, _ context: AdminContext, isUse: Bool
    ) async throws -> Visit? {
        guard let token = PageCookie.session.value(in: request),
            let session = sessions.find(token, now: clock.now(), isUse: isUse)
        else { return nil }
        guard let key = try await keys.active(session.keyID) else {
            sessions.end(keyID: session.keyID)
            return nil
        }
        return Visit(request, context, session: session, key: key, desk: self)
    }

    /// Returns the page, or a page about the problem that it met.
    func answer(
        _ visit: Visit, _ make: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await make()
        } catch let problem as Problem {
            return await PageView.problem(problem, visit)
        }
    }
}
