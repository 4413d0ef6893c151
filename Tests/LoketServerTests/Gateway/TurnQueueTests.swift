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

    /// Counts the reads that reach the socket.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
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

    @Test func `while a read waits for its turn, one more is made`() throws {
        var read: [String] = []
        let queue = TurnQueue(loop) { false }
        let one = try connect(from: "192.0.2.1", queue) { read.append($0) }
        let counter = ReadCounter()
        try one.pipeline.syncOperations.addHandler(counter, position: .first)
        for (text, reads) in [("a1", 1), ("a2", 1), ("a3", 1)] {
            send(text, on: one)
            one.pipeline.read()
            #expect(counter.count == reads, "\(text)")
        }
        loop.run()
        #expect(read == ["a1", "a2", "a3"])
        #expect(counter.count == 2, "the read that was held is made")
    }

    @Test func `the work of a turn is done between its beginning and its end`() throws {
        var events: [String] = []
        let queue = TurnQueue(loop) {
            false
        } around: { turn in
            events.append("begins")
            turn()
            events.append("ends")
        }
        let one = try connect(from: "192.0.2.1", queue) { events.append($0) }
        send("a1", on: one)
        send("a2", on: one)
        loop.run()
        #expect(events == ["begins", "a1", "a2", "ends"])
    }
}
