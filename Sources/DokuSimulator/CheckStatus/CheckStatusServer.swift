// DOKU's Check Status endpoint on a socket of this machine, for tests of `reconcile`: the port, and
// what a test may set and ask. CheckStatusState has the answers.

import Foundation
import LoketCore
import NIOCore
import NIOHTTP1
import NIOPosix

package final class CheckStatusServer: Sendable {
    /// Where DOKU's API would be: `http://127.0.0.1:port`.
    package let baseURL: String
    private let book: CheckStatusState
    private let group: MultiThreadedEventLoopGroup

    /// Listens when this returns.
    ///
    /// - Parameters:
    ///   - secret: the secret key's text as UTF-8.
    ///   - other: what it signs its answers with, as in a rotation; nil: the same.
    ///   - now: DOKU's clock.
    package static func start(
        clientID: String, secret: [UInt8], answeringWith other: [UInt8]? = nil,
        now: @escaping @Sendable () -> Moment = { .now }
    ) async throws -> CheckStatusServer {
        let book = CheckStatusState(
            clerk: CheckStatusSigner(
                clientID: clientID, secret: secret, answeringWith: other ?? secret),
            now: now)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline()
                        try pipeline.addHandler(CheckStatusHandler(book))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            guard let port = channel.localAddress?.port else { throw ChannelError.eof }
            return CheckStatusServer(port: port, book: book, group: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(port: Int, book: CheckStatusState, group: MultiThreadedEventLoopGroup) {
        baseURL = "http://127.0.0.1:\(port)"
        self.book = book
        self.group = group
    }

    /// Closes the port and every connection; what is held is never answered.
    package func stop() async throws {
        book.forgetHeld()
        try await group.shutdownGracefully()
    }

    // MARK: What it knows

    /// From now on this is the state of the notice's invoice; one without a number is ignored.
    package func put(_ notice: PaymentNotice) {
        guard let number = notice.invoiceNumber else { return }
        put(notice, for: number)
    }

    /// The answer to a question for `invoice`, whatever number the notice has.
    package func put(_ notice: PaymentNotice, for invoice: String) {
        book.put(notice.body, for: invoice)
    }

    /// Bytes that need not be a notice at all.
    package func put(_ body: [UInt8], for invoice: String) {
        book.put(body, for: invoice)
    }

    // MARK: How it answers

    package enum Manner: Sendable, CaseIterable {
        case signed, unsigned, wronglySigned
        /// 500, whatever is asked.
        case failing
    }

    /// - Parameter invoice: the only one that is answered so; nil for all that have no own manner.
    package func answer(_ manner: Manner, for invoice: String? = nil) {
        book.setManner(manner, for: invoice)
    }

    /// Answers nothing until `release`: what arrives waits.
    package func hold() { book.hold() }

    /// Answers all that wait, by what is known now.
    package func release() { book.release() }

    // MARK: What it was asked

    /// Requests that verified, by invoice number; those for unknown ones too.
    package var requests: [String: Int] { book.record.requests }

    /// Requests that waited for `release` when this was asked.
    package var heldCount: Int { book.record.heldCount }

    /// Why requests were refused, in their order: DOKU's error codes.
    package var refusals: [String] { book.record.refusals }

    /// Every target as it was sent, in order.
    package var targets: [String] { book.record.targets }
}

final class CheckStatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let book: CheckStatusState
    private var head: HTTPRequestHead?

    init(_ book: CheckStatusState) {
        self.book = book
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            ask(head, on: context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func ask(_ head: HTTPRequestHead, on channel: any NIOCore.Channel) {
        let request = DokuRequest(
            method: head.method.rawValue, target: head.uri,
            headers: head.headers.map { Header($0.name, $0.value) }, body: [])
        book.receive(request) { answer in
            var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
            let reply = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status),
                headers: headers)
            channel.write(HTTPServerResponsePart.head(reply), promise: nil)
            let body = ByteBuffer(bytes: answer.body)
            channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
            let sent = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            if !head.isKeepAlive { sent.whenComplete { _ in channel.close(promise: nil) } }
        }
    }
}
