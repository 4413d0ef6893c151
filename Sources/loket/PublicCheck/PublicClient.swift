// Requests to the public URL. They go on where the certificate is wrong, which is reported by
// itself: nothing secret is in them.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import NIOCore
import NIOHTTP1

struct PublicClient {
    private static let timeout = TimeAmount.seconds(10)
    private static let answerBytesMax = 1024 * 1024

    private let base: String
    private let client: HTTPClient

    init(base: String, roots: TrustRoots) {
        self.base = base
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: roots.configuration(.none), redirectConfiguration: .disallow,
            timeout: .init(connect: Self.timeout))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func end() async {
        try? await client.shutdown()
    }

    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        var message = HTTPClientRequest(url: base + request.target)
        message.method = HTTPMethod(rawValue: request.method)
        for header in request.headers {
            message.headers.add(name: header.name, value: header.value)
        }
        if !request.body.isEmpty { message.body = .bytes(ByteBuffer(bytes: request.body)) }
        let response = try await client.execute(message, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.answerBytesMax)
        return DokuAnswer(
            status: Int(response.status.code),
            headers: response.headers.map { Header($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }
}

extension DokuAnswer {
    /// Where it sends the client instead.
    var redirection: String? {
        (300..<400).contains(status) ? header("Location") ?? "nowhere" : nil
    }
}
