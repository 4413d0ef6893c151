// Sockets that no other program inherits. NIO opens and accepts them without the flag; a program
// that this process starts, or that a crash starts, would keep the port taken after its end.

import Foundation
import NIOCore

extension ChannelPipeline.SynchronousOperations {
    /// Closes the channel's socket in every program that this process starts.
    package func closeOnExec() throws {
        try withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }
}
