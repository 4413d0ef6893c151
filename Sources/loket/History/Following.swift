// A feed that a command follows: the service holds each request until there is something new.

import DokuSimulator
import LoketJSON

struct Following {
    let client: AdminClient
    let path: String
    let filter: Query
    /// The seconds for which the service may hold one request: less than the time limit of the
    /// client.
    private static let waitSeconds = 20
    /// The time between two attempts while the service does not answer, as during a restart.
    private static let retry = Duration.seconds(1)
    /// What a proxy answers while the service does not, and the service while it is overloaded.
    private static let transient = [502, 503, 504]

    /// Returns the cursor after the last item that there is now.
    ///
    /// - Parameter retries: Whether a service that does not answer is asked again.
    /// - Throws: `Failure` 1 if the service refuses the request; 3 if it does not answer.
    func end(retries: Bool = true) async throws -> String {
        let page = try await answer([("after", "end")], retries: retries)
        guard let cursor = page["next_cursor"]?.string else {
            throw Failure(.no, "GET \(path): the answer has no `next_cursor`")
        }
        return cursor
    }

    /// Passes each page with items to `body`, for ever. A service that does not answer is asked
    /// again, and the feed goes on where it was.
    ///
    /// - Parameter after: The cursor after which the feed begins.
    /// - Throws: `Failure` 1 if the service refuses the request, or `body` throws.
    func pages(after: String, _ body: (JSONValue) throws -> Void) async throws -> Never {
        var after = after
        while true {
            let page = try await answer([("after", after), ("wait", "\(Self.waitSeconds)")])
            if page["items"]?.elements.isEmpty == false { try body(page) }
            after = page["next_cursor"]?.string ?? after
        }
    }

    /// - Parameter retries: Whether to ask until there is an answer.
    private func answer(_ query: Query, retries: Bool = true) async throws -> JSONValue {
        let target = AdminClient.target(path, filter + query)
        var isLost = false
        while true {
            let reason: String
            do {
                let answer = try await client.answer(
                    to: DokuRequest(method: "GET", target: target, headers: [], body: []))
                guard retries, Self.transient.contains(answer.status) else {
                    if isLost { Output.note("loket: connected again\n") }
                    return try AdminClient.value(
                        of: "GET \(path)", status: answer.status, body: answer.body)
                }
                reason = "the answer is HTTP \(answer.status)"
            } catch let failure as Failure where retries && failure.code == .unreachable {
                reason = failure.message
            }
            if !isLost { Output.note("loket: \(reason); trying again\n") }
            isLost = true
            try await Task.sleep(for: Self.retry)
        }
    }
}
