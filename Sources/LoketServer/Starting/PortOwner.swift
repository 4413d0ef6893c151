// Whether a process listens on a port, by what the kernel shows of both.

import Foundation

enum PortOwner {
    /// Nil where the kernel does not show this user the process's files.
    static func listens(process: Int, port: Int) -> Bool? {
        let folder = "/proc/\(process)/fd"
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: folder) else { return nil }
        let open = Set(
            names.compactMap { try? files.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        return ["tcp", "tcp6"].flatMap { listeners(port, in: "/proc/net/\($0)") }
            .contains { open.contains("socket:[\($0)]") }
    }

    /// Inodes of the sockets that listen on a port. A row has its number, the local and the other
    /// address, its state, and its inode as the tenth field.
    private static func listeners(_ port: Int, in table: String) -> [Substring] {
        let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { row in
            let fields = row.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A",
                let text = fields[1].split(separator: ":").last, Int(text, radix: 16) == port
            else { return nil }
            return fields[9]
        }
    }
}
