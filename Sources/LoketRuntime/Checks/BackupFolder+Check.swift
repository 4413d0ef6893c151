// The entries about the folder for backups, for `loket check` and the log of a start. No problem
// here prevents a start: payments are recorded whether a backup can be made or not.

import LoketCore
import LoketStore

extension BackupFolder {
    /// Returns the entries; none if the timer is off.
    package static func entries(_ settings: Settings) -> [CheckEntry] {
        guard !settings.backup.folder.isEmpty else { return [] }
        let folder = BackupFolder(settings.backup.folder)
        let copies: [BackupName]
        do throws(BackupFault) {
            try folder.check()
            copies = try folder.copies()
        } catch {
            return [
                .problem(
                    .backup,
                    "\(error). Create the folder (mkdir -m 700 '\(folder.path)'), mount its disk, "
                        + "or make the user of the service its owner (chown)")
            ]
        }
        let last = copies.last.map { ", the last from \($0.takenAt.wibText)" } ?? ""
        var entries: [CheckEntry] = [
            .fine(
                .backup,
                "\(copies.count) of \(settings.backup.keep) backups are in \(folder.path)\(last); "
                    + "the service makes one every \(settings.backup.everyHours) h")
        ]
        let others = folder.othersMay
        if others.write || others.list {
            let what = others.write ? "remove backups from" : "list"
            entries.append(
                .note(
                    .backup,
                    "every user of this machine can \(what) \(folder.path): run chmod 700 "
                        + "'\(folder.path)'"))
        }
        if folder.isOnDisk(of: settings.database) {
            entries.append(
                .note(
                    .backup,
                    "\(folder.path) is on the disk of the database: if the disk fails, the backups "
                        + "are lost too. Set `backup.to` to a folder on another disk, or copy the "
                        + "backups to another machine"))
        }
        return entries
    }
}

extension Settings.Backup {
    var everyMilliseconds: Int64 { Int64(everyHours) * 3_600_000 }
}
