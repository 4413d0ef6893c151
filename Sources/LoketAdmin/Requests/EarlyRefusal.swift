// A refusal sent before the request's body has been read. A short body is then read and discarded,
// and the connection stays open; a long body, or a body of unknown length, closes the connection.

import HTTPTypes
import Hummingbird
import LoketCore
import NIOCore

enum EarlyRefusal {
    /// Thrown after the answer, so that Hummingbird closes the connection.
    private struct Unwanted: Error {}

    /// - Parameter closes: whether to close the connection even if the body is short.
    static func refuse(_ request: Request, with problem: Problem, closes: Bool) -> Response {
        refuse(request, with: problem.response, closes: closes) {
            for try await _ in request.body {}
        }
    }

    /// - Parameter readOn: reads the rest of the body.
    static func refuse(
        _ request: Request, with refusal: Response, closes: Bool,
        readOn: @escaping @Sendable () async throws -> Void
    ) -> Response {
        var response = refusal
        guard closes || !isShort(request.headers) else { return response }
        response.headers[.connection] = "close"
        let answer = response.body
        response.body = ResponseBody(contentLength: answer.contentLength) { writer in
            try await answer.write(writer)
            await linger(readOn)
            throw Unwanted()
        }
        return response
    }

    private static func isShort(_ headers: HTTPFields) -> Bool {
        if headers[.transferEncoding] != nil { return false }
        guard let text = headers[.contentLength] else { return true }
        return Int(text).map { $0 <= Limits.unreadBodyBytesMax } ?? false
    }

    /// Continues reading for a moment, so that the client receives the answer and not a reset.
    private static func linger(_ readOn: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await readOn() }
            tasks.addTask { try? await Task.sleep(for: .seconds(Limits.lingerSeconds)) }
            await tasks.next()
            tasks.cancelAll()
        }
    }
}
