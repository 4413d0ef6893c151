// The order and the pace in which a loop handles the requests of its senders, on the test's own
// clock.

import NIOCore
import NIOEmbedded
import Testing
@testable import LoketGateway
@testable import LoketRuntime

struct TurnQueueTests {
    private let loop = EmbeddedEventLoop()

    /// Records the bytes that it reads.
    private final class Scribe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let write: (String) -> Void

        init(_ write: @escaping (String) -> Void) {
            self.write = write
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            write(String(buffer: unwrapInboundIn(data)))
        }
    }

    private func connect(
        from address: String, _ queue: TurnQueue, _ write: @escaping (String) -> Void
    ) throws -> EmbeddedChannel {
        let peer = try SocketAddress(ipAddress: address, port: 1024)
        let connection = GatewayConnection(NetworkAddress(peer), isProxied: false, now: .now())
        let channel = EmbeddedChannel(loop: loop)
        try channel.pipeline.syncOperations.addHandlers([
            ArrivalHandler(
                ConnectionDeadline(loop: loop, requestMilliseconds: 1_000), connection,
                SocketWait(LoopLag(loop)), queue),
            Scribe(write),
        ])
        return channel
    }

    private func send(_ text: String, on channel: EmbeddedChannel) {
        channel.pipeline.fireChannelRead(ByteBuffer(string: text))
    }

    @Test func `while several senders send, each has one turn and then waits`() throws {
        var read: [String] = []
        let queue = TurnQueue(loop) { false }
        let one = try connect(from: "192.0.2.1", queue) { read.append($0) }
        let other = try connect(from: "192.0.2.2", queue) { read.append($0) }
        for text in ["a1", "a2", "a3"] { send(text, on: one) }
        send("b1", on: other)
        loop.run()
        #expect(read == ["a1", "b1"])
        loop.advanceTime(by: .milliseconds(1))
        #expect(read == ["a1", "b1", "a2"])
        send("b2", on: other)
        loop.run()
        #expect(read.count > 3, "another sender ends the wait")
        loop.advanceTime(by: .milliseconds(10))
        #expect(Set(read) == ["a1", "a2", "a3", "b1", "b2"])
    }

    @Test func `a single sender is not slowed down`() throws {
        var read: [String] = []
        let queue = TurnQueue(loop) { false }
        let one = try connect(from: "192.0.2.1", queue) { read.append($0) }
        for text in ["a1", "a2", "a3"] { send(text, on: one) }
        loop.run()
        #expect(read == ["a1", "a2", "a3"])
    }
}
