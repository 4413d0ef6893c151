// The admin client for tests that send their own header lines or read a header line of the answer.

import AsyncHTTPClient
import NIOCore

extension AdminClient {
    func send(
        _ method: String, _ path: String, body: [UInt8], type: String,
        more: [(name: String, value: String)]
    ) async throws -> AdminAnswer {
        let response = try await execute(
            method, path, body: body, more: more + [("Content-Type", type)])
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return AdminAnswer(
            status: Int(response.status.code),
            type: response.headers.first(name: "content-type"),
            body: Array(bytes.readableBytesView))
    }

    /// The ETag of an answer.
    func tag(
        _ path: String, _ method: String = "GET", body: String? = nil,
        more: [(name: String, value: String)] = []
    ) async throws -> String? {
        let type = body == nil ? [] : [("Content-Type", "application/json")]
        let response = try await execute(
            method, path, body: body.map { Array($0.utf8) }, more: more + type)
        _ = try await response.body.collect(upTo: 1 << 20)
        return response.headers.first(name: "etag")
    }

    /// A header line of the answer to a GET.
    func header(_ name: String, of path: String) async throws -> String? {
        let response = try await execute("GET", path, body: nil, more: [])
        _ = try await response.body.collect(upTo: 64 << 20)
        return response.headers.first(name: name)
    }

    private func execute(
        _ method: String, _ path: String, body: [UInt8]?, more: [(name: String, value: String)]
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        for (name, value) in more { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }
}
