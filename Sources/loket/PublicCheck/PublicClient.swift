// Requests to the public URL. They go on where the certificate is wrong, which is reported by
// itself: nothing secret is in them.

import AsyncHTTPClient
import DokuSimulator
import LoketServer
import NIOCore

struct PublicClient {
    private static let timeout = TimeAmount.seconds(10)

    private let base: String
    private let client: HTTPClient

    init(base: String, roots: TrustRoots) {
        self.base = base
        client = .tryingOnce(connect: Self.timeout) {
            $0.tlsConfiguration = roots.configuration(.none)
            $0.httpVersion = .http1Only
        }
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
