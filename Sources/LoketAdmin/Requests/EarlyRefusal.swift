// A refusal that is sent before the body of the request has been read. A short body is read and
// discarded, and the connection stays open; a long one, or one of unknown length, closes it.

import HTTPTypes
import Hummingbird
import LoketCore
import NIOCore

enum EarlyRefusal {
    /// Thrown after the answer: Hummingbird then closes the connection.
    private struct Unwanted: Error {}

    /// - Parameter closes: the connection ends with this answer, however short the body is.
    static func refuse(_ request: Request, with problem: Problem, closes: Bool) -> Response {
        var response = problem.response
        guard closes || !isShort(request.headers) else { return response }
        response.headers[.connection] = "close"
        let answer = response.body
        response.body = ResponseBody(contentLength: answer.contentLength) { writer in
            try await answer.write(writer)
            await linger(request.body)
            throw Unwanted()
        }
        return response
    }

    private static func isShort(_ headers: HTTPFields) -> Bool {
        if headers[.transferEncoding] != nil { return false }
        guard let text = headers[.contentLength] else { return true }
        return Int(text).map { $0 <= Limits.unreadBodyBytesMax } ?? false
    }

    /// Goes on reading for a moment, so that the client reads our answer and not a reset.
    private static func linger(_ body: RequestBody) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do { for try await _ in body {} } catch {}
            }
            tasks.addTask { try? await Task.sleep(for: .seconds(Limits.lingerSeconds)) }
            await tasks.next()
            tasks.cancelAll()
        }
    }
}
