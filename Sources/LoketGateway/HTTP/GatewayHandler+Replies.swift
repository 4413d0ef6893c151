// How a connection of the gateway replies: in order, and so that a refusal reaches its reader.

import LoketCore
import NIOCore
import NIOHTTP1

extension GatewayHandler {
    func skip(_ outcome: Outcome, _ head: RequestHead, context: ChannelHandlerContext) {
        let reply = Reply(outcome)
        metrics.count(gateway: reply.status)
        skip(reply, head, context: context)
    }

    /// The body is read and dropped before the reply is given; a sender who waits for consent gets
    /// the reply at once.
    func skip(_ reply: Reply, _ head: RequestHead, context: ChannelHandlerContext) {
        if head.waitsForConsent {
            write(reply, closes: true, context: context)
            close(context: context)
        } else {
            state = .skipping(reply, keepAlive: head.keepsAlive)
        }
    }

    /// Flushed when everything that came in one read is answered.
    func give(_ reply: Reply, keepAlive: Bool, context: ChannelHandlerContext) {
        let closes = !keepAlive || isQuiescing
        deadline.requestComplete()
        deadline.answerComplete()
        if reply.isSigned { connection.verified() }
        write(reply, closes: closes, context: context)
        if closes { close(context: context) } else { state = .betweenRequests }
    }

    func refuse(_ outcome: Outcome, context: ChannelHandlerContext) {
        let reply = Reply(outcome)
        metrics.count(gateway: reply.status)
        write(reply, closes: true, context: context)
        close(context: context)
    }

    private func write(_ reply: Reply, closes: Bool, context: ChannelHandlerContext) {
        let bytes = encode(
            reply, closes: closes, date: date.line, with: context.channel.allocator)
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    private func close(context: ChannelHandlerContext) {
        state = .closing
        deadline.linger()
        context.flush()
        context.close(mode: .output, promise: nil)
    }
}
