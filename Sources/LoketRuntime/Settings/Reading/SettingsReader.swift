// Reads each setting with its default and its bounds. A refused value is replaced with its default,
// so that reading continues and finds all problems. Settings are returned only if there are none.

import DokuWire
import LoketCore
import LoketStore
import LoketSystem

extension Settings {
    /// Returns the settings in a YAML text.
    /// - Parameter file: the path of the text, for messages; relative paths start from its folder.
    /// - Throws: `SettingsRefused` with every problem of the text.
    package static func read(
        yaml: String, file: String, environment: [String: String]
    ) throws(SettingsRefused) -> Settings {
        try SettingsReading.read(yaml: yaml, file: file, environment: environment) { root in
            let settings = read(root)
            root.reading.refuseUnknown()
            return settings
        }
    }

    private static func read(_ root: SettingsSection) -> Settings {
        let gatewaySection = root.section("gateway")
        let gateway = Gateway.read(gatewaySection)
        let adminSection = root.section("admin")
        let admin = Admin.read(adminSection)
        // Port 0 means any free port.
        if admin.listener.port == gateway.listener.port, admin.listener.port != 0 {
            let other = gatewaySection.place(of: "port").reference
            adminSection.refuse(
                "port", "must differ from \(other): each listener needs its own port")
        }

        return Settings(
            gateway: gateway,
            admin: admin,
            database: readDatabase(root),
            accounts: readAccounts(root),
            limits: Bounds.read(root.section("limits")),
            journal: Journal.read(root.section("journal")),
            log: Log.read(root.section("log")),
            imports: Imports.read(root.section("imports")),
            alerts: Alerts.read(root.section("alerts")),
            backup: Backup.read(root.section("backup")),
            webhooks: Webhooks.read(root.section("webhooks")),
            invoicePerInquiry: root.choice("invoice_per_inquiry", of: InvoicePerInquiry.self)
                ?? .reusable,
            answer: Answer.read(root.section("answer")),
            channels: ChannelTerms.read(root.section("channels")),
            checkStatus: CheckStatus.read(root.section("check_status")),
            allowStranded: root.flag("allow_stranded") ?? false,
            secretFiles: root.reading.secretFiles,
            notes: root.reading.notes)
    }

    static func readDatabase(_ root: SettingsSection) -> String {
        let database = root.text("database", wanting: "the path of a file", FieldRules.file)
        return BoundedFile.absolute(database ?? "loket.db", in: root.reading.folder)
    }
}

extension Settings.Listener {
    fileprivate static func read(
        _ section: SettingsSection, default standard: Settings.Listener
    ) -> Settings.Listener {
        Settings.Listener(
            host: section.text("host", wanting: "a host", FieldRules.host) ?? standard.host,
            port: section.integer("port", in: 0...65_535) ?? standard.port)
    }
}

extension Settings.Gateway {
    static func read(_ section: SettingsSection) -> Settings.Gateway {
        func path(_ key: String, default standard: String) -> String {
            section.text(key, wanting: "a path", FieldRules.path) ?? standard
        }
        var gateway = Settings.Gateway()
        gateway.listener = .read(section, default: gateway.listener)
        gateway.inquiryPath = path("inquiry_path", default: gateway.inquiryPath)
        gateway.inquirySignedPath = path("inquiry_signed_path", default: gateway.inquiryPath)
        gateway.notificationPath = path("notification_path", default: gateway.notificationPath)
        gateway.notificationSignedPath = path(
            "notification_signed_path", default: gateway.notificationPath)
        gateway.trustedProxies = readProxies(section)

        let health = "/health"
        if gateway.inquiryPath == health {
            section.refuse("inquiry_path", "must not be \(health), the path of the health check")
        }
        if gateway.notificationPath == health {
            section.refuse(
                "notification_path", "must not be \(health), the path of the health check")
        } else if gateway.notificationPath == gateway.inquiryPath {
            section.refuse("notification_path", "must differ from gateway.inquiry_path")
        }
        return gateway
    }

    private static func readProxies(_ section: SettingsSection) -> [AddressRange] {
        let key = "trusted_proxies"
        guard let node = section.node(key), node.sequence?.isEmpty != true else { return [] }
        let what = "IP addresses or ranges such as 10.0.0.0/8"
        return section.requiredList(key, holding: what).compactMap { item in
            let range = item.node.scalar.flatMap { AddressRange($0.string) }
            if range == nil {
                section.reading.refuse(
                    item.place, "must be an IP address or a range such as 10.0.0.0/8")
            }
            return range
        }
    }
}

extension Settings.Admin {
    static func read(_ section: SettingsSection) -> Settings.Admin {
        var admin = Settings.Admin()
        admin.listener = .read(section, default: admin.listener)
        admin.tlsByProxy = section.flag("tls_by_proxy") ?? admin.tlsByProxy
        guard let node = section.node("hosts"), node.sequence?.isEmpty != true else {
            return admin
        }
        admin.hosts = section.requiredList("hosts", holding: "host names").compactMap { item in
            let text = item.node.scalar?.string ?? ""
            let host = HostName(text)
            if host == nil { section.reading.refuse(item.place, FieldRules.noHostName(text)) }
            return host
        }
        return admin
    }
}

extension Settings.Bounds {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Bounds {
        var bounds = Settings.Bounds()
        bounds.timestampSeconds =
            section.integer("timestamp_seconds", in: 1...86_400) ?? bounds.timestampSeconds
        bounds.answerMilliseconds =
            section.integer("answer_ms", in: 10...60_000) ?? bounds.answerMilliseconds
        bounds.requestMilliseconds =
            section.integer("request_ms", in: 100...60_000) ?? bounds.requestMilliseconds
        bounds.diskReserveBytes =
            section.integer("disk_reserve_mib", in: 0...1_048_576).map { Int64($0) << 20 }
            ?? bounds.diskReserveBytes
        return bounds
    }
}

extension Settings.Journal {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Journal {
        var journal = Settings.Journal()
        journal.keepDays = section.integer("keep_days", in: 1...3650) ?? journal.keepDays
        return journal
    }
}

extension Settings.Log {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Log {
        var log = Settings.Log()
        log.level = section.choice("level", of: Level.self) ?? log.level
        return log
    }
}

extension Settings.Imports {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Imports {
        var imports = Settings.Imports()
        imports.keepDays = section.integer("keep_days", in: 1...3650) ?? imports.keepDays
        return imports
    }
}

extension Settings.Alerts {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Alerts {
        var alerts = Settings.Alerts()
        alerts.url = section.text("url", wanting: "a URL", FieldRules.alertURL) ?? alerts.url
        alerts.silenceHours = section.integer("silence_hours", in: 0...720) ?? alerts.silenceHours
        return alerts
    }
}

extension Settings.Webhooks {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Webhooks {
        var webhooks = Settings.Webhooks()
        webhooks.allowPrivateAddresses =
            section.flag("allow_private_addresses") ?? webhooks.allowPrivateAddresses
        return webhooks
    }
}

extension Settings.Answer {
    fileprivate static func read(_ section: SettingsSection) -> Settings.Answer {
        var answer = Settings.Answer()
        answer.sendEmail = section.flag("send_email") ?? answer.sendEmail
        answer.customerName =
            section.choice("customer_name", of: CustomerName.self) ?? answer.customerName
        answer.infoMax = section.integer("info_max", in: 0...Limits.infoMax) ?? answer.infoMax
        answer.nameMax =
            section.integer("name_max", in: 1...Limits.customerNameMax) ?? answer.nameMax
        return answer
    }
}

extension Settings.CheckStatus {
    fileprivate static func read(_ section: SettingsSection) -> Settings.CheckStatus {
        var checkStatus = Settings.CheckStatus()
        let baseURL = section.text("base_url", wanting: "a URL", FieldRules.baseURL)
        // Slashes at the end are removed: the paths appended to the URL begin with a slash.
        let slashes = (baseURL ?? "").reversed().prefix { $0 == "/" }.count
        checkStatus.baseURL = String((baseURL ?? checkStatus.baseURL).dropLast(slashes))
        checkStatus.windowHours =
            section.integer("window_hours", in: 1...720) ?? checkStatus.windowHours
        checkStatus.answersSigned = section.flag("answers_signed") ?? checkStatus.answersSigned
        return checkStatus
    }
}
