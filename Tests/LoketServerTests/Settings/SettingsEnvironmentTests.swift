// Environment variables that replace a scalar of the settings file.

import LoketCore
import LoketGateway
import Testing

struct SettingsEnvironmentTests {
    @Test func `a variable replaces the scalar at its path`() throws {
        let yaml = SettingsDraft.account + "gateway: { port: 1 }\nadmin: { host: wrong/host }\n"
        let settings = try SettingsDraft.settings(
            yaml,
            [
                "LOKET_GATEWAY_PORT": "9000",
                "LOKET_GATEWAY_INQUIRY_PATH": "/i",
                "LOKET_ADMIN_HOST": "::1",
                "LOKET_DATABASE": "data/12",
                "LOKET_LIMITS_TIMESTAMP_SECONDS": "60",
                "LOKET_JOURNAL_KEEP_DAYS": "7",
                "LOKET_INVOICE_PER_INQUIRY": "never",
                "LOKET_ANSWER_CUSTOMER_NAME": "masked",
                "LOKET_ANSWER_SEND_EMAIL": "true",
                "LOKET_CHANNELS_ALFA_ID": "12",
                "LOKET_CHANNELS_ALFA_AMOUNT_MIN": "10000",
                "LOKET_CHECK_STATUS_BASE_URL": "",
                "LOKET_ALLOW_STRANDED": "true",
            ])

        #expect(settings.gateway.listener.port == 9000)
        #expect(settings.gateway.inquiryPath == "/i")
        #expect(settings.gateway.inquirySignedPath == "/i")
        #expect(settings.admin.listener.host == "::1", "the value in the file is not checked")
        #expect(settings.database == "/srv/loket/data/12")
        #expect(settings.limits.timestampSeconds == 60)
        #expect(settings.journal.keepDays == 7)
        #expect(settings.invoicePerInquiry == .never)
        #expect(settings.answer.customerName == .masked)
        #expect(settings.answer.sendEmail)
        #expect(settings.channels[.alfa]?.id == "12")
        #expect(settings.channels[.alfa]?.amountMin == Rupiah(whole: 10_000))
        #expect(settings.allowStranded)
    }

    private static let near =
        "no setting has this environment variable; did you mean LOKET_GATEWAY_PORT?"

    private static let wrong: [(String, String, String)] = [
        ("LOKET_GATEWAY_PORT", "", "must be a whole number from 0 to 65535"),
        ("LOKET_GATEWAY_PORT", "80 ", "must be a whole number from 0 to 65535"),
        ("LOKET_GATEWAY_PORT", "tcp://", "must be a whole number from 0 to 65535"),
        ("LOKET_GATEWAY_PORT", "http://10.0.0.7:80", "must be a whole number from 0 to 65535"),
        ("LOKET_ADMIN_HOST", "tcp://10.0.0.7:80", "must be an IP address"),
        ("LOKET_GATEWAY_PORT", "8081", "must differ from LOKET_GATEWAY_PORT"),
        ("LOKET_ADMIN_HOST", "", "must be an IP address"),
        ("LOKET_ALLOW_STRANDED", "yes", "must be true or false"),
        ("LOKET_ANSWER_CUSTOMER_NAME", "", "must be one of full, masked"),
        ("LOKET_GATEWAY", "1", "no setting has this environment variable"),
        ("LOKET_GATEWAY_PROT", "1", near),
        ("LOKET_gateway_port", "1", near),
        ("LOKET_ACCOUNTS_0_CLIENT_ID", "x", "accounts have no environment variables"),
        ("LOKET_", "x", "no setting has this environment variable: unset it"),
    ]

    @Test(arguments: wrong)
    func `a wrong variable is refused by its name`(name: String, value: String, message: String) {
        let problems = SettingsDraft.problems(SettingsDraft.account, [name: value])
        #expect(problems.count == 1)
        // If both ports are equal, the admin's is refused, whichever of the two was set.
        let path = message.hasPrefix("must differ") ? "admin.port" : name
        #expect(problems.first?.hasPrefix("\(path): \(message)") == true, "\(problems)")
    }

    @Test func `variables of other parts of the product are left alone`() {
        let variables = [
            "LOKET_ADMIN_KEY": "k", "LOKET_TORTURE": "1", "LOKET_URL": "u", "LOKET_SECRET": "s",
            "LOKET_TEST_ANYTHING": "1", "LOKETX": "1",
        ]
        #expect(SettingsDraft.problems(SettingsDraft.account, variables) == [])
    }

    @Test func `variables that Kubernetes sets for a service named loket are ignored`() {
        let variables = [
            "LOKET_SERVICE_HOST": "10.0.0.7", "LOKET_SERVICE_PORT": "80",
            "LOKET_SERVICE_PORT_HTTP": "80", "LOKET_PORT": "tcp://10.0.0.7:80",
            "LOKET_PORT_80_TCP": "tcp://10.0.0.7:80", "LOKET_PORT_80_TCP_ADDR": "10.0.0.7",
        ]
        #expect(SettingsDraft.problems(SettingsDraft.account, variables) == [])
    }

    @Test func `an address that Kubernetes sets in a setting's name is ignored and noted`() throws {
        let yaml = SettingsDraft.account + "gateway: { port: 8090 }\n"
        let settings = try SettingsDraft.settings(
            yaml,
            [
                "LOKET_GATEWAY_PORT": "tcp://10.0.0.7:8080",
                "LOKET_GATEWAY_PORT_8080_TCP": "tcp://10.0.0.7:8080",
                "LOKET_GATEWAY_PORT_8080_TCP_PROTO": "tcp",
                "LOKET_GATEWAY_SERVICE_HOST": "10.0.0.7",
                "LOKET_ADMIN_PORT": "sctp://[fd00::7]:8081",
                "LOKET_ADMIN_PORT_8081_SCTP_ADDR": "fd00::7",
                "LOKET_DATABASE_PORT": "udp://10.0.0.7:1",
            ])
        #expect(settings.gateway.listener.port == 8090)
        #expect(settings.admin.listener.port == 8081)
        let notes = settings.notes
        #expect(notes.count == 2)
        #expect(notes.first?.hasPrefix("LOKET_ADMIN_PORT is ignored: Kubernetes") == true)
        #expect(notes.last?.hasPrefix("LOKET_GATEWAY_PORT is ignored: Kubernetes") == true)
        #expect(try SettingsDraft.settings(yaml).notes == [])
    }

    @Test func `a secret may be in a variable with our own prefix`() {
        let yaml = SettingsDraft.account(secrets: "[{ env: LOKET_DOKU_KEY }]")
        #expect(SettingsDraft.problems(yaml, ["LOKET_DOKU_KEY": SettingsDraft.secret]) == [])
    }
}
