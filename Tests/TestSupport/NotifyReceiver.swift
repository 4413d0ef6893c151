// The receiving end of systemd's notify socket. It stores every received message in order.

import Foundation
import Synchronization

package final class NotifyReceiver: Sendable {
    /// The value for NOTIFY_SOCKET.
    package let address: String
    private let descriptor: Int32
    private let taken = Mutex<[String]>([])

    /// - Parameter path: The path of the new socket; nil for an abstract address.
    package init(path: String? = nil) throws {
        address = path ?? "@loket-\(UUID().uuidString)"
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let made = socket(AF_UNIX, type, 0)
        descriptor = made
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = path.map { Array($0.utf8) + [0] } ?? [0] + Array(address.utf8.dropFirst())
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let code = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, length) }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit {
        close(descriptor)
        if address.hasPrefix("/") { unlink(address) }
    }

    /// All messages received so far.
    package var messages: [String] {
        taken.withLock { taken in
            var room = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(descriptor, &room, room.count, 0)
                guard count > 0 else { return taken }
                taken.append(String(decoding: room[..<count], as: UTF8.self))
            }
        }
    }
}
