// `accounts`: one per DOKU Client-Id, each with its secrets and its BINs. They stand in a list, so
// no variable replaces anything here.

import LoketCore
import LoketStore

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
            let secrets = readSecrets(section)
            let bins = readBINs(section, exclusiveEarlier: &exclusive)
            accounts.append(
                Account(clientID: clientID, secrets: secrets, bins: BINTable(bins)))
        }
        return accounts
    }

    static func readClientID(
        _ section: SettingsSection, earlier: inout [String: SettingsPlace]
    ) -> String {
        guard section.has("client_id") else {
            section.refuse("client_id", "is missing: the Client-Id that DOKU gave you")
            return ""
        }
        let rule = FieldRules.identifier(max: Limits.headerIdentifierMax)
        guard let clientID = section.text("client_id", wanting: "a Client-Id", rule) else {
            return ""
        }
        if let first = earlier[clientID] {
            section.refuse(
                "client_id", "stands at \(first.reference) already: a Client-Id is one account")
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
            let draft = BINDraft(section)
            guard let digits = draft.digits else { continue }
            let place = section.place(of: "bin")
            if let first = own[digits] {
                account.reading.refuse(place, "stands at \(first.reference) already: keep one")
            } else if draft.type == .dokuExclusive, let first = exclusiveEarlier[digits] {
                account.reading.refuse(
                    place,
                    "stands at \(first.reference) already: "
                        + "a doku_exclusive BIN belongs to one account")
            }
            own[digits] = own[digits] ?? place
            if draft.type == .dokuExclusive {
                exclusiveEarlier[digits] = exclusiveEarlier[digits] ?? place
            }
            if let bin = draft.bin { bins.append(bin) }
        }
        return bins
    }
}
