// A TCP client that sends exactly the given bytes when the test says so, and divides the received
// bytes into answers by their Content-Length.

import DokuSimulator
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

actor RawConnection {
    struct Ended: Error {}

    private let channel: any Channel
    private let chunks: AsyncStream<ByteBuffer>
    private let fate: Fate
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - reads: false for a client that does not read what is sent to it and has small buffers.
    ///   - source: the address of the client; nil: the address that reaches the host.
    static func open(
        host: String = "127.0.0.1", port: Int, reads: Bool = true, from source: String? = nil
    ) async throws -> RawConnection {
        let (chunks, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let fate = Fate()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if !reads { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4096) }
        if let source {
            bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0))
        }
        let channel =
            try await bootstrap
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Inbox(continuation: continuation, fate: fate))
                }
            }
            .connect(host: host, port: port).get()
        return RawConnection(channel: channel, chunks: chunks, fate: fate)
    }

    private init(channel: any Channel, chunks: AsyncStream<ByteBuffer>, fate: Fate) {
        self.channel = channel
        self.chunks = chunks
        self.fate = fate
    }

    deinit {
        channel.close(promise: nil)
    }

    // MARK: Sending

    func send(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        let buffer = ByteBuffer(bytes: bytes)
        try await channel.writeAndFlush(buffer).get()
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Written when the other side reads, which may be never.
    nonisolated func sendUnawaited(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Closes the sending direction only.
    func halfClose() async throws {
        try await channel.close(mode: .output).get()
    }

    func close() async {
        try? await channel.close().get()
    }

    // MARK: Receiving

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// The next answer.
    ///
    /// - Throws: `Ended` if the connection ends before the answer is complete.
    func answer() async throws -> DokuAnswer {
        while true {
            if let answer = takeAnswer() { return answer }
            guard try await more() else { throw Ended() }
        }
    }

    /// The status line and header lines of an answer without a body, unchanged.
    func headOfAnswer() async throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let found = bytes.firstRange(of: end) {
                defer { bytes.removeFirst(found.upperBound) }
                return String(decoding: bytes[..<found.lowerBound], as: UTF8.self)
            }
            guard try await more() else { throw Ended() }
        }
    }

    /// The answers that arrive before the connection ends.
    func answersUntilEnd() async throws -> [DokuAnswer] {
        var answers: [DokuAnswer] = []
        while let answer = try await answerOrEnd() { answers.append(answer) }
        return answers
    }

    /// The next answer; nil at the end of the connection.
    func answerOrEnd() async throws -> DokuAnswer? {
        do {
            return try await answer()
        } catch is Ended {
            return nil
        }
    }

    /// The number of received bytes that are not part of an answer yet.
    var unread: Int { bytes.count }

    /// True if the other side ended the connection with a reset.
    nonisolated var wasReset: Bool { fate.wasReset }

    private func more() async throws -> Bool {
        let chunks = chunks
        let chunk = try await within {
            var iterator = chunks.makeAsyncIterator()
            return await iterator.next()
        }
        guard let chunk else { return false }
        bytes.append(contentsOf: chunk.readableBytesView)
        return true
    }

    private func takeAnswer() -> DokuAnswer? {
        guard let (answer, length) = DokuAnswer.parse(bytes) else { return nil }
        bytes.removeFirst(length)
        return answer
    }
}

final class Fate: Sendable {
    private let reset = Mutex(false)

    var wasReset: Bool { reset.withLock { $0 } }

    func noteReset() { reset.withLock { $0 = true } }
}

private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation
    private let fate: Fate

    init(continuation: AsyncStream<ByteBuffer>.Continuation, fate: Fate) {
        self.continuation = continuation
        self.fate = fate
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { continuation.finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fate.noteReset()
        context.close(promise: nil)
    }
}
