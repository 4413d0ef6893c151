// One POST: where it connects to. Tries to reach this machine by an address, by a name, by a
// redirect and by a name that changes its address.

import LoketCore
import Synchronization
import TestSupport
import Testing
@testable import LoketRuntime

@Suite(.timeLimit(.minutes(5))) struct WebhookPostTests {
    private static let message = WebhookMessage(id: "m-1", body: Array("{}".utf8))

    /// A resolver that answers with each list in turn, then with the last.
    private final class Names: Sendable {
        private let answers: [[String]]
        private let asked = Mutex<[String]>([])

        init(_ answers: [String]...) { self.answers = answers }

        var hosts: [String] { asked.withLock { $0 } }

        var resolver: HostResolver {
            HostResolver { [self] host in
                let index = asked.withLock { asked in
                    asked.append(host)
                    return asked.count - 1
                }
                return answers[min(index, answers.count - 1)].compactMap { NetworkAddress($0) }
            }
        }
    }

    /// Sends the message a few times over one connection.
    private func send(
        _ url: String, allowsPrivate: Bool, _ resolver: HostResolver = .system, times: Int = 1,
        timeout: Duration = .seconds(Limits.webhookTimeoutSeconds)
    ) async throws -> [WebhookAnswer] {
        let post = WebhookPost(resolver: resolver, timeout: timeout)
        let secret = try #require(WebhookSecret(WebhookSecret.newText()))
        let url = try WebhookURL(url, allowsPrivate: allowsPrivate)
        var answers: [WebhookAnswer] = []
        do {
            for _ in 0..<times {
                answers.append(
                    try await post.send(Self.message, to: url, at: .now, secrets: [secret]))
            }
        } catch {
            await post.close()
            throw error
        }
        await post.close()
        return answers
    }

    private func reason(_ answers: [WebhookAnswer]) -> String {
        if case .refused(_, let reason) = answers.last { reason } else { "" }
    }

    @Test func `a name is looked up once, and the request goes to the checked address`()
        async throws
    {
        let receiver = try await WebhookReceiver.start()
        // After the check, the name leads elsewhere: nobody asks.
        let names = Names(["127.0.0.1"], ["127.0.0.9"])
        let url = "http://hooks.invalid:\(receiver.port)/hook?x=1"
        let answers = try await send(url, allowsPrivate: true, names.resolver, times: 3)
        #expect(answers == Array(repeating: .delivered(status: 204), count: 3))
        #expect(names.hosts == ["hooks.invalid"])
        let message = try #require(receiver.messages.first)
        #expect(message.headers["host"] == ["hooks.invalid:\(receiver.port)"])
        #expect(message.path == "/hook?x=1")
        #expect(message.headers["content-type"] == ["application/json"])
        #expect(message.headers.first(name: "user-agent")?.hasPrefix("loket/") == true)
        try await receiver.stop()
    }

    /// Each would reach the receiver if it were connected to.
    @Test(arguments: [
        ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["0.0.0.0"], ["8.8.8.8", "127.0.0.1"],
        ["64:ff9b::7f00:1"],
    ])
    func `a name that leads to this machine is refused before a connection`(
        _ addresses: [String]
    ) async throws {
        let receiver = try await WebhookReceiver.start()
        let names = Names(addresses)
        let url = "https://hooks.invalid:\(receiver.port)/"
        let answers = try await send(url, allowsPrivate: false, names.resolver)
        #expect(reason(answers).contains("is not an address on the internet"), "\(answers)")
        #expect(receiver.messages.isEmpty)
        try await receiver.stop()
    }

    @Test func `a name that changes its address is checked again after a failure`() async throws {
        let closed = try await WebhookReceiver.start()
        try await closed.stop()
        let names = Names(["127.0.0.1"], ["8.8.8.8"])
        let url = "http://hooks.invalid:\(closed.port)/"
        let answers = try await send(url, allowsPrivate: true, names.resolver, times: 2)
        #expect(answers.first == .refused(status: nil, reason: "connection refused"))
        // Now it leads to the internet, where http is not allowed.
        #expect(reason(answers).contains("needs https"), "\(answers)")
        #expect(names.hosts.count == 2)
    }

    @Test func `the next address has its turn after a failure`() async throws {
        let receiver = try await WebhookReceiver.start()
        let names = Names(["127.0.0.2", "127.0.0.1"])
        let url = "http://hooks.invalid:\(receiver.port)/"
        let answers = try await send(url, allowsPrivate: true, names.resolver, times: 2)
        #expect(answers.last == .delivered(status: 204), "\(answers)")
        try await receiver.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed`(_ status: Int) async throws {
        let inside = try await WebhookReceiver.start()
        let receiver = try await WebhookReceiver.start(more: ["Location": inside.url]) { _ in
            status
        }
        let answers = try await send(receiver.url, allowsPrivate: true)
        #expect(reason(answers).hasPrefix("HTTP \(status): redirects are not followed"))
        #expect(inside.messages.isEmpty)
        try await receiver.stop()
        try await inside.stop()
    }

    @Test(arguments: [
        (200, WebhookAnswer.delivered(status: 200)), (299, .delivered(status: 299)), (410, .gone),
        (400, .refused(status: 400, reason: "HTTP 400")),
        (500, .refused(status: 500, reason: "HTTP 500")),
    ])
    func `the status decides`(_ status: Int, _ expected: WebhookAnswer) async throws {
        let receiver = try await WebhookReceiver.start { _ in status }
        #expect(try await send(receiver.url, allowsPrivate: true) == [expected])
        try await receiver.stop()
    }

    @Test func `a status whose head came in time counts, even if its body does not come`()
        async throws
    {
        let receiver = try await WebhookReceiver.start(more: ["Content-Length": "5"])
        // Shorter than the time for the body.
        let timeout = Duration.seconds(Limits.webhookAnswerSeconds) * 3 / 4
        let answers = try await send(receiver.url, allowsPrivate: true, timeout: timeout)
        #expect(answers == [.delivered(status: 204)])
        try await receiver.stop()
    }

    @Test func `a name without an address is a refusal that says so`() async throws {
        let resolver = HostResolver { _ in throw HostResolver.Failure(description: "unknown") }
        let answers = try await send("https://hooks.invalid/", allowsPrivate: false, resolver)
        #expect(reason(answers) == "cannot look up hooks.invalid: unknown")
    }

    @Test func `the system's resolver knows addresses and this machine`() async throws {
        let loopback = try await HostResolver.system.addresses("localhost")
        #expect(!loopback.isEmpty && loopback.allSatisfy(\.isLoopback))
        let number = try await HostResolver.system.addresses("2130706433")
        #expect(number.map(\.description) == ["127.0.0.1"])
        #expect(try await HostResolver.system.addresses("::1").map(\.isLoopback) == [true])
    }

    /// A name server that does not answer holds no caller that is cancelled.
    @Test func `a cancelled attempt ends at once`() async throws {
        let receiver = try await WebhookReceiver.start { _ in nil }
        let url = receiver.url
        let task = Task { try await send(url, allowsPrivate: true) }
        try await eventually { receiver.messages.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        try await receiver.stop()
    }
}
