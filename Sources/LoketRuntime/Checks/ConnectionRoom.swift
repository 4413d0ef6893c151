// How many connections each listener may have: a share of the files that the process may have
// open, whose soft limit is raised first. Without it a flood of connections takes the descriptors
// that the database and the other listener need.

import Foundation
import LoketCore
import NIOCore

package struct ConnectionRoom: Equatable, Sendable {
    package let gateway: Int
    package let admin: Int
    private let openFilesMax: Int
    private let openFilesMin: Int

    /// - Parameters:
    ///   - openFilesMax: files that the process may have open.
    ///   - cores: event loops of each listener, each with files of its own.
    package init(openFilesMax: Int, cores: Int) {
        self.openFilesMax = openFilesMax
        openFilesMin = Self.reserved(cores: cores) + 2 * Limits.connectionsMin
        let room = openFilesMax - Self.reserved(cores: cores)
        admin = min(Limits.adminConnectionsMax, max(room / 4, Limits.connectionsMin))
        gateway = min(Limits.connectionsMax, max(room - admin, Limits.connectionsMin))
    }

    /// Raises the soft limit as far as it is needed and the hard limit allows.
    package static func atStart() -> ConnectionRoom {
        let wanted =
            Limits.connectionsMax + Limits.adminConnectionsMax
            + reserved(cores: System.coreCount)
        return ConnectionRoom(
            openFilesMax: raiseOpenFilesLimit(to: wanted), cores: System.coreCount)
    }

    /// Nil where both listeners have as many as they can use.
    package var shortage: String? {
        guard gateway < Limits.connectionsMax || admin < Limits.adminConnectionsMax else {
            return nil
        }
        return "the limit on open files leaves \(gateway) connections to the gateway and \(admin) "
            + "to the admin listener: raise the hard limit (ulimit -Hn, or LimitNOFILE in systemd)"
    }

    /// Why no service can run; nil where each listener has at least a few.
    package var refusal: String? {
        guard openFilesMax < openFilesMin else { return nil }
        return "the process may have \(openFilesMax) files open, and a service needs "
            + "\(openFilesMin): raise the limit (ulimit -n \(openFilesMin), or LimitNOFILE in "
            + "systemd)"
    }

    private static func reserved(cores: Int) -> Int {
        Limits.filesReserved + Limits.filesReservedPerCore * cores
    }
}

/// Raises the soft limit as far as the hard limit allows.
///
/// - Returns: the soft limit that is in force.
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
