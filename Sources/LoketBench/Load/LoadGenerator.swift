// A load generator: each connection sends a request, waits for the answer and sends the next, as
// fast as possible or at a fixed rate. Requests are signed and encoded in advance, so that only the
// service is measured.

import DokuSimulator
import LoketCore
import NIOCore
import NIOPosix

struct LoadGenerator: Sendable {
    /// The bytes of a request and its expected status.
    struct PreparedRequest: Sendable {
        let bytes: ByteBuffer
        let expectedStatus: Int

        init(_ request: DokuRequest, expectedStatus: Int) {
            var addressed = request
            addressed.headers.insert(Header("Host", "loket"), at: 0)
            addressed.headers.append(Header("Content-Length", "\(request.body.count)"))
            bytes = ByteBuffer(bytes: SavedRequest.bytes(of: addressed))
            self.expectedStatus = expectedStatus
        }
    }

    struct Result: Sendable {
        var latencies = Latencies()
        var wrongAnswers = 0
        var seconds = 0.0

        var perSecond: Double { Double(latencies.count) / seconds }
    }

    private let host: String
    private let port: Int
    private let connections: Int
    private let pause: TimeAmount?

    /// - Parameter pace: The requests per second of each connection; nil for as many as possible.
    init(host: String = "127.0.0.1", port: Int, connections: Int, pace: Double? = nil) {
        self.host = host
        self.port = port
        self.connections = connections
        pause = pace.map { .nanoseconds(Int64(1e9 / $0)) }
    }

    /// Sends the requests repeatedly until the time is up.
    ///
    /// - Parameter keepsStatus: Whether an answer with an unexpected status is counted as wrong.
    func run(
        _ shots: [PreparedRequest], for duration: Duration, keepsStatus: Bool
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let result = try await run(shots, for: duration, keepsStatus: keepsStatus, on: group)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func run(
        _ shots: [PreparedRequest], for duration: Duration, keepsStatus: Bool,
        on group: MultiThreadedEventLoopGroup
    ) async throws -> Result {
        let began = ContinuousClock.now
        let end = began + duration
        var results: [EventLoopFuture<Result>] = []
        let pause = pause
        for index in 0..<connections {
            let done = group.next().makePromise(of: Result.self)
            let first = index * shots.count / connections
            let bootstrap = ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ShootingHandler(
                                shots: shots, first: first, until: end, pause: pause,
                                keepsStatus: keepsStatus, done: done))
                    }
                }
            // A failed connection fails the promise; otherwise the handler fulfils it.
            bootstrap.connect(host: host, port: port).whenFailure(done.fail)
            results.append(done.futureResult)
        }
        var total = Result()
        for result in try await EventLoopFuture.whenAllSucceed(results, on: group.any()).get() {
            total.latencies.add(result.latencies)
            total.wrongAnswers += result.wrongAnswers
        }
        total.seconds = (ContinuousClock.now - began).inSeconds
        return total
    }
}

/// One connection, with one request at a time.
private final class ShootingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shots: [LoadGenerator.PreparedRequest]
    private let end: ContinuousClock.Instant
    private let pause: TimeAmount?
    private var due = NIODeadline.now()
    private let keepsStatus: Bool
    private let done: EventLoopPromise<LoadGenerator.Result>
    private var next: Int
    private var sentAt = ContinuousClock.now
    private var received = ByteBuffer()
    private var result = LoadGenerator.Result()
    private var isDone = false

    init(
        shots: [LoadGenerator.PreparedRequest], first: Int, until end: ContinuousClock.Instant,
        pause: TimeAmount?, keepsStatus: Bool, done: EventLoopPromise<LoadGenerator.Result>
    ) {
        self.shots = shots
        next = first
        self.end = end
        self.pause = pause
        self.keepsStatus = keepsStatus
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        shoot(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        guard let status = AnswerFrame.take(from: &received) else { return }
        let now = ContinuousClock.now
        result.latencies.add(microseconds: (now - sentAt).microseconds)
        if keepsStatus, status != shots[next].expectedStatus { result.wrongAnswers += 1 }
        next = (next + 1) % shots.count
        if now < end {
            shootWhenDue(context)
        } else {
            isDone = true
            done.succeed(result)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone { done.fail(ChannelError.eof) }
        isDone = true
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isDone = true
        done.fail(error)
        context.close(promise: nil)
    }

    /// Sends the next request when due. Never catches up.
    private func shootWhenDue(_ context: ChannelHandlerContext) {
        guard let pause else { return shoot(context) }
        due = max(due + pause, .now())
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: due) {
            let (handler, context) = bound.value
            if !handler.isDone { handler.shoot(context) }
        }
    }

    private func shoot(_ context: ChannelHandlerContext) {
        sentAt = .now
        context.writeAndFlush(wrapOutboundOut(shots[next].bytes), promise: nil)
    }
}

/// Response times in microseconds. All are stored, so percentiles are exact.
struct Latencies: Sendable {
    private var microseconds: [UInt32] = []

    var count: Int { microseconds.count }

    mutating func add(microseconds time: Int64) {
        microseconds.append(UInt32(clamping: time))
    }

    mutating func add(_ others: Latencies) {
        microseconds.append(contentsOf: others.microseconds)
    }

    /// Returns the times within which these shares of the answers arrived; 0 without answers.
    ///
    /// - Parameter shares: Values from 0 to 1.
    func percentiles(_ shares: [Double]) -> [Int] {
        let sorted = microseconds.sorted()
        return shares.map { share in
            guard !sorted.isEmpty else { return 0 }
            let rank = Int((Double(sorted.count) * share).rounded(.up)) - 1
            return Int(sorted[min(max(rank, 0), sorted.count - 1)])
        }
    }
}
