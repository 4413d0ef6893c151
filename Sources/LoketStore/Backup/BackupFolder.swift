// The folder for the service's backups. A backup is a file with a name made by the service and a
// checksum file. Other files are never counted and never removed.

import Foundation
import LoketCore
import LoketSystem

package struct BackupFolder: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The path of a copy until it is complete.
    var unfinished: String { place("loket-backup.part") }
    /// The base path of the lock that the folder's only service holds.
    var lockBase: String { place("loket-backup") }

    func place(_ name: String) -> String { path + "/" + name }

    /// Returns the copies, oldest first.
    ///
    /// - Throws: `BackupFault.folder`.
    package func copies() throws(BackupFault) -> [BackupName] {
        try files().compactMap { BackupName($0) }
            .filter { isFile($0.file) && isFile($0.checksumFile) }
            .sorted { $0.takenAt < $1.takenAt }
    }

    private func files() throws(BackupFault) -> [String] {
        guard let folder = opendir(path) else { throw fault }
        defer { closedir(folder) }
        var files: [String] = []
        while let entry = readdir(folder) {
            files.append(
                withUnsafePointer(to: entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return files
    }

    private func isFile(_ name: String) -> Bool {
        var status = stat()
        return lstat(place(name), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Returns the time of the last good copy. Copies dated in the future do not count.
    package static func last(of copies: [BackupName], now: Moment) -> Moment? {
        copies.map(\.takenAt).last { $0 <= horizon(now) }
    }

    /// Removes the oldest copies until at most `count` remain.
    ///
    /// - Returns: the removed copies.
    package func prune(keeping count: Int, now: Moment) throws(BackupFault) -> [BackupName] {
        let copies = try copies().filter { $0.takenAt <= Self.horizon(now) }
        let old = copies.dropLast(count)
        for name in old {
            // A copy without its checksum is never removed.
            guard unlink(place(name.file)) == 0 || errno == ENOENT else { throw fault }
            unlink(place(name.checksumFile))
        }
        return Array(old)
    }

    private static func horizon(_ now: Moment) -> Moment {
        now.adding(milliseconds: Limits.backupAheadMilliseconds)
    }

    func removeUnfinished() {
        for suffix in ["", "-journal"] { unlink(unfinished + suffix) }
    }

    /// Removes checksums whose copy a crash left unwritten.
    func removeLoneChecksums() throws(BackupFault) {
        for file in try files() where file.hasSuffix(".db.sha256") && isFile(file) {
            guard let name = BackupName(String(file.dropLast(".sha256".count))),
                !PlacedFile.isTaken(place(name.file))
            else { continue }
            unlink(place(file))
        }
    }

    /// Checks that the folder is usable. A missing folder is not created: its disk may not be
    /// mounted.
    ///
    /// - Throws: `BackupFault.folder` if not usable.
    package func check() throws(BackupFault) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .folder(path, reason: "it is not a folder")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw fault }
    }

    /// Whether other users of the machine may write to the folder, or list it.
    package var othersMay: (write: Bool, list: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else { return (false, false) }
        return (status.st_mode & S_IWOTH != 0, status.st_mode & (S_IROTH | S_IXOTH) != 0)
    }

    /// Whether folder and database share a disk.
    package func isOnDisk(of database: String) -> Bool {
        var (mine, other) = (stat(), stat())
        return stat(path, &mine) == 0 && stat(folderOfFile(database), &other) == 0
            && mine.st_dev == other.st_dev
    }

    /// The fault for the system call that just failed.
    private var fault: BackupFault {
        let code = errno
        let unit = " (under systemd, run systemctl edit loket and add ReadWritePaths=\(path))"
        return .folder(
            path,
            reason: String(cString: strerror(code)).lowercased() + (code == EROFS ? unit : ""))
    }
}

/// The name of a copy: the time at which it was taken, in UTC, so that names sort by time.
/// `loket-20261129T020000Z.db`, with the checksum in `loket-20261129T020000Z.db.sha256`.
package struct BackupName: Hashable, Sendable {
    /// The time, in whole seconds.
    package let takenAt: Moment

    package init(takenAt moment: Moment) {
        takenAt = Moment(seconds: moment.seconds)
    }

    /// Returns nil for any other name.
    package init?(_ file: String) {
        let form =
            /loket-([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z\.db/
        guard let parts = file.wholeMatch(of: form)?.output,
            let moment = Moment(
                rfc3339: "\(parts.1)-\(parts.2)-\(parts.3)T\(parts.4):\(parts.5):\(parts.6)Z")
        else { return nil }
        self.init(takenAt: moment)
        guard self.file == file else { return nil }
    }

    package var file: String {
        "loket-\(takenAt.utcText.replacing("-", with: "").replacing(":", with: "")).db"
    }

    package var checksumFile: String { file + ".sha256" }
}
