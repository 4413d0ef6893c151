// Requests to the public URL. They go on where the certificate is wrong, which is reported by
// itself: nothing secret is in them.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import NIOCore

struct PublicClient {
    private static let timeout = TimeAmount.seconds(10)

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
        try await client.send(request, to: base, timeout: Self.timeout)
    }
}

extension DokuAnswer {
    /// Where it sends the client instead.
    var redirection: String? {
        (300..<400).contains(status) ? header("Location") ?? "nowhere" : nil
    }
}
