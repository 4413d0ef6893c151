// The rules of HTTP for heads that Hummingbird does not apply, next to NIO's decoder: the host that a
// request is for, which needs its version and its whole target; and header lines of every answer,
// whichever part makes it.

import NIOCore
import NIOHTTP1

final class AdminHeads: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Adds one directly after the decoder of a connection.
    static func add(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(AdminHeads(), position: .after(decoder))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        let hosts = head.headers["Host"].count
        if hosts > 1 || hosts == 0 && head.version != .http1_0 {
            // As wrong as an empty one (RFC 9112 §3.2), and handled as one from here on.
            head.headers.replaceOrAdd(name: "Host", value: "")
        } else if let authority = Self.authority(of: head.uri) {
            // An absolute target counts, whatever `Host` says (RFC 9112 §3.2.2).
            head.headers.replaceOrAdd(name: "Host", value: authority)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Nothing is kept by a cache, unless its route says how, and nothing is taken for another type.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status.code >= 200 else {
            return context.write(data, promise: promise)
        }
        head.headers.replaceOrAdd(name: "X-Content-Type-Options", value: "nosniff")
        if !head.headers.contains(name: "Cache-Control") {
            head.headers.add(name: "Cache-Control", value: "no-store")
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    /// `x:1` of `http://x:1/ready`; nil of `/ready`.
    private static func authority(of target: String) -> String? {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
        return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
    }
}
