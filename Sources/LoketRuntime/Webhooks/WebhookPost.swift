// One POST to a webhook. The host name is looked up here and every address is checked; then the
// client connects to a checked address, so that a later answer of the name server changes nothing.

import AsyncHTTPClient
import LoketCore
import NIOCore
import NIOSSL

package enum WebhookAnswer: Sendable, Equatable {
    /// A status from 200 to 299.
    case delivered(status: Int)
    /// 410.
    case gone
    /// Any other status, or none.
    case refused(status: Int?, reason: String)
}

/// The connection to one webhook. Close it after use.
actor WebhookPost {
    private struct Pinned {
        let host: String
        let address: NetworkAddress
        let client: HTTPClient
        var lookedUpAt: ContinuousClock.Instant
    }

    private let resolver: HostResolver
    private var pinned: Pinned?
    /// Whether the last attempt failed, so that the name is looked up again.
    private var hasFailed = false

    /// Whether the addresses of the attempt are known.
    private var hasAddresses = false

    /// From the look-up of the name to the answer's head.
    private let timeout: Duration
    private let trustRoots: NIOSSLTrustRoots

    /// - Parameter trustRoots: the issuers of certificates; by default those of the system.
    init(
        resolver: HostResolver, timeout: Duration = .seconds(Limits.webhookTimeoutSeconds),
        trustRoots: NIOSSLTrustRoots = .default
    ) {
        self.resolver = resolver
        self.timeout = timeout
        self.trustRoots = trustRoots
    }

    /// Sends a message once. Follows no redirect, and reads little of the answer.
    ///
    /// - Throws: `CancellationError` only.
    func send(
        _ message: WebhookMessage, to url: WebhookURL, at now: Moment, secrets: [WebhookSecret]
    ) async throws -> WebhookAnswer {
        var request = HTTPClientRequest(url: url.text)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "loket/\(loketVersion)")
        for (name, value) in message.headers(at: now, secrets: secrets) {
            request.headers.add(name: name, value: value)
        }
        request.body = .bytes(ByteBuffer(bytes: message.body))
        hasAddresses = false
        let answer: WebhookAnswer
        do {
            let response = try await within(timeout) { [request] in
                try await self.response(to: request, at: url)
            }
            if let response {
                // The head decides, whatever happens to the body.
                await Self.read(response.body)
                answer = Self.answer(to: Int(response.status.code))
            } else {
                answer = late(url)
            }
        } catch let refusal as WebhookURL.Refusal {
            answer = .refused(status: nil, reason: refusal.description)
        } catch let failure as HostResolver.Failure {
            answer = .refused(status: nil, reason: "cannot look up \(url.host): \(failure)")
        } catch let error as HTTPClientError
            where [.deadlineExceeded, .connectTimeout].contains(error)
        {
            answer = late(url)
        } catch {
            try Task.checkCancellation()
            answer = .refused(
                status: nil, reason: connectionFailure(error) ?? "the connection failed")
        }
        if case .delivered = answer { hasFailed = false } else { hasFailed = true }
        return answer
    }

    /// Does not wait for the client: its shutdown waits for a connection that is being made.
    func close() {
        guard let client = pinned?.client else { return }
        pinned = nil
        Task { try? await client.shutdown() }
    }

    // MARK: Sending

    private func response(
        to request: HTTPClientRequest, at url: WebhookURL
    ) async throws -> HTTPClientResponse {
        try await client(for: url).execute(request, deadline: .now() + TimeAmount(timeout))
    }

    private static func read(_ body: HTTPClientResponse.Body) async {
        _ = try? await within(.seconds(Limits.webhookAnswerSeconds)) {
            try await body.collect(upTo: Limits.webhookAnswerBytesMax)
        }
    }

    private static func answer(to status: Int) -> WebhookAnswer {
        switch status {
        case 200..<300: .delivered(status: status)
        case 410: .gone
        case 300..<400:
            .refused(
                status: status, reason: "HTTP \(status): redirects are not followed, give their URL"
            )
        default: .refused(status: status, reason: "HTTP \(status)")
        }
    }

    private func late(_ url: WebhookURL) -> WebhookAnswer {
        let reason = "no answer within \(timeout.components.seconds) s"
        return .refused(
            status: nil, reason: hasAddresses ? reason : "cannot look up \(url.host): \(reason)")
    }

    // MARK: Connecting

    /// Returns a client that connects to a checked address of the URL's host and to no other.
    private func client(for url: WebhookURL) async throws -> HTTPClient {
        let limit = Duration.seconds(Limits.webhookLookUpSeconds)
        if let pinned, pinned.host == url.host, !hasFailed, .now - pinned.lookedUpAt < limit {
            hasAddresses = true
            return pinned.client
        }
        let addresses = try await resolver.addresses(url.host)
        hasAddresses = true
        for address in addresses {
            if let reason = url.refusal(of: address) {
                throw WebhookURL.Refusal(description: "\(url.host) \(reason)")
            }
        }
        let old = pinned.flatMap { $0.host == url.host ? $0.address : nil }
        let place = old.flatMap { addresses.firstIndex(of: $0) }
        if !hasFailed, place != nil, let client = pinned?.client {
            pinned?.lookedUpAt = .now
            return client
        }
        // After a failure, the next address has its turn.
        let next = ((place ?? -1) + 1) % addresses.count
        close()
        let client = HTTPClient.tryingOnce(connect: .seconds(Limits.webhookTimeoutSeconds)) {
            // The certificate has to be for the URL's host.
            $0.dnsOverride = [url.host: addresses[next].description]
            $0.httpVersion = .http1Only
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = trustRoots
            $0.tlsConfiguration = tls
        }
        pinned = Pinned(
            host: url.host, address: addresses[next], client: client, lookedUpAt: .now)
        return client
    }
}

/// Returns the body's value; nil, and the body is cancelled, if the time is over first.
private func within<Value: Sendable>(
    _ time: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { tasks in
        tasks.addTask { try await body() }
        tasks.addTask {
            try await Task.sleep(for: time)
            return nil
        }
        defer { tasks.cancelAll() }
        return try await tasks.next() ?? nil
    }
}
