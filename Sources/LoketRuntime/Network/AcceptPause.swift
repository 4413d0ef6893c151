// Pauses a listener that cannot accept connections because the process or the machine has no
// descriptors or memory left. NIO's own `AcceptBackoffHandler` does not stop the channel from
// polling while a read is pending, so that a core spins. Switching off `autoRead` prevents this.

import Foundation
import LoketCore
import NIOCore

/// Must be the first handler in the pipeline of a listening channel.
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

/// Sockets that no child process inherits. NIO opens and accepts sockets without the flag
/// `FD_CLOEXEC`; a program started by this process or by a crash would keep the port in use after
/// this process has ended.
extension ChannelPipeline.SynchronousOperations {
    /// Sets `FD_CLOEXEC`, so that programs started by this process do not inherit the socket.
    package func closeOnExec() throws {
        try withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }
}
