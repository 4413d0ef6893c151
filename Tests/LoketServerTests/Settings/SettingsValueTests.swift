// Values of the settings file: what each may be, why it is refused, and with which line.

import LoketCore
import LoketGateway
import Testing

struct SettingsValueTests {
    @Test func `every setting is read as it is written`() throws {
        let settings = try SettingsDraft.settings(
            SettingsDraft.account + """
                gateway:
                  host: "::1"
                  port: 0
                  inquiry_path: /i
                  inquiry_signed_path: /public/i
                  notification_path: /n
                admin: { host: localhost, port: 65535 }
                database: data/bills.db
                limits:
                  { timestamp_seconds: 60, answer_ms: 10, request_ms: 60000, disk_reserve_mib: 0 }
                journal: { keep_days: 1 }
                imports: { keep_days: 3650 }
                backup: { to: backups/, every: 7d, keep: 1000 }
                webhooks: { allow_private_addresses: true }
                invoice_per_inquiry: always
                answer: { send_email: true, customer_name: masked, info_max: 0, name_max: 1 }
                channels:
                  alfa: { id: A, amount: { min: 10000, max: 999999999999 } }
                  indomaret: { amount: { max: 1 } }
                check_status:
                  { base_url: "https://api.doku.com/", window_hours: 720, answers_signed: false }
                allow_stranded: true
                """)

        #expect(settings.gateway.listener.shown == "::1 0")
        #expect(settings.gateway.inquiryPath == "/i")
        #expect(settings.gateway.inquirySignedPath == "/public/i")
        #expect(settings.gateway.notificationPath == "/n")
        #expect(settings.gateway.notificationSignedPath == "/n", "the signed path follows the path")
        #expect(settings.admin.listener.shown == "localhost 65535")
        #expect(settings.database == "/srv/loket/data/bills.db")
        #expect(settings.limits.timestampSeconds == 60)
        #expect(settings.limits.answerMilliseconds == 10)
        #expect(settings.limits.requestMilliseconds == 60_000)
        #expect(settings.limits.diskReserveBytes == 0)
        #expect(settings.journal.keepDays == 1)
        #expect(settings.imports.keepDays == 3650)
        #expect(settings.backup.folder == "/srv/loket/backups")
        #expect(settings.backup.everyHours == 168)
        #expect(settings.backup.keep == 1000)
        #expect(settings.webhooks.allowPrivateAddresses)
        #expect(settings.invoicePerInquiry == .always)
        #expect(settings.answer.sendEmail)
        #expect(settings.answer.customerName == .masked)
        #expect(settings.answer.infoMax == 0)
        #expect(settings.answer.nameMax == 1)
        #expect(
            settings.channels == [
                .alfa: .init(
                    id: "A", amountMin: Rupiah(whole: 10_000),
                    amountMax: Rupiah(whole: 999_999_999_999)),
                .indomaret: .init(
                    id: "ONLINE_TO_OFFLINE_INDOMARET", amountMax: Rupiah(whole: 1)),
            ])
        #expect(settings.checkStatus.baseURL == "https://api.doku.com")
        #expect(settings.checkStatus.windowHours == 720)
        #expect(!settings.checkStatus.answersSigned)
        #expect(settings.allowStranded)
    }

    /// The path, the value written there, and the beginning of the message.
    private static let wrongValues: [(String, String, String)] = [
        ("gateway.port", "65536", "must be a whole number from 0 to 65535"),
        ("gateway.port", "-1", "must be a whole number from 0 to 65535"),
        ("gateway.port", "99999999999999999999", "must be a whole number from 0 to 65535"),
        ("gateway.port", "\"8080\"", "must be a whole number from 0 to 65535, not text"),
        ("gateway.port", "08080", "must be a whole number"),
        ("gateway.port", "0x1F90", "must be a whole number"),
        ("gateway.port", "8_080", "must be a whole number"),
        ("gateway.port", "8080.0", "must be a whole number"),
        ("gateway.port", "", "must be a whole number from 0 to 65535, not empty; remove the line"),
        ("gateway.port", "[8080]", "must be a whole number from 0 to 65535, not a list"),
        ("gateway.host", "", "must be a host, not empty"),
        ("gateway.host", "\"\"", "must be an IP address"),
        ("gateway.host", "\"[::1]\"", "must be an IP address"),
        ("gateway.host", "http://a", "must be an IP address"),
        ("gateway.host", "{ a: b }", "must be a host, not a mapping"),
        ("gateway.inquiry_path", "doku/inquiry", "must be a path"),
        ("gateway.inquiry_path", "/doku/inquiry?a=b", "must be a path"),
        ("gateway.inquiry_path", "\"/doku#a\"", "must be a path"),
        ("gateway.inquiry_path", "\"/doku inquiry\"", "must be a path"),
        ("gateway.inquiry_path", "/dokü", "must be a path"),
        ("gateway.inquiry_path", "/health", "must not be /health"),
        ("gateway.notification_path", "/health", "must not be /health"),
        ("gateway.notification_path", "/doku/inquiry", "must differ from gateway.inquiry_path"),
        ("gateway.notification_signed_path", "n", "must be a path"),
        ("admin.port", "8080", "must differ from gateway.port: each listener needs its own"),
        ("database", "5", "must be the path of a file: put the value in quotes"),
        ("database", "data/", "must be the path of a file"),
        ("limits.timestamp_seconds", "0", "must be a whole number from 1 to 86400"),
        ("limits.timestamp_seconds", "86401", "must be a whole number from 1 to 86400"),
        ("limits.answer_ms", "9", "must be a whole number from 10 to 60000"),
        ("limits.request_ms", "99", "must be a whole number from 100 to 60000"),
        ("limits.disk_reserve_mib", "-1", "must be a whole number from 0 to 1048576"),
        ("limits", "5", "must be a mapping (`key: value`), not a number"),
        ("limits", "", "must be a mapping (`key: value`), not empty"),
        ("journal.keep_days", "3651", "must be a whole number from 1 to 3650"),
        ("backup.to", "\"a\\tb\"", "must be \"\" (off) or the path of a folder"),
        ("backup.every", "24", "must be a time such as 24h or 7d, from 1h to 31d"),
        ("backup.every", "0h", "must be a time such as 24h or 7d, from 1h to 31d"),
        ("backup.every", "745h", "must be a time such as 24h or 7d, from 1h to 31d"),
        ("backup.every", "32d", "must be a time such as 24h or 7d, from 1h to 31d"),
        ("backup.every", "24 h", "must be a time such as 24h or 7d, from 1h to 31d"),
        ("backup.keep", "0", "must be a whole number from 1 to 1000"),
        ("invoice_per_inquiry", "sometimes", "must be one of never, reusable, always"),
        ("answer.send_email", "yes", "must be true or false"),
        ("answer.send_email", "\"true\"", "must be true or false"),
        ("answer.customer_name", "hidden", "must be one of full, masked"),
        ("answer.info_max", "31", "must be a whole number from 0 to 30"),
        ("answer.name_max", "0", "must be a whole number from 1 to 64"),
        ("answer.name_max", "65", "must be a whole number from 1 to 64"),
        ("channels.alfa.id", "\"\"", "must be 1 to 64 visible ASCII characters"),
        ("channels.alfa.id", "\"A B\"", "must be 1 to 64 visible ASCII characters"),
        ("channels.indomaret.id", "ONLINE_TO_OFFLINE_ALFA", "is also the id of alfa"),
        ("channels.alfa.amount.min", "0", "must be a whole number from 1 to 999999999999"),
        ("channels.alfa.amount", "5000", "must be a mapping"),
        ("channels.alfamart", "{}", "unknown key; the keys here are alfa, indomaret"),
        ("check_status.base_url", "api.doku.com", "must be \"\" (off) or an http or https URL"),
        ("check_status.base_url", "ftp://api.doku.com", "must be \"\" (off) or an http"),
        ("check_status.base_url", "https://", "must be \"\" (off) or an http or https URL"),
        ("check_status.base_url", "https://a.b/?c=d", "must be \"\" (off) or an http or https URL"),
        ("check_status.base_url", "https://a.b/#c", "must be \"\" (off) or an http or https URL"),
        ("check_status.base_url", "https://a:b@c.d", "must be \"\" (off) or an http or https URL"),
        ("check_status.base_url", "http://api.doku.com", "must be an https URL"),
        ("check_status.base_url", "http://127.0.0.1.a.b", "must be an https URL"),
        ("check_status.base_url", "http://10.0.0.1:8080/doku", "must be an https URL"),
        ("check_status.base_url", "http://[::2]", "must be an https URL"),
        ("check_status.answers_signed", "no", "must be true or false"),
        ("check_status.window_hours", "721", "must be a whole number from 1 to 720"),
        ("webhooks.allow_private_addresses", "yes", "must be true or false"),
        ("allow_stranded", "1", "must be true or false"),
        ("gateway.hots", "a", "unknown key; did you mean host?"),
        ("limits.timestampSeconds", "5", "unknown key; did you mean timestamp_seconds?"),
        ("admin.tls", "true", "unknown key; the keys here are host, hosts, port, tls_by_proxy"),
        ("frobnicate", "1", "unknown key; the keys here are accounts, admin, alerts,"),
        ("\"<<\"", "1", "unknown key"),
    ]

    @Test(arguments: wrongValues)
    func `a wrong value is refused with its line and path`(
        path: String, value: String, message: String
    ) {
        // `a.b.c: value`, spelt as a block in the lines after the account's.
        let keys = path.split(separator: ".")
        let lines = keys.enumerated().map { depth, key in
            String(repeating: "  ", count: depth) + key + ":"
        }
        let yaml = SettingsDraft.account + lines.joined(separator: "\n") + " \(value)\n"
        let line = SettingsDraft.accountLines + keys.count
        let path = path.filter { $0 != "\"" }

        let problems = SettingsDraft.problems(yaml)
        #expect(problems.count == 1)
        let opening = "line \(line): \(path): \(message)"
        #expect(problems.first?.hasPrefix(opening) == true, "\(problems)")
    }

    @Test(arguments: [
        "http://127.0.0.1:9000", "http://LOCALHOST", "http://[::1]:80/doku", "https://10.0.0.1",
    ])
    func `a URL is https, or on this machine`(url: String) throws {
        let yaml = SettingsDraft.account + "check_status: { base_url: \"\(url)\" }\n"
        #expect(SettingsDraft.problems(yaml).isEmpty)
    }

    @Test func `a minimum amount above the maximum is refused`() {
        let yaml =
            SettingsDraft.account + "channels:\n  alfa:\n    amount: { min: 2, max: 1 }\n"
        let problem = "line 8: channels.alfa.amount.min: is greater than max"
        #expect(SettingsDraft.problems(yaml) == [problem])
    }

    @Test(arguments: [("127.0.0.1", "127.0.0.2"), ("0.0.0.0", "\"::1\""), ("\"::1\"", "\"::1\"")])
    func `two listeners on one port are refused`(gateway: String, admin: String) {
        func problems(port: Int) -> [String] {
            SettingsDraft.problems(
                SettingsDraft.account
                    + "gateway: { host: \(gateway), port: \(port) }\n"
                    + "admin: { host: \(admin), port: \(port) }\n")
        }
        #expect(
            problems(port: 9000) == [
                "line 7: admin.port: must differ from gateway.port (line 6): each listener needs "
                    + "its own port"
            ])
        #expect(problems(port: 0) == [])
    }
}
