// Reads `channels`, the id of each channel in DOKU's requests and the minimum and maximum amount
// that it accepts, and `backup`.

import LoketCore
import LoketStore
import LoketSystem

extension Settings.ChannelTerms {
    static func read(_ channels: SettingsSection) -> [Channel: Settings.ChannelTerms] {
        var terms = defaults
        for channel in Channel.allCases {
            let section = channels.section(channel.rawValue)
            let id = section.text(
                "id", wanting: "an id", FieldRules.identifier(max: FieldRules.channelIDMax))
            if let id { terms[channel]?.id = id }

            // An inquiry identifies its channel only by this id, so no two channels may share one.
            let others = Channel.allCases.prefix { $0 != channel }
            if let other = others.first(where: { terms[$0]?.id == terms[channel]?.id }) {
                section.refuse("id", "is also the id of \(other.rawValue): change one of the two")
            }

            let amount = section.section("amount")
            let least = rupiah(amount, "min")
            let most = rupiah(amount, "max")
            if let least, let most, least > most {
                amount.refuse("min", "is greater than max")
            }
            terms[channel]?.amountMin = least
            terms[channel]?.amountMax = most
        }
        return terms
    }

    private static func rupiah(_ section: SettingsSection, _ key: String) -> Rupiah? {
        section.integer(key, in: 1...Int(Limits.amountMax))
            .flatMap { Rupiah(whole: Int64($0)) }
    }
}

/// Reads the settings of the timer that makes backups.
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
    /// Reads a time such as `24h` or `7d`; returns whole hours.
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
