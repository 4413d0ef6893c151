// Reads `accounts`: one for each DOKU Client-Id, with its name, its secrets and its BINs.
// Environment variables cannot override values in `accounts`, because it is a list.

import LoketCore
import Yams

extension Settings {
    static func readAccounts(_ root: SettingsSection) -> [Account] {
        let items = root.requiredList(
            "accounts", holding: "at least one account (see loket.example.yaml)")
        var clientIDs: [String: SettingsPlace] = [:]
        var exclusive: [String: SettingsPlace] = [:]
        var accounts: [Account] = []

        for item in items {
            let section = root.reading.section(item.node, at: item.place, overridable: false)
            let clientID = readClientID(section, earlier: &clientIDs)
            let name = section.text("name", wanting: "a name", FieldRules.accountName)
            let secrets = readSecrets(section)
            let bins = readBINs(section, exclusiveEarlier: &exclusive)
            accounts.append(
                Account(
                    clientID: clientID, name: name, secrets: secrets, bins: BINTable(bins)))
        }
        return accounts
    }

    static func readClientID(
        _ section: SettingsSection, earlier: inout [String: SettingsPlace]
    ) -> String {
        guard section.has("client_id") else {
            section.refuse("client_id", "is missing: give the Client-Id from DOKU")
            return ""
        }
        let rule = FieldRules.identifier(max: Limits.headerIdentifierMax)
        guard let clientID = section.text("client_id", wanting: "a Client-Id", rule) else {
            return ""
        }
        if let first = earlier[clientID] {
            section.refuse(
                "client_id",
                "is the same as \(first.reference): a Client-Id can have only one account")
        } else {
            earlier[clientID] = section.place(of: "client_id")
        }
        return clientID
    }

    private static func readBINs(
        _ account: SettingsSection, exclusiveEarlier: inout [String: SettingsPlace]
    ) -> [BIN] {
        let items = account.requiredList("bins", holding: "at least one BIN")
        var own: [String: SettingsPlace] = [:]
        var bins: [BIN] = []
        for item in items {
            let section = account.reading.section(item.node, at: item.place, overridable: false)
            let read = readBIN(section)
            guard let digits = read.digits else { continue }
            let place = section.place(of: "bin")
            if let first = own[digits] {
                account.reading.refuse(
                    place, "is the same as \(first.reference): remove one of the two")
            } else if read.type == .dokuExclusive, let first = exclusiveEarlier[digits] {
                account.reading.refuse(
                    place,
                    "is the same as \(first.reference): "
                        + "a doku_exclusive BIN can belong to only one account")
            }
            own[digits] = own[digits] ?? place
            if read.type == .dokuExclusive {
                exclusiveEarlier[digits] = exclusiveEarlier[digits] ?? place
            }
            if let bin = read.bin { bins.append(bin) }
        }
        return bins
    }

    /// Reads one entry of `bins`: the BIN, if it breaks no rule, and its digits and type, for
    /// comparison with other entries.
    private static func readBIN(
        _ section: SettingsSection
    ) -> (digits: String?, type: BINType?, bin: BIN?) {
        let digits = readDigits(section)
        let type = readType(section)
        let channels = readChannels(section)
        let length = section.section("code_length")
        let least = length.integer("min", in: Int.min...Int.max)
        let most = length.integer("max", in: Int.min...Int.max)

        let faults = BIN.faults(
            digits: digits, type: type, channels: channels, codeLengthMin: least,
            codeLengthMax: most)
        for fault in faults {
            let key = fault == .noFreeDigit && most != nil ? "max" : key(of: fault)
            let isLength = key == "min" || key == "max"
            (isLength ? length : section).refuse(key, fault.description)
        }
        guard let digits, let type, let channels else { return (digits, type, nil) }
        let bin = try? BIN(
            digits: digits, type: type, channels: channels, codeLengthMin: least,
            codeLengthMax: most)
        return (digits, type, bin)
    }

    private static func readDigits(_ section: SettingsSection) -> String? {
        let what = "the digits of a BIN, in quotes"
        guard section.has("bin") else {
            section.refuse("bin", "is missing: give \(what)")
            return nil
        }
        guard let given = section.scalar("bin", wanting: what) else { return nil }
        guard given.form != .plain else {
            section.refuse("bin", "must be text: put the BIN in quotes")
            return nil
        }
        return given.text
    }

    private static func readType(_ section: SettingsSection) -> BINType? {
        guard section.has("type") else {
            let known = BINType.allCases.filter { $0 != .dokuGeneral }.map(\.rawValue)
            section.refuse("type", "is missing: give one of \(known.joined(separator: ", "))")
            return nil
        }
        return section.choice("type", of: BINType.self)
    }

    /// Returns the channels; nil if they were refused.
    private static func readChannels(_ section: SettingsSection) -> Set<Channel>? {
        let known = Channel.allCases.map(\.rawValue).joined(separator: ", ")
        let items: [(place: SettingsPlace, node: Node)]
        if let node = section.node("channels"), node.sequence?.isEmpty == true {
            return []
        } else {
            items = section.requiredList("channels", holding: "one or more of \(known)")
        }
        var channels: Set<Channel> = []
        for item in items {
            if let channel = item.node.scalar.flatMap({ Channel(rawValue: $0.string) }) {
                if !channels.insert(channel).inserted {
                    section.reading.refuse(item.place, "is given twice: remove one")
                }
            } else {
                section.reading.refuse(item.place, "must be one of \(known)")
            }
        }
        return channels.isEmpty ? nil : channels
    }

    /// Returns the key, of the entry or of its `code_length`, to which a fault applies.
    private static func key(of fault: BINFault) -> String {
        switch fault {
        case .notDigits, .exclusiveTooShort, .directNotFiveDigits, .noFreeDigit: "bin"
        case .generalIsDGPCOnly: "type"
        case .noChannel, .indomaretNeedsDirect: "channels"
        case .lengthBelowFree, .lengthsCrossed: "min"
        case .lengthAboveMax: "max"
        }
    }
}
