// How every command reaches a service: a request is sent once, and where nothing answers, the
// command ends with 3 and says so.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketRuntime
import NIOCore
import NIOHTTP1

struct HTTPTransport: Sendable {
    private static let client = HTTPClient.tryingOnce()

    /// The part before the path, such as `http://127.0.0.1:8081`.
    let base: String

    /// What to do where nothing answers.
    private let remedy: String

    init(base: String, remedy: String = "is the service running there?") {
        self.remedy = remedy
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    /// - Throws: `Failure` 3 where nothing answers.
    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        do {
            return try await Self.client.send(request, to: base)
        } catch {
            throw unanswered(error)
        }
    }

    /// Sends a request whose body or answer is streamed. Errors are the client's own.
    func stream(
        _ request: HTTPClientRequest, deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        try await Self.client.execute(request, deadline: deadline)
    }

    func unanswered(_ error: any Error) -> Failure {
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
