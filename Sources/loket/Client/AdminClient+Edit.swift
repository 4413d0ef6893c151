// Edits of a resource in the version that was read: GET returns its ETag, which PATCH sends back.

import DokuSimulator
import LoketJSON

extension AdminClient {
    /// Returns the resource at a path, and its ETag.
    func tagged(_ path: String) async throws -> (value: JSONValue, tag: String) {
        let answer = try await answer(
            to: DokuRequest(method: "GET", target: path, headers: [], body: []))
        let value = try Self.value(of: "GET \(path)", status: answer.status, body: answer.body)
        guard let tag = answer.header("ETag") else {
            throw Failure(
                .no,
                "GET \(path): the answer has no ETag, without which nothing can be edited. Does a "
                    + "proxy change the answer?")
        }
        return (value, tag)
    }

    /// Sends a JSON Merge Patch for the version with this ETag.
    ///
    /// - Returns: The edited resource; nil if it has another version now, and nothing was edited.
    func patch(
        _ path: String, ifMatch tag: String, _ write: (inout JSONWriter) -> Void
    ) async throws -> JSONValue? {
        var writer = JSONWriter()
        writer.object(write)
        let headers = [
            Header("Content-Type", "application/merge-patch+json"), Header("If-Match", tag),
        ]
        let answer = try await answer(
            to: DokuRequest(method: "PATCH", target: path, headers: headers, body: writer.bytes))
        if answer.status == 412 { return nil }
        return try Self.value(of: "PATCH \(path)", status: answer.status, body: answer.body)
    }
}
