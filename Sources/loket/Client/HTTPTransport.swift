// The HTTP connection from a command to a service. Each request is sent once. If there is no
// answer, the command reports that and exits with 3.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketRuntime
import NIOCore
import NIOHTTP1

struct HTTPTransport: Sendable {
    private static let client = HTTPClient.tryingOnce()

    /// The URL up to the path, such as `http://127.0.0.1:8081`.
    let base: String

    /// The advice if there is no answer.
    private let remedy: String

    init(base: String, remedy: String = "is the service running there?") {
        self.remedy = remedy
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    /// - Throws: `Failure` 3 if there is no answer.
    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        try await answer(to: request, within: .seconds(30))
    }

    /// - Parameter patience: The time limit for the answer.
    func answer(
        to request: DokuRequest, within patience: TimeAmount
    ) async throws -> DokuAnswer {
        do {
            return try await Self.client.send(request, to: base, timeout: patience)
        } catch {
            throw unanswered(error)
        }
    }

    /// Sends a request whose body or answer is streamed. Throws the HTTP client's errors unchanged.
    func stream(
        _ request: HTTPClientRequest, deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        try await Self.client.execute(request, deadline: deadline)
    }

    func unanswered(_ error: any Error) -> Failure {
        if base.hasPrefix("https://"), "\(error)".contains("WRONG_VERSION_NUMBER") {
            return Failure(
                .unreachable,
                "\(base) does not use TLS; try http://\(base.dropFirst("https://".count))")
        }
        return Failure(
            .unreachable,
            "\(base) does not answer: \(connectionFailure(error) ?? "\(error)"); \(remedy)")
    }
}
