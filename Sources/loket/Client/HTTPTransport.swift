// Sends one request and waits for its whole answer: the way of every command that talks to a
// service.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketRuntime
import LoketServer
import NIOCore
import NIOHTTP1

struct HTTPTransport: Sendable {
    /// Asks once: where nobody listens, that is said at once.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// The part before the path, such as `http://127.0.0.1:8081`.
    let base: String

    /// What to do where nobody answers.
    private let remedy: String

    init(base: String, remedy: String = "is the service running there?") {
        self.remedy = remedy
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    /// - Throws: `Failure` 3 where nobody answers.
    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        do {
            return try await Self.client.send(request, to: base)
        } catch {
            throw Failure.unanswered(by: base, error, remedy)
        }
    }
}

extension Failure {
    static func unanswered(by base: String, _ error: any Error, _ remedy: String) -> Failure {
        if base.hasPrefix("https://"), "\(error)".contains("WRONG_VERSION_NUMBER") {
            return Failure(
                .unreachable,
                "\(base) speaks no TLS there; try http://\(base.dropFirst("https://".count))")
        }
        return Failure(
            .unreachable,
            "\(base) does not answer: \(connectionFailure(error) ?? "\(error)"); \(remedy)")
    }
}
