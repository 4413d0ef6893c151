// Messages of a service to systemd, without systemd's library: each message is one datagram of
// `NAME=value` lines (sd_notify(3)).

import Foundation

package final class NotifySocket: Sendable {
    private let descriptor: Int32
    private let path: [UInt8]

    /// - Parameter environment: `NOTIFY_SOCKET` is a path or, with `@`, an abstract address.
    /// - Returns: nil if no supervisor accepts messages.
    package init?(_ environment: [String: String]) {
        let name = Array((environment["NOTIFY_SOCKET"] ?? "").utf8)
        let isAbstract = name.first == UInt8(ascii: "@")
        let room = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard name.count > 1, name.count <= room, isAbstract || name.first == UInt8(ascii: "/")
        else { return nil }
        path = isAbstract ? [0] + name.dropFirst() : name + [0]
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Sends a message; blocks while the receiver's buffer is full. Without receiver it is lost.
    package func send(_ lines: [String]) {
        let message = Array(lines.joined(separator: "\n").utf8)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = MemoryLayout<sa_family_t>.size + path.count
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                sendto(
                    descriptor, message, message.count, Int32(MSG_NOSIGNAL), pointer,
                    socklen_t(length))
            }
        }
    }
}
