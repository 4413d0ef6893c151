// One connection of the Check Status desk: whole requests in, answers out in their order. It knows
// HTTP and nothing of what is asked.

import NIOCore
import NIOHTTP1

final class CheckStatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let book: CheckStatusBook
    private var head: HTTPRequestHead?

    init(_ book: CheckStatusBook) {
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

    private func ask(_ head: HTTPRequestHead, on channel: any Channel) {
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
