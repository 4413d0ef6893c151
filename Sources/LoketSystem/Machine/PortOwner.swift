// Whose a port is, by what the kernel shows: whether a process listens on it, and which users.

import Foundation

package enum PortOwner {
    /// Nil where the kernel does not show this user the process's files.
    package static func listens(process: Int, port: Int) -> Bool? {
        let folder = "/proc/\(process)/fd"
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: folder) else { return nil }
        let open = Set(
            names.compactMap { try? files.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        return listeners(port).contains { open.contains("socket:[\($0.inode)]") }
    }

    /// Who listens on a port of this machine, on whichever address.
    package static func users(port: Int) -> Set<uid_t> {
        Set(listeners(port).map(\.user))
    }

    /// The sockets that listen on a port. A row has its number, the local and the other address,
    /// its state, its user as the eighth field and its inode as the tenth.
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
