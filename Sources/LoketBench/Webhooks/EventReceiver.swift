// A receiver of webhooks in the benchmark's process, which answers 204 immediately and counts.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

final class EventReceiver: Sendable {
    private let counted = Mutex(0)
    private let bound = Mutex(0)
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    var port: Int { bound.withLock { $0 } }
    /// The messages so far.
    var count: Int { counted.withLock { $0 } }

    static func start() async throws -> EventReceiver {
        let receiver = EventReceiver()
        let channel = try await ServerBootstrap(group: receiver.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        receiver.bound.withLock { $0 = channel.localAddress?.port ?? 0 }
        return receiver
    }

    func stop() async throws {
        try await group.shutdownGracefully()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: EventReceiver

        init(_ receiver: EventReceiver) {
            self.receiver = receiver
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            receiver.counted.withLock { $0 += 1 }
            let head = HTTPResponseHead(version: .http1_1, status: .noContent)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
