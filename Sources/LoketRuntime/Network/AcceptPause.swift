// A listener that cannot accept, because the process or the machine has no descriptor or memory
// left, waits a moment and tries again. NIO's own `AcceptBackoffHandler` does not stop the channel
// from polling while a read is pending, so a core spins; switching off `autoRead` does.

import Foundation
import LoketCore
import NIOCore

/// The first handler in the pipeline of a listening channel.
package final class AcceptPause: ChannelInboundHandler {
    package typealias InboundIn = any NIOCore.Channel
    package typealias InboundOut = any NIOCore.Channel

    private let metrics: Metrics

    package init(metrics: Metrics) {
        self.metrics = metrics
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode,
            [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
        else { return context.fireErrorCaught(error) }
        metrics.count(acceptFailure: String(cString: strerror(code)))
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(
            in: .milliseconds(Limits.acceptPauseMilliseconds)
        ) {
            try? options?.setOption(.autoRead, value: true)
        }
    }
}

/// Sockets that no other program inherits. NIO opens and accepts them without the flag; a program
/// that this process starts, or that a crash starts, would keep the port taken after its end.
extension ChannelPipeline.SynchronousOperations {
    /// Closes the channel's socket in every program that this process starts.
    package func closeOnExec() throws {
        try withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }
}
