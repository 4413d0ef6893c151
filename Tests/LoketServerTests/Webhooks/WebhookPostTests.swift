// One POST: where it connects to, and how long it waits. Tries to reach this machine by a name, by
// a redirect and by a name that changes its address.

import Dispatch
import LoketCore
import TestSupport
import Testing
@testable import LoketRuntime

@Suite(.timeLimit(.minutes(5))) struct WebhookPostTests {
    @Test func `a name is looked up once, and the request goes to the checked address`()
        async throws
    {
        let receiver = try await WebhookReceiver.start(host: "::")
        // The system and later answers lead elsewhere: nobody asks.
        let names = Names(["127.0.0.9"], ["127.0.0.1"])
        let url = "http://localhost:\(receiver.port)/hook?x=1"
        let answers = try await attempts(url, allowsPrivate: true, names.resolver, times: 3)
        #expect(answers == Array(repeating: .delivered(status: 204), count: 3))
        #expect(names.hosts == ["localhost"])
        #expect(Set(try await receiver.connections()) == ["127.0.0.9"])
        let message = try #require(receiver.messages.first)
        #expect(message.headers["host"] == ["localhost:\(receiver.port)"])
        #expect(message.path == "/hook?x=1")
        #expect(message.headers["content-type"] == ["application/json"])
        #expect(message.headers.first(name: "user-agent")?.hasPrefix("loket/") == true)
        try await receiver.stop()
    }

    @Test func `a name that led to the internet when it was checked reaches nothing here`()
        async throws
    {
        let receiver = try await WebhookReceiver.start(host: "::")
        // Public by its number, and routed to nobody since 2006 (RFC 3701).
        let names = Names(["3ffe::1"], ["127.0.0.1"])
        let url = "https://localhost:\(receiver.port)/"
        let answers = try await attempts(
            url, allowsPrivate: true, names.resolver, timeout: .seconds(1))
        #expect(answers.reason != "", "\(answers)")
        #expect(names.hosts == ["localhost"])
        #expect(try await receiver.connections() == [])
        try await receiver.stop()
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"])
    func `a name that leads to this machine is refused before a connection`(
        _ address: String
    ) async throws {
        let receiver = try await WebhookReceiver.start(host: "::")
        let place = "hooks.invalid:\(receiver.port)/"
        let refused = try await attempts(
            "https://" + place, allowsPrivate: false, Names([address]).resolver)
        #expect(refused.reason.contains("is not an address on the internet"), "\(refused)")
        #expect(try await receiver.connections() == [])
        let allowed = try await attempts(
            "http://" + place, allowsPrivate: true, Names([address]).resolver)
        #expect(allowed == [.delivered(status: 204)], "the address is one of the receiver")
        #expect(try await receiver.connections().count == 1)
        try await receiver.stop()
    }

    @Test(arguments: [
        (["127.0.0.1", "8.8.8.8"], true, "needs https"),
        (["8.8.8.8", "127.0.0.1"], false, "is not an address on the internet"),
    ])
    func `a name is refused if one of its addresses is`(
        _ addresses: [String], _ allowsPrivate: Bool, _ words: String
    ) async throws {
        let receiver = try await WebhookReceiver.start()
        let url = "\(allowsPrivate ? "http" : "https")://hooks.invalid:\(receiver.port)/"
        let answers = try await attempts(
            url, allowsPrivate: allowsPrivate, Names(addresses).resolver)
        #expect(answers.reason.contains(words), "\(answers)")
        #expect(try await receiver.connections() == [])
        try await receiver.stop()
    }

    @Test func `a name that changes its address is checked again after a failure`() async throws {
        let closed = try await WebhookReceiver.start()
        try await closed.stop()
        let names = Names(["127.0.0.1"], ["8.8.8.8"])
        let url = "http://hooks.invalid:\(closed.port)/"
        let answers = try await attempts(url, allowsPrivate: true, names.resolver, times: 2)
        #expect(answers.first == .refused(status: nil, reason: "connection refused"))
        // Now it leads to the internet, where http is not allowed.
        #expect(answers.reason.contains("needs https"), "\(answers)")
        #expect(names.hosts.count == 2)
    }

    @Test func `the next address has its turn after a failure`() async throws {
        let receiver = try await WebhookReceiver.start()
        let names = Names(["127.0.0.2", "127.0.0.1"])
        let url = "http://hooks.invalid:\(receiver.port)/"
        let answers = try await attempts(url, allowsPrivate: true, names.resolver, times: 2)
        #expect(answers.last == .delivered(status: 204), "\(answers)")
        try await receiver.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed`(_ status: Int) async throws {
        let inside = try await WebhookReceiver.start()
        let receiver = try await WebhookReceiver.start(more: ["Location": inside.url]) { _ in
            status
        }
        let answers = try await attempts(receiver.url, allowsPrivate: true)
        #expect(answers.reason.hasPrefix("HTTP \(status): redirects are not followed"))
        #expect(try await inside.connections() == [])
        #expect(receiver.messages.count == 1)
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
        #expect(try await attempts(receiver.url, allowsPrivate: true) == [expected])
        try await receiver.stop()
    }

    @Test func `a status whose head came in time counts, even if its body does not come`()
        async throws
    {
        let receiver = try await WebhookReceiver.start(more: ["Content-Length": "5"]) { _ in 200 }
        // Shorter than the time for the body.
        let timeout = Duration.seconds(Limits.webhookAnswerSeconds) * 3 / 4
        let answers = try await attempts(receiver.url, allowsPrivate: true, timeout: timeout)
        #expect(answers == [.delivered(status: 200)])
        try await receiver.stop()
    }

    /// The kernel takes some megabytes of each body at most; an endless one would have more.
    @Test(arguments: [("Content-Length", "1000000000000"), ("Transfer-Encoding", "chunked")])
    func `a body without an end is cut, and the next message is sent`(
        _ name: String, _ value: String
    ) async throws {
        let receiver = try await WebhookReceiver.start(more: [name: value], pours: true) { _ in
            200
        }
        let answers = try await attempts(receiver.url, allowsPrivate: true, times: 2)
        #expect(answers == Array(repeating: .delivered(status: 200), count: 2))
        try await eventually("the ends of the connections") { receiver.closed == 2 }
        #expect(receiver.messages.count == 2)
        #expect((Limits.webhookAnswerBytesMax...16_777_216).contains(receiver.poured))
        try await receiver.stop()
    }

    @Test func `a receiver that does not answer ends the attempt in its time`() async throws {
        let receiver = try await WebhookReceiver.start { _ in nil }
        let answers = try await attempts(
            receiver.url, allowsPrivate: true, timeout: .seconds(1))
        #expect(answers.reason == "no answer within 1 s")
        #expect(receiver.messages.count == 1)
        try await receiver.stop()
    }

    @Test func `a name server that does not answer ends the attempt in its time`() async throws {
        let end = DispatchSemaphore(value: 0)
        defer { end.signal() }
        let resolver = HostResolver.blocking { _ in
            end.wait()
            return []
        }
        let answers = try await attempts(
            "https://hooks.invalid/", allowsPrivate: false, resolver, timeout: .seconds(1))
        #expect(answers.reason == "cannot look up hooks.invalid: no answer within 1 s")
    }

    @Test func `a name without an address is a refusal that says so`() async throws {
        let resolver = HostResolver { _ in throw HostResolver.Failure(description: "unknown") }
        let answers = try await attempts("https://hooks.invalid/", allowsPrivate: false, resolver)
        #expect(answers.reason == "cannot look up hooks.invalid: unknown")
    }

    @Test func `the system's resolver knows addresses and this machine`() async throws {
        let loopback = try await HostResolver.system.addresses("localhost")
        #expect(!loopback.isEmpty && loopback.allSatisfy(\.isLoopback))
        let number = try await HostResolver.system.addresses("2130706433")
        #expect(number.map(\.description) == ["127.0.0.1"])
        #expect(try await HostResolver.system.addresses("::1").map(\.isLoopback) == [true])
    }

    @Test func `a cancelled attempt ends at once`() async throws {
        let receiver = try await WebhookReceiver.start { _ in nil }
        let url = receiver.url
        let task = Task { try await attempts(url, allowsPrivate: true) }
        try await eventually { receiver.messages.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        try await receiver.stop()
    }
}
