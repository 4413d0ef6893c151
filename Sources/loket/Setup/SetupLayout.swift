// The folder that `loket init` writes to, and its permissions. This is a folder of the user, or, if
// root runs the command where the package is installed, the package's folders, which root owns and
// the service's group can read.

import Foundation
import LoketRuntime
import LoketStore
import LoketSystem

struct SetupLayout {
    /// The user and group that run the service of the package.
    struct ServiceUser {
        static let name = "loket"
        let user: uid_t
        let group: gid_t
    }

    static let databaseFolderOfPackage = "/var/lib/loket"

    let folder: String
    /// The package's user; nil in another folder.
    let service: ServiceUser?

    var settings: String { path(FoundSettings.name) }
    var secret: String { path("secrets/doku") }
    var message: String { path("send-to-doku.txt") }
    var database: String {
        service == nil ? "loket.db" : Self.databaseFolderOfPackage + "/loket.db"
    }

    /// - Parameter folder: Nil for the current folder; for root, the installed package's folder.
    init(folder: String?) throws {
        let ofPackage = FoundSettings.folderOfPackage
        var isFolder: ObjCBool = false
        let isInstalled =
            FileManager.default.fileExists(atPath: ofPackage, isDirectory: &isFolder)
            && isFolder.boolValue
        let chosen = folder ?? (geteuid() == 0 && isInstalled ? ofPackage : ".")
        self.folder = chosen.count > 1 && chosen.hasSuffix("/") ? String(chosen.dropLast()) : chosen
        guard self.folder == ofPackage, geteuid() == 0 else {
            service = nil
            return
        }
        guard let user = getpwnam(ServiceUser.name), let group = getgrnam(ServiceUser.name) else {
            throw Failure(
                .no,
                "the user and group `\(ServiceUser.name)`, which \(ofPackage) needs, do not exist: "
                    + "install the package, or give another folder")
        }
        service = ServiceUser(user: user.pointee.pw_uid, group: group.pointee.gr_gid)
    }

    private func path(_ name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }

    // MARK: Writing

    func refuseOccupied() throws {
        let taken = [settings, secret, message].filter(PlacedFile.isTaken)
        guard taken.isEmpty else {
            throw Failure(
                .no,
                "\(taken.joined(separator: ", ")) \(taken.count == 1 ? "exists" : "exist"); "
                    + "no file is overwritten. Give another folder, or move existing files away")
        }
    }

    /// Writes the settings last, so that they exist only if all files do.
    func write(_ answers: SetupAnswers) throws {
        var written: [String] = []
        do {
            try makeFolder(folder, mode: service == nil ? 0o700 : 0o750)
            try makeFolder(path("secrets"), mode: service == nil ? 0o700 : 0o750)
            if let service {
                try makeFolder(Self.databaseFolderOfPackage, mode: 0o750, owner: service.user)
            }
            for (path, text) in [
                (secret, answers.secret + "\n"),
                (message, try answers.letter()),
                (settings, answers.yaml(database: database, secret: "{ file: secrets/doku }")),
            ] {
                try create(path, text) { written.append(path) }
            }
            _ = try Settings.read(
                file: settings, environment: ProcessInfo.processInfo.environment)
        } catch {
            for path in written { unlink(path) }
            throw error as? Failure ?? Failure(.no, "nothing was written: \(error)")
        }
    }

    /// Does not change an existing folder.
    private func makeFolder(_ path: String, mode: mode_t, owner: uid_t = 0) throws {
        if mkdir(path, mode) != 0 {
            guard errno == EEXIST else { throw failure("create", path) }
            return
        }
        guard chmod(path, mode) == 0 else { throw failure("change the mode of", path) }
        if let service, chown(path, owner, service.group) != 0 {
            throw failure("change the owner of", path)
        }
    }

    private func create(_ path: String, _ text: String, _ isMade: () -> Void) throws {
        let descriptor = try PlacedFile.create(path)
        isMade()
        defer { close(descriptor) }
        if let service {
            guard fchown(descriptor, 0, service.group) == 0, fchmod(descriptor, 0o640) == 0 else {
                throw failure("give the group loket access to", path)
            }
        }
        try Array(text.utf8).withUnsafeBytes {
            try PlacedFile.write($0, to: descriptor, of: path)
        }
        try PlacedFile.sync(descriptor, of: path)
    }

    private func failure(_ verb: String, _ path: String) -> Failure {
        Failure(.no, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
