// A chat system's incoming webhook on a socket of this machine: accepts posts and keeps their
// texts.

import LoketJSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

final class AlertReceiver: Sendable {
    private struct State {
        var texts: [String] = []
        var requests = 0
        var failures = 0
    }

    private let state = Mutex(State())
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let bound = Mutex(0)

    var url: String { "http://127.0.0.1:\(bound.withLock { $0 })/services/T1/B2?k=3" }
    var texts: [String] { state.withLock(\.texts) }
    var requests: Int { state.withLock(\.requests) }

    /// - Parameter failures: requests that are answered 500 before the first is accepted.
    static func start(failures: Int = 0) async throws -> AlertReceiver {
        let receiver = AlertReceiver()
        receiver.state.withLock { $0.failures = failures }
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

    private func take(_ body: [UInt8]) -> HTTPResponseStatus {
        state.withLock { state in
            state.requests += 1
            guard state.requests > state.failures else { return .internalServerError }
            guard let root = try? StrictJSON(body).root, root.members.count == 1,
                let text = root["text"]?.string
            else { return .badRequest }
            state.texts.append(text)
            return .ok
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: AlertReceiver
        private var body: [UInt8] = []

        init(_ receiver: AlertReceiver) {
            self.receiver = receiver
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head: body = []
            case .body(let buffer): body += buffer.readableBytesView
            case .end:
                let head = HTTPResponseHead(
                    version: .http1_1, status: receiver.take(body),
                    headers: ["Content-Length": "2"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(
                    wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "ok")))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
