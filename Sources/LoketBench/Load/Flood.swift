// A flood for the benchmark of overload: connections that send nothing, send unsigned bodies, do
// not read answers, or send inquiries without waiting. A connection that the service closes is
// opened again. The flood has a separate source address.

import NIOCore
import NIOPosix

final class Flood: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// Connections that send nothing.
        case silent
        /// Incomplete bodies with the largest Content-Length and without DOKU's headers.
        case bodies
        /// Requests whose answers are not read.
        case unread
        /// Signed inquiries, sent one after another without waiting for answers.
        case pipelined

        /// The connections of a full-size flood.
        var connections: Int {
            switch self {
            case .silent: 4_500
            case .bodies: 4_000
            case .unread: 600
            case .pipelined: 32
            }
        }
    }

    private static let bodyBytes = 256 * 1024
    private static let unreadRequests = 2_000
    private static let unreadReceiveBytes = 4_096
    /// The delay before a closed connection is opened again.
    private static let reconnectTime = TimeAmount.milliseconds(250)

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let kind: Kind
    private let port: Int
    private let bytes: ByteBuffer
    private let isOver: NIOLoopBoundBox<Bool>
    private let channels: NIOLoopBoundBox<[ObjectIdentifier: any Channel]>

    /// - Parameter inquiries: Signed inquiries for the pipelined kind.
    init(_ kind: Kind, port: Int, inquiries: [LoadGenerator.PreparedRequest]) {
        self.kind = kind
        self.port = port
        bytes = Self.bytes(kind, inquiries)
        let loop = group.next()
        isOver = .makeBoxSendingValue(false, eventLoop: loop)
        channels = .makeBoxSendingValue([:], eventLoop: loop)
    }

    private static func bytes(_ kind: Kind, _ inquiries: [LoadGenerator.PreparedRequest])
        -> ByteBuffer
    {
        var buffer = ByteBuffer()
        switch kind {
        case .silent: break
        case .bodies:
            buffer.writeString(
                "POST /doku/notification HTTP/1.1\r\nHost: flood\r\n"
                    + "Content-Length: \(bodyBytes)\r\n\r\n")
            buffer.writeRepeatingByte(UInt8(ascii: " "), count: bodyBytes - 1)
        case .unread:
            for _ in 0..<unreadRequests {
                buffer.writeString("GET /nowhere HTTP/1.1\r\nHost: flood\r\n\r\n")
            }
        case .pipelined:
            for inquiry in inquiries { buffer.writeImmutableBuffer(inquiry.bytes) }
        }
        return buffer
    }

    /// Opens the connections, which remain until `end`.
    ///
    /// - Parameters:
    ///   - connections: The number of simultaneous connections.
    ///   - address: The loopback address of the flood, different from that of the customers.
    func begin(connections: Int, from address: String = "127.0.0.2") throws {
        let source = try SocketAddress(ipAddress: address, port: 0)
        for _ in 0..<connections { group.next().execute { self.open(from: source) } }
    }

    func end() async throws {
        try await group.next().submit { [isOver, channels] in
            isOver.value = true
            for channel in channels.value.values { channel.close(promise: nil) }
        }.get()
        try await group.shutdownGracefully()
    }

    private func open(from source: SocketAddress) {
        guard !isOver.value else { return }
        var bootstrap = ClientBootstrap(group: group).bind(to: source)
            .connectTimeout(.seconds(10))
        if kind == .unread {
            bootstrap =
                bootstrap
                .channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: Self.unreadReceiveBytes)
        }
        bootstrap.connect(host: "127.0.0.1", port: port).whenComplete { result in
            guard case .success(let channel) = result else {
                return self.openAgain(from: source)
            }
            self.channels.value[ObjectIdentifier(channel)] = channel
            channel.closeFuture.whenComplete { _ in
                self.channels.value[ObjectIdentifier(channel)] = nil
                self.openAgain(from: source)
            }
            if self.bytes.readableBytes > 0 { self.send(on: channel) }
            if self.isOver.value { channel.close(promise: nil) }
        }
    }

    private func openAgain(from source: SocketAddress) {
        guard !isOver.value else { return }
        group.next().scheduleTask(in: Self.reconnectTime) { self.open(from: source) }
    }

    /// Sends the bytes; the pipelined kind repeats this after each write.
    private func send(on channel: any Channel) {
        let sent = channel.writeAndFlush(bytes)
        guard kind == .pipelined else { return }
        sent.whenSuccess { self.send(on: channel) }
    }
}
