// A receiver of webhooks on a socket of this machine: keeps what it receives, and answers what the
// test says.

import DokuSimulator
import Foundation
import LoketJSON
import LoketRuntime
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

final class WebhookReceiver: Sendable {
    struct Message: Sendable {
        let path: String
        let headers: HTTPHeaders
        let body: [UInt8]

        var id: String { headers.first(name: "webhook-id") ?? "" }
        var timestamp: Int64 { Int64(headers.first(name: "webhook-timestamp") ?? "") ?? 0 }
        var signatures: [Substring] {
            (headers.first(name: "webhook-signature") ?? "").split(separator: " ")
        }
        var json: JSONValue? { try? StrictJSON(body).root }
        var type: String { json?["type"]?.string ?? "" }
    }

    /// The status of an answer; nil for no answer.
    typealias Answer = @Sendable (Message) -> Int?

    struct State {
        var messages: [Message] = []
        /// The address at which each connection came in, and its client's port.
        var connections: [(address: NetworkAddress?, port: Int?)] = []
        var closed = 0
        var serverNames: [String?] = []
        /// The number of heads of requests.
        var heads = 0
        var poured = 0
        var answer: Answer
    }

    let state: Mutex<State>
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let bound = Mutex(0)
    /// Header lines of each answer.
    private let more: HTTPHeaders
    /// Whether an answer's body has no end.
    private let pours: Bool

    private init(more: HTTPHeaders, pours: Bool, answer: @escaping Answer) {
        self.more = more
        self.pours = pours
        state = Mutex(State(answer: answer))
    }

    var port: Int { bound.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/hook" }
    var messages: [Message] { state.withLock(\.messages) }
    var ids: [String] { messages.map(\.id) }
    var types: [String] { messages.map(\.type) }

    /// - Parameters:
    ///   - port: 0 for any free port.
    ///   - host: `::` for all addresses of this machine.
    static func start(
        port: Int = 0, host: String = "127.0.0.1", tls: TLSConfiguration? = nil,
        more: HTTPHeaders = [:], pours: Bool = false, answer: @escaping Answer = { _ in 204 }
    ) async throws -> WebhookReceiver {
        let receiver = WebhookReceiver(more: more, pours: pours, answer: answer)
        let context = try tls.map { try receiver.context($0) }
        let channel = try await ServerBootstrap(group: receiver.group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_sndbuf), value: 65_536)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let address = NetworkAddress(channel.localAddress)
                    let port = channel.remoteAddress?.port
                    receiver.state.withLock { $0.connections.append((address, port)) }
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(Handler(receiver))
                }
            }
            .bind(host: host, port: port).get()
        receiver.bound.withLock { $0 = channel.localAddress?.port ?? 0 }
        return receiver
    }

    /// Answers otherwise from now on.
    func answers(_ answer: @escaping Answer) {
        state.withLock { $0.answer = answer }
    }

    func stop() async throws {
        try await group.shutdownGracefully()
    }

    private func take(_ message: Message) -> Int? {
        let answer = state.withLock { state in
            state.messages.append(message)
            return state.answer
        }
        return answer(message)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: WebhookReceiver
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ receiver: WebhookReceiver) {
            self.receiver = receiver
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                (self.head, body) = (head, [])
                receiver.state.withLock { $0.heads += 1 }
            case .body(let buffer): body += buffer.readableBytesView
            case .end:
                guard let head else { return }
                let message = Message(path: head.uri, headers: head.headers, body: body)
                guard let status = receiver.take(message) else { return }
                var headers = receiver.more
                // With another length, the body never comes.
                if !headers.contains(name: "Content-Length"), !receiver.pours {
                    headers.add(name: "Content-Length", value: "0")
                }
                let answer = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status), headers: headers)
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                guard !receiver.pours else { return pour(context) }
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            if receiver.pours, head != nil { pour(context) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            receiver.state.withLock { $0.closed += 1 }
        }

        /// Writes as much of a body as the client takes.
        private func pour(_ context: ChannelHandlerContext) {
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 16_384)
            while context.channel.isActive, context.channel.isWritable {
                context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
                receiver.state.withLock { $0.poured += piece.readableBytes }
            }
            context.flush()
        }
    }
}

/// Runs a service that may send to this machine, and a receiver.
func withReceiver(
    answer: @escaping WebhookReceiver.Answer = { _ in 204 },
    _ body: (RunningService, WebhookReceiver) async throws -> Void
) async throws {
    let receiver = try await WebhookReceiver.start(answer: answer)
    do {
        try await withTill({ $0.webhooks.allowPrivateAddresses = true }) { service in
            try await body(service, receiver)
        }
    } catch {
        try? await receiver.stop()
        throw error
    }
    try await receiver.stop()
}

extension RunningService {
    /// Creates a webhook.
    ///
    /// - Parameter more: further members of the body, each preceded by a comma.
    /// - Returns: its secret.
    @discardableResult
    func addWebhook(_ url: String, _ more: String = "") async throws -> String {
        let answer = try await admin.post("/admin/v1/webhooks", #"{"url":"\#(url)"\#(more)}"#)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.string("secret"))
    }

    func webhook(_ id: String = "1") async throws -> JSONValue {
        try await admin.get("/admin/v1/webhooks/\(id)").json()
    }

    /// Sends POST for an action on a webhook, and expects 200.
    @discardableResult
    func act(
        _ action: String, _ id: String = "1", _ body: String = "{}",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await admin.post("/admin/v1/webhooks/\(id)/\(action)", body)
        #expect(answer.status == 200, "\(answer.text)", sourceLocation: sourceLocation)
        return try answer.json()
    }

    /// Creates bills over the API, each with its event.
    func addBills(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers {
            let made = try await admin.post(
                "/admin/v1/bills", BillJSON("8896511\(1_000_000 + number)", "W-\(number)").text)
            try #require(made.status == 201, "\(made.text)")
        }
    }

    /// The ids of all events, oldest first.
    func eventIDs() async throws -> [String] {
        try await items("/admin/v1/events?limit=1000").compactMap { $0["id"]?.string }
    }
}
