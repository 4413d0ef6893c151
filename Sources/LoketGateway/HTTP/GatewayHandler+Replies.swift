// How the gateway writes replies to a connection: in the order of the requests, and so that a
// refusal reaches the client.

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

    /// Reads and drops the body before the reply is written. A sender that waits for `100 Continue`
    /// gets the reply immediately.
    func skip(_ reply: Reply, _ head: RequestHead, context: ChannelHandlerContext) {
        if head.waitsForConsent {
            write(reply, closes: true, context: context)
            close(context: context)
        } else {
            state = .skipping(reply, keepAlive: head.keepsAlive)
        }
    }

    /// Writes a reply. Replies are flushed when all requests of one read are answered.
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

/// How much the gateway reads from a client: nothing while the client does not read the replies,
/// and nothing while a reply waits for the disk.
extension GatewayHandler {
    /// Delays the read while the client does not read its replies, or a reply waits, to limit
    /// memory.
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

    /// Records the client that a proxy names in each request's `X-Forwarded-For`.
    func noteClient(_ headers: HTTPHeaders) {
        guard connection.isProxied else { return }
        let fields = headers["x-forwarded-for"]
        guard fields != forwardedFor else { return }
        forwardedFor = fields
        connections.note(clientIn: fields, of: connection)
    }

    /// Returns the address of the last request's sender: the client, if a trusted proxy forwarded
    /// the request.
    func source(of context: ChannelHandlerContext) -> String? {
        let client = connection.isProxied ? connections.client(in: forwardedFor) : nil
        return (client ?? NetworkAddress(context.remoteAddress))?.description
    }

    /// Handles the end of the client's sending; a waiting reply is still delivered.
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
