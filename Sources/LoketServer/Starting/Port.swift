// Checks the port of a listener, and the access of other users to files.

import Foundation
import LoketRuntime
import LoketStore
import LoketSystem
import NIOCore

package struct Port {
    private enum State {
        case any
        case free
        case inUse
        /// The reason and its remedy.
        case refused(String)
    }

    private let listener: Settings.Listener
    private let state: State

    /// Binds the port and releases it, without listening: a client that connects at this moment is
    /// refused and can retry, instead of waiting on a socket that is not served.
    package init(_ listener: Settings.Listener) {
        self.listener = listener
        state = Self.state(of: listener)
    }

    /// - Parameter holder: the process that has the database open and should have the port; nil if
    ///   there is none.
    package func entry(_ item: CheckItem, holder: String?) -> CheckEntry {
        let place = "port \(listener.port) on \(listener.host)"
        switch state {
        case .any: return .fine(item, "any free port on \(listener.host)")
        case .free: return .fine(item, "\(place) is free")
        case .inUse:
            let remedy = "stop the program that uses it, or choose another port"
            guard let holder else { return .problem(item, "\(place) is in use; \(remedy)") }
            let number = holder.split(separator: " ").last.flatMap { Int($0) }
            guard let number, PortOwner.listens(process: number, port: listener.port) == false
            else { return .fine(item, "\(place) is in use by the running service (\(holder))") }
            return .problem(
                item,
                "\(place) is in use by another program, not by the running service (\(holder)), "
                    + "which could not listen there after a restart; \(remedy)")
        case .refused(let reason):
            return .problem(
                item, "cannot listen on \(listener.host) port \(listener.port): \(reason)")
        }
    }

    private static func state(of listener: Settings.Listener) -> State {
        guard listener.port != 0 else { return .any }
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(
                listener.host, port: listener.port)
        } catch {
            return .refused("\(error); choose an address of this machine")
        }
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return .refused(reason(errno)) }
        defer { close(descriptor) }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) != 0 else {
            return .free
        }
        return errno == EADDRINUSE ? .inUse : .refused(reason(errno))
    }

    private static func reason(_ code: Int32) -> String {
        let said = String(cString: strerror(code))
        return switch code {
        case EACCES: "\(said); choose a port above 1023, or add CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL: "\(said); choose an address of this machine (ip addr), or 0.0.0.0"
        default: "\(said); choose another host or port"
        }
    }
}

/// Reports files of secrets and bills that every user of this machine can read. Files that only a
/// group can read are not reported: systemd and Kubernetes provide secrets in this way.
enum FileAccess {
    static func entries(_ settings: Settings) -> [CheckEntry] {
        let database = ["", "-wal", ".admin-key", ".webhook-secrets"].map { settings.database + $0 }
        let open = (settings.secretFiles + database).filter(isOpenToOthers)
        if open.isEmpty {
            return [.fine(.files, "no other user of this machine can read secrets or bills")]
        }
        return open.map {
            .note(.files, "every user of this machine can read \($0): run chmod o-rwx '\($0)'")
        }
    }

    /// Whether the modes of a file and of all its parent folders let every user read the file.
    private static func isOpenToOthers(_ path: String) -> Bool {
        var place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard mode(of: place) & S_IROTH != 0 else { return false }
        while place.path != "/" {
            place.deleteLastPathComponent()
            guard mode(of: place) & S_IXOTH != 0 else { return false }
        }
        return true
    }

    /// Returns the mode of a file; 0 if it does not exist.
    private static func mode(of place: URL) -> mode_t {
        var found = stat()
        return stat(place.path, &found) == 0 ? found.st_mode : 0
    }
}
