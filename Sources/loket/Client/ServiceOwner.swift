// The user whose service it is: the owner of the database's folder. That user could not open what
// root makes there, and may not be able to open what root can.

import Foundation
import LoketStore

struct ServiceOwner {
    let name: String
    private let user: uid_t
    private let folder: String

    /// Nil where this is not run by root, or root owns the folder.
    init?(of database: String) {
        folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return nil }
        user = status.st_uid
        name = StoreFault.owner(of: folder)
    }

    /// - Throws: `Failure` for root where it is another user's service.
    static func refuseRoot(of database: String, command: String) throws {
        guard let owner = ServiceOwner(of: database) else { return }
        throw Failure(
            .no,
            "\(owner.folder) belongs to the user \(owner.name), who could not open what root makes "
                + "there: `sudo -u \(owner.name) \(command)`, or `runuser -u \(owner.name) -- "
                + "\(command)`")
    }

    /// From here on this process may do what the owner may, and no more.
    ///
    /// - Throws: `Failure` where the system does not permit it.
    func become() throws {
        let group = getpwuid(user)?.pointee.pw_gid ?? 0
        guard initgroups(name, group) == 0, setegid(group) == 0, seteuid(user) == 0 else {
            throw Failure(.no, "cannot look as \(name): \(String(cString: strerror(errno)))")
        }
    }
}
