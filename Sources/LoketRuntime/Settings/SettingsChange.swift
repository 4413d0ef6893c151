// The differences between reloaded settings and the active ones: the changes that a reload applies,
// and those that need a restart. Secrets are only counted, never shown.

import DokuWire
import LoketCore

package struct SettingsChange: Equatable, Sendable {
    /// The changes that a reload applies, one clause each, to accounts, names, secrets, BINs and hosts.
    package private(set) var taken: [String] = []
    /// The paths of other changed settings, which a reload does not apply.
    package private(set) var waiting: [String] = []

    package init(from old: Settings, to new: Settings) {
        addAccounts(old, new)
        let hosts = Self.difference(old.admin.hosts, new.admin.hosts)
        if let hosts { taken.append("admin.hosts: \(hosts)") }
        if old.allowStranded != new.allowStranded {
            taken.append("allow_stranded: \(new.allowStranded)")
        }
        addWaiting(old, new)
    }

    // MARK: Applied by a reload

    private mutating func addAccounts(_ old: Settings, _ new: Settings) {
        let before = Dictionary(
            old.accounts.map { ($0.clientID, $0) }, uniquingKeysWith: { first, _ in first })
        let ids = Self.difference(old.accounts.map(\.clientID), new.accounts.map(\.clientID))
        if let ids { taken.append("accounts: \(ids)") }
        for account in new.accounts {
            guard let earlier = before[account.clientID] else { continue }
            if earlier.name != account.name {
                taken.append("name of \(account.clientID): changed")
            }
            if let secrets = Self.secrets(earlier.secrets, account.secrets) {
                taken.append("secrets of \(account.clientID): \(secrets)")
            }
            if let bins = Self.bins(earlier.bins.bins, account.bins.bins) {
                taken.append("BINs of \(account.clientID): \(bins)")
            }
        }
    }

    private static func secrets(_ old: [Secret], _ new: [Secret]) -> String? {
        func count(_ some: [Secret], notIn others: [Secret]) -> Int {
            some.count { one in !others.contains { $0.isSame(as: one) } }
        }
        let (added, removed) = (count(new, notIn: old), count(old, notIn: new))
        if added == 0, removed == 0 {
            return zip(old, new).allSatisfy { $0.isSame(as: $1) } ? nil : "the order changed"
        }
        let parts = [added > 0 ? "\(added) added" : nil, removed > 0 ? "\(removed) removed" : nil]
        return clause(parts.compactMap(\.self))
    }

    private static func bins(_ old: [BIN], _ new: [BIN]) -> String? {
        let both = Set(old.map(\.digits)).intersection(new.map(\.digits))
        let changed = new.filter { both.contains($0.digits) && !old.contains($0) }.map(\.digits)
        let others = difference(old.map(\.digits), new.map(\.digits))
        return clause([others].compactMap(\.self) + changed.map { "\($0) changed" })
    }

    private static func difference<Value: Hashable>(_ old: [Value], _ new: [Value]) -> String? {
        let (before, after) = (Set(old), Set(new))
        return clause(
            new.filter { !before.contains($0) }.map { "\($0) added" }
                + old.filter { !after.contains($0) }.map { "\($0) removed" })
    }

    private static func clause(_ parts: [String]) -> String? {
        parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    // MARK: Waiting for a restart

    private mutating func addWaiting(_ old: Settings, _ new: Settings) {
        func compare<Value: Equatable>(_ path: String, _ value: (Settings) -> Value) {
            if value(old) != value(new) { waiting.append(path) }
        }

        compare("gateway.host") { $0.gateway.listener.host }
        compare("gateway.port") { $0.gateway.listener.port }
        compare("gateway.inquiry_path") { $0.gateway.inquiryPath }
        compare("gateway.inquiry_signed_path") { $0.gateway.inquirySignedPath }
        compare("gateway.notification_path") { $0.gateway.notificationPath }
        compare("gateway.notification_signed_path") { $0.gateway.notificationSignedPath }
        compare("gateway.trusted_proxies") { $0.gateway.trustedProxies }
        compare("admin.host") { $0.admin.listener.host }
        compare("admin.port") { $0.admin.listener.port }
        compare("admin.tls_by_proxy") { $0.admin.tlsByProxy }
        compare("database") { $0.database }
        compare("limits.timestamp_seconds") { $0.limits.timestampSeconds }
        compare("limits.answer_ms") { $0.limits.answerMilliseconds }
        compare("limits.request_ms") { $0.limits.requestMilliseconds }
        compare("limits.disk_reserve_mib") { $0.limits.diskReserveBytes }
        compare("journal.keep_days") { $0.journal.keepDays }
        compare("imports.keep_days") { $0.imports.keepDays }
        compare("alerts.url") { $0.alerts.url }
        compare("alerts.silence_hours") { $0.alerts.silenceHours }
        compare("backup.to") { $0.backup.folder }
        compare("backup.every") { $0.backup.everyHours }
        compare("backup.keep") { $0.backup.keep }
        compare("webhooks.allow_private_addresses") { $0.webhooks.allowPrivateAddresses }
        compare("log.level") { $0.log.level }
        compare("invoice_per_inquiry") { $0.invoicePerInquiry }
        compare("answer.send_email") { $0.answer.sendEmail }
        compare("answer.customer_name") { $0.answer.customerName }
        compare("answer.info_max") { $0.answer.infoMax }
        compare("answer.name_max") { $0.answer.nameMax }
        for channel in Channel.allCases {
            let path = "channels.\(channel.rawValue)"
            compare(path + ".id") { $0.channels[channel]?.id }
            compare(path + ".amount.min") { $0.channels[channel]?.amountMin }
            compare(path + ".amount.max") { $0.channels[channel]?.amountMax }
        }
        compare("check_status.base_url") { $0.checkStatus.baseURL }
        compare("check_status.window_hours") { $0.checkStatus.windowHours }
        compare("check_status.answers_signed") { $0.checkStatus.answersSigned }
    }
}
