// Sends one request over HTTP and returns the whole answer, with the types of the simulator.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HTTPClient {
    private static var answerBytesMax: Int { 64 * 1024 * 1024 }

    /// - Parameter base: The URL up to the path, such as `http://127.0.0.1:8081`.
    package func send(
        _ request: DokuRequest, to base: String, timeout: TimeAmount = .seconds(30)
    ) async throws -> DokuAnswer {
        var message = HTTPClientRequest(url: base + request.target)
        message.method = HTTPMethod(rawValue: request.method)
        for header in request.headers {
            message.headers.add(name: header.name, value: header.value)
        }
        if !request.body.isEmpty { message.body = .bytes(ByteBuffer(bytes: request.body)) }
        let response = try await execute(message, timeout: timeout)
        let body = try await response.body.collect(upTo: Self.answerBytesMax)
        return DokuAnswer(
            status: Int(response.status.code),
            headers: response.headers.map { Header($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }
}
