// The settings of the timer that makes backups.

import LoketCore
import LoketStore
import LoketSystem

extension Settings.Backup {
    static func read(_ section: SettingsSection) -> Settings.Backup {
        var backup = Settings.Backup()
        let folder = section.text("to", wanting: "the path of a folder", FieldRules.folder)
        if let folder, !folder.isEmpty {
            let slashes = folder.reversed().prefix { $0 == "/" }.count
            backup.folder = BoundedFile.absolute(
                String(folder.dropLast(slashes)), in: section.reading.folder)
        }
        backup.everyHours = section.hours("every") ?? backup.everyHours
        backup.keep = section.integer("keep", in: 1...Limits.backupsKeptMax) ?? backup.keep
        return backup
    }
}

extension SettingsSection {
    /// A time of whole hours or days, such as `24h` or `7d`.
    fileprivate func hours(_ key: String) -> Int? {
        let days = Limits.backupHoursMax / 24
        let what = "a time such as 24h or 7d, from 1h to \(days)d"
        guard let given = scalar(key, wanting: what) else { return nil }
        guard let parts = given.text.wholeMatch(of: /([1-9][0-9]{0,3})([hd])/)?.output,
            let count = Int(parts.1)
        else {
            reading.refuse(given.place, "must be \(what)")
            return nil
        }
        let hours = parts.2 == "d" ? count * 24 : count
        guard hours <= Limits.backupHoursMax else {
            reading.refuse(given.place, "must be \(what)")
            return nil
        }
        return hours
    }
}
