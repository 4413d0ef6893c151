// How much of a client's sending the gateway takes in: nothing while he does not read our answers,
// and nothing while one of them waits for the disk.

import LoketRuntime
import NIOCore
import NIOHTTP1

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

    /// The client has said all that he will; an answer that waits still reaches him.
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
