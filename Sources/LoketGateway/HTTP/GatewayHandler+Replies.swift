// How a connection of the gateway replies: in order, and so that a refusal reaches its reader.

import LoketCore
import LoketRuntime
import NIOCore
import NIOHTTP1

extension GatewayHandler {
    func skip(_ outcome: Outcome, _ head: RequestHead, context: ChannelHandlerContext) {
        let reply = Reply(outcome)
        metrics.count(gateway: reply.status)
        skip(reply, head, context: context)
    }

    /// The body is read and dropped before the reply is given; a sender that waits for consent gets
    /// the reply immediately.
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

/// How much of a client's sending the gateway takes in: nothing while he does not read our answers,
/// and nothing while one of them waits for the disk.
extension GatewayHandler {
    /// A client that asks and does not read, or goes on asking, gets no more of our memory.
    func read(context: ChannelHandlerContext) {
        guard mayRead(context) else {
            holdsRead = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        releaseRead(context: context)
        context.fireChannelWritabilityChanged()
    }

    func releaseRead(context: ChannelHandlerContext) {
        guard holdsRead, mayRead(context) else { return }
        holdsRead = false
        context.read()
    }

    /// A proxy names with each request the client that it speaks for.
    func noteClient(_ headers: HTTPHeaders) {
        guard connection.isProxied else { return }
        let fields = headers["x-forwarded-for"]
        guard fields != forwardedFor else { return }
        forwardedFor = fields
        connections.note(clientIn: fields, of: connection)
    }

    /// The address that the last request came from, by a trusted proxy if one has passed it on.
    func source(of context: ChannelHandlerContext) -> String? {
        let client = connection.isProxied ? connections.client(in: forwardedFor) : nil
        return (client ?? NetworkAddress(context.remoteAddress))?.description
    }

    /// The client has closed its side; an answer that waits is still delivered.
    func endInput(_ context: ChannelHandlerContext) {
        isInputClosed = true
        if case .answering = state { return }
        context.close(promise: nil)
    }

    func mayRead(_ context: ChannelHandlerContext) -> Bool {
        if case .answering = state { return false }
        return context.channel.isWritable
    }
}
