// The maximum number of connections of each listener: a share of the process's limit on open files,
// whose soft limit is raised first. Without a maximum, a flood of connections would use up the
// descriptors that the database and the other listener need.

import Foundation
import LoketCore
import NIOCore

package struct ConnectionRoom: Equatable, Sendable {
    package let gateway: Int
    package let admin: Int
    private let openFilesMax: Int
    private let openFilesMin: Int

    /// - Parameters:
    ///   - openFilesMax: the number of files that the process may have open.
    ///   - cores: the number of event loops of each listener; each loop needs files.
    package init(openFilesMax: Int, cores: Int) {
        self.openFilesMax = openFilesMax
        openFilesMin = Self.reserved(cores: cores) + 2 * Limits.connectionsMin
        let room = openFilesMax - Self.reserved(cores: cores)
        admin = min(Limits.adminConnectionsMax, max(room / 4, Limits.connectionsMin))
        gateway = min(Limits.connectionsMax, max(room - admin, Limits.connectionsMin))
    }

    /// Raises the soft limit as far as needed and as the hard limit allows, and divides it.
    package static func atStart() -> ConnectionRoom {
        let wanted =
            Limits.connectionsMax + Limits.adminConnectionsMax
            + reserved(cores: System.coreCount)
        return ConnectionRoom(
            openFilesMax: raiseOpenFilesLimit(to: wanted), cores: System.coreCount)
    }

    /// A note; nil if both listeners have all the connections they can use.
    package var shortage: String? {
        guard gateway < Limits.connectionsMax || admin < Limits.adminConnectionsMax else {
            return nil
        }
        return "the limit on open files allows \(gateway) connections to the gateway and \(admin) "
            + "to the admin listener: raise the hard limit (ulimit -Hn, or LimitNOFILE in systemd)"
    }

    /// The reason why no service can run; nil if each listener has at least the minimum.
    package var refusal: String? {
        guard openFilesMax < openFilesMin else { return nil }
        return "the process may open \(openFilesMax) files, but the service needs "
            + "\(openFilesMin): raise the limit (ulimit -n \(openFilesMin), or LimitNOFILE in "
            + "systemd)"
    }

    private static func reserved(cores: Int) -> Int {
        Limits.filesReserved + Limits.filesReservedPerCore * cores
    }
}

/// Raises the soft limit on open files as far as the hard limit allows.
///
/// - Returns: the soft limit that is now active.
@discardableResult
package func raiseOpenFilesLimit(to wanted: Int) -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 0 }
    let hard = limit.rlim_max
    if limit.rlim_cur < wanted, limit.rlim_cur < hard {
        var raised = limit
        raised.rlim_cur = min(rlim_t(wanted), hard)
        if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
}
