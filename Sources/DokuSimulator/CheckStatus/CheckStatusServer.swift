// A simulation of DOKU's Check Status endpoint on a local port, for tests of `reconcile`. This file
// has the server and the interface for tests; CheckStatusState computes the answers.

import Foundation
import LoketCore
import NIOCore
import NIOHTTP1
import NIOPosix

package final class CheckStatusServer: Sendable {
    /// The base URL in place of that of DOKU's API: `http://127.0.0.1:port`.
    package let baseURL: String
    private let book: CheckStatusState
    private let group: MultiThreadedEventLoopGroup

    /// Starts the server, which listens when this function returns.
    ///
    /// - Parameters:
    ///   - secret: The text of the secret key in UTF-8.
    ///   - other: The key that signs the answers, as during a rotation; nil for `secret`.
    ///   - now: Returns the time of DOKU's clock.
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

    /// Closes the port and every connection. Held requests are never answered.
    package func stop() async throws {
        book.forgetHeld()
        try await group.shutdownGracefully()
    }

    // MARK: Known invoices

    /// Sets the state of the notice's invoice. A notice without an invoice number is ignored.
    package func put(_ notice: PaymentNotice) {
        guard let number = notice.invoiceNumber else { return }
        put(notice, for: number)
    }

    /// Sets the answer for `invoice`, whatever invoice number the notice contains.
    package func put(_ notice: PaymentNotice, for invoice: String) {
        book.put(notice.body, for: invoice)
    }

    /// Sets an answer that need not be a valid notice.
    package func put(_ body: [UInt8], for invoice: String) {
        book.put(body, for: invoice)
    }

    // MARK: Kinds of answers

    package enum Manner: Sendable, CaseIterable {
        case signed, unsigned, wronglySigned
        /// The status is always 500.
        case failing
    }

    /// - Parameter invoice: The invoice to answer in this manner; nil for all without a manner set.
    package func answer(_ manner: Manner, for invoice: String? = nil) {
        book.setManner(manner, for: invoice)
    }

    /// Holds the requests that arrive until `release` is called.
    package func hold() { book.hold() }

    /// Answers all held requests according to the present state.
    package func release() { book.release() }

    // MARK: Received requests

    /// The number of verified requests by invoice number, including unknown invoices.
    package var requests: [String: Int] { book.record.requests }

    /// The number of requests that are held now.
    package var heldCount: Int { book.record.heldCount }

    /// DOKU's error codes for the refused requests, in order.
    package var refusals: [String] { book.record.refusals }

    /// The target of every request as it was received, in order.
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
