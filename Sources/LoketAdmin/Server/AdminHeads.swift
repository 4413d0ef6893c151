// HTTP rules for heads that Hummingbird does not apply, next to NIO's decoder: the host of a
// request, which depends on its version and its whole target; and the header fields of every
// answer, whichever component creates the answer.

import NIOCore
import NIOHTTP1

final class AdminHeads: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Adds a handler directly after the connection's decoder.
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
            // A missing or repeated `Host` is treated as an empty one (RFC 9112 §3.2).
            head.headers.replaceOrAdd(name: "Host", value: "")
        } else if let authority = Self.authority(of: head.uri) {
            // An absolute target overrides `Host` (RFC 9112 §3.2.2).
            head.headers.replaceOrAdd(name: "Host", value: authority)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Forbids caching, unless the route sets a rule, and forbids guessing another media type.
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

    /// Returns `x:1` for `http://x:1/ready`; nil for `/ready`.
    private static func authority(of target: String) -> String? {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
        return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
    }
}
