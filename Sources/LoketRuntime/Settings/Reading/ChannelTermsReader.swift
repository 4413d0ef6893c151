// `channels`: how DOKU spells each counter on the wire, and what it takes at most and at least.

import LoketCore
import LoketStore

extension Settings.ChannelTerms {
    static func read(_ channels: SettingsSection) -> [Channel: Settings.ChannelTerms] {
        var terms = defaults
        for channel in Channel.allCases {
            let section = channels.section(channel.rawValue)
            let id = section.text(
                "id", wanting: "an id", FieldRules.identifier(max: FieldRules.channelIDMax))
            if let id { terms[channel]?.id = id }

            // The channel alone says whose counter it is, so no two may share an id.
            let others = Channel.allCases.prefix { $0 != channel }
            if let other = others.first(where: { terms[$0]?.id == terms[channel]?.id }) {
                section.refuse("id", "is the id of \(other.rawValue) too")
            }

            let amount = section.section("amount")
            let least = rupiah(amount, "min")
            let most = rupiah(amount, "max")
            if let least, let most, least > most {
                amount.refuse("min", "is above max")
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
