// Inquiries at a fixed rate, independent of the answers, like customers who do not wait for each
// other. LoadGenerator instead waits for each answer and so can never exceed the service's
// capacity.

import LoketCore
import NIOCore
import NIOPosix

struct OpenLoad: Sendable {
    struct Result: Sendable {
        /// The times from request to answer for answers with the expected status.
        var successes = Latencies()
        /// The times of answers with another status.
        var declines = Latencies()
        /// The number of requests not sent because their connection could not accept more.
        var notSent = 0
        /// The number of connections that the service closed or refused.
        var closed = 0

        mutating func add(_ other: Result) {
            successes.add(other.successes)
            declines.add(other.declines)
            notSent += other.notSent
            closed += other.closed
        }
    }

    private let port: Int
    private let connections: Int
    private let perSecond: Double
    private let pipelines: Bool

    /// - Parameters:
    ///   - perSecond: The requests per second of all connections together.
    ///   - pipelines: Whether to send without waiting for the previous answer while the socket is
    ///     writable. If false, a request that is due before the previous answer is not sent.
    init(port: Int, connections: Int, perSecond: Double, pipelines: Bool) {
        self.port = port
        self.connections = connections
        self.perSecond = perSecond
        self.pipelines = pipelines
    }

    func run(
        _ shots: [LoadGenerator.PreparedRequest], for duration: Duration
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let results = (0..<connections).map { index in
            connect(shots, index, until: .now + duration, on: group)
        }
        var total = Result()
        for result in try await EventLoopFuture.whenAllSucceed(results, on: group.any()).get() {
            total.add(result)
        }
        try await group.shutdownGracefully()
        return total
    }

    private func connect(
        _ shots: [LoadGenerator.PreparedRequest], _ index: Int, until end: ContinuousClock.Instant,
        on group: MultiThreadedEventLoopGroup
    ) -> EventLoopFuture<Result> {
        let done = group.next().makePromise(of: Result.self)
        let interval = TimeAmount.nanoseconds(Int64(1e9 * Double(connections) / perSecond))
        let first = TimeAmount.nanoseconds(
            interval.nanoseconds * Int64(index) / Int64(connections))
        let pipelines = pipelines
        ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        OpenLoadHandler(
                            shots: shots, next: index * shots.count / connections, first: first,
                            interval: interval, until: end, pipelines: pipelines, done: done))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenFailure { _ in done.succeed(Result(closed: 1)) }
        return done.futureResult
    }
}

/// One connection, which sends each request when it is due.
private final class OpenLoadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shots: [LoadGenerator.PreparedRequest]
    private var next: Int
    private let first: TimeAmount
    private let interval: TimeAmount
    private let end: ContinuousClock.Instant
    private let pipelines: Bool
    private let done: EventLoopPromise<OpenLoad.Result>
    private var waiting: CircularBuffer<(sentAt: ContinuousClock.Instant, expectedStatus: Int)> =
        []
    private var received = ByteBuffer()
    private var result = OpenLoad.Result()
    private var isDone = false

    init(
        shots: [LoadGenerator.PreparedRequest], next: Int, first: TimeAmount, interval: TimeAmount,
        until end: ContinuousClock.Instant, pipelines: Bool,
        done: EventLoopPromise<OpenLoad.Result>
    ) {
        self.shots = shots
        self.next = next
        self.first = first
        self.interval = interval
        self.end = end
        self.pipelines = pipelines
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleRepeatedTask(initialDelay: first, delay: interval) { task in
            let (handler, context) = bound.value
            if handler.isDone { return task.cancel() }
            handler.sendIfPossible(context)
            guard ContinuousClock.now >= handler.end else { return }
            task.cancel()
            if handler.waiting.isEmpty { handler.finish(context) }
        }
    }

    private func sendIfPossible(_ context: ChannelHandlerContext) {
        guard ContinuousClock.now < end else { return }
        guard pipelines ? context.channel.isWritable : waiting.isEmpty else {
            result.notSent += 1
            return
        }
        waiting.append((.now, shots[next].expectedStatus))
        context.writeAndFlush(wrapOutboundOut(shots[next].bytes), promise: nil)
        next = (next + 1) % shots.count
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        while let status = AnswerFrame.take(from: &received), let asked = waiting.popFirst() {
            let time = (ContinuousClock.now - asked.sentAt).microseconds
            if status == asked.expectedStatus {
                result.successes.add(microseconds: time)
            } else {
                result.declines.add(microseconds: time)
            }
        }
        if waiting.isEmpty, ContinuousClock.now >= end { finish(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone { result.closed += 1 }
        finish(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        done.succeed(result)
        context.close(promise: nil)
    }
}
