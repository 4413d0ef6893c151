// The user that runs the service: the owner of the database's folder. This user could not open
// files that root creates there, and may lack access to files that root can open.

import Foundation
import LoketStore

struct ServiceOwner {
    let name: String
    private let user: uid_t
    private let folder: String

    /// Returns nil if this process is not run by root, or root owns the folder.
    init?(of database: String) {
        folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return nil }
        user = status.st_uid
        name = StoreFault.owner(of: folder)
    }

    /// - Throws: `Failure` 1 if root runs the command on another user's service.
    static func refuseRoot(of database: String, command: String) throws {
        guard let owner = ServiceOwner(of: database) else { return }
        throw Failure(
            .no,
            "\(owner.folder) belongs to the user \(owner.name), who cannot open files that root "
                + "creates there. Run `sudo -u \(owner.name) \(command)`, or `runuser -u "
                + "\(owner.name) -- \(command)`")
    }

    /// Limits this process to the permissions of the owner from now on.
    ///
    /// - Throws: `Failure` 1 if the system does not permit this.
    func become() throws {
        let group = getpwuid(user)?.pointee.pw_gid ?? 0
        guard initgroups(name, group) == 0, setegid(group) == 0, seteuid(user) == 0 else {
            throw Failure(.no, "cannot check as user \(name): \(String(cString: strerror(errno)))")
        }
    }
}
