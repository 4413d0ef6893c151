// Inquiries at a fixed rate, each timed from the moment at which it was due. An inquiry whose
// connection still waits for an answer is sent late, and the delay is part of its time.

import DokuSimulator
import LoketCore
import NIOCore
import NIOPosix

struct PacedLoad: Sendable {
    let port: Int
    let connections: Int
    /// The inquiries per second of all connections together.
    let perSecond: Double

    func run(
        _ shots: [LoadGenerator.PreparedRequest], for duration: Duration
    ) async throws -> LoadGenerator.Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let began = ContinuousClock.now
        let interval = Duration.seconds(Double(connections) / perSecond)
        var results: [EventLoopFuture<LoadGenerator.Result>] = []
        for index in 0..<connections {
            let done = group.next().makePromise(of: LoadGenerator.Result.self)
            let first = began + interval * (Double(index) / Double(connections))
            ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            PacedHandler(
                                shots: shots, next: index * shots.count / connections,
                                due: first + PacedHandler.headStart, interval: interval,
                                end: began + PacedHandler.headStart + duration, done: done))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .whenFailure(done.fail)
            results.append(done.futureResult)
        }
        var total = LoadGenerator.Result()
        for result in try await EventLoopFuture.whenAllSucceed(results, on: group.any()).get() {
            total.latencies.add(result.latencies)
            total.wrongAnswers += result.wrongAnswers
        }
        total.seconds = duration / .seconds(1)
        try await group.shutdownGracefully()
        return total
    }
}

/// One connection, with one inquiry at a time.
private final class PacedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The time in which all connections are made, before the first inquiry is due.
    static let headStart = Duration.milliseconds(100)

    private let shots: [LoadGenerator.PreparedRequest]
    private var next: Int
    private var due: ContinuousClock.Instant
    private let interval: Duration
    private let end: ContinuousClock.Instant
    private let done: EventLoopPromise<LoadGenerator.Result>
    private var sentDue: ContinuousClock.Instant?
    private var received = ByteBuffer()
    private var result = LoadGenerator.Result()
    private var isDone = false

    init(
        shots: [LoadGenerator.PreparedRequest], next: Int, due: ContinuousClock.Instant,
        interval: Duration, end: ContinuousClock.Instant,
        done: EventLoopPromise<LoadGenerator.Result>
    ) {
        self.shots = shots
        self.next = next
        self.due = due
        self.interval = interval
        self.end = end
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        sendWhenDue(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        guard let status = AnswerFrame.take(from: &received), let sentDue else { return }
        result.latencies.add(microseconds: (ContinuousClock.now - sentDue).microseconds)
        if status != shots[next].expectedStatus { result.wrongAnswers += 1 }
        next = (next + 1) % shots.count
        self.sentDue = nil
        sendWhenDue(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone { done.fail(ChannelError.eof) }
        isDone = true
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isDone { done.fail(error) }
        isDone = true
        context.close(promise: nil)
    }

    /// Sends the next inquiry, at once if it was due while the connection was waiting.
    private func sendWhenDue(_ context: ChannelHandlerContext) {
        guard due < end else {
            isDone = true
            done.succeed(result)
            context.close(promise: nil)
            return
        }
        let wait = due - ContinuousClock.now
        guard wait > .zero else { return send(context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .nanoseconds(Int64(wait / .nanoseconds(1)))) {
            let (handler, context) = bound.value
            if !handler.isDone { handler.send(context) }
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        sentDue = due
        due += interval
        context.writeAndFlush(wrapOutboundOut(shots[next].bytes), promise: nil)
    }
}
