// The processes and users that listen on a port, according to the kernel's tables.

import Foundation

package enum PortOwner {
    /// Whether a process listens on a port; nil if its files are not visible to this user.
    package static func listens(process: Int, port: Int) -> Bool? {
        let folder = "/proc/\(process)/fd"
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: folder) else { return nil }
        let open = Set(
            names.compactMap { try? files.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        return listeners(port).contains { open.contains("socket:[\($0.inode)]") }
    }

    /// Returns the users that listen on a port of this machine, on any address.
    package static func users(port: Int) -> Set<uid_t> {
        Set(listeners(port).map(\.user))
    }

    /// Returns the sockets that listen on a port. A table row contains its number, the local and
    /// the remote address, the state, as eighth field the user and as tenth the inode.
    private static func listeners(_ port: Int) -> [(user: uid_t, inode: Substring)] {
        ["tcp", "tcp6"].flatMap { table in
            let text = (try? String(contentsOfFile: "/proc/net/\(table)", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { row -> (uid_t, Substring)? in
                let fields = row.split(separator: " ")
                guard fields.count > 9, fields[3] == "0A", let user = uid_t(fields[7]),
                    let text = fields[1].split(separator: ":").last, Int(text, radix: 16) == port
                else { return nil }
                return (user, fields[9])
            }
        }
    }
}
