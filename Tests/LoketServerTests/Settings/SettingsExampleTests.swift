// The commented example: accepted unchanged, correct about the defaults, and adaptable.

import Foundation
import LoketCore
import LoketRuntime
import TestSupport
import Testing

struct SettingsExampleTests {
    private func read(
        _ text: String, _ environment: [String: String] = [:]
    ) throws -> (settings: Settings, folder: String) {
        try withFolder { folder in
            let secrets = folder.appendingPathComponent("secrets")
            try FileManager.default.createDirectory(at: secrets, withIntermediateDirectories: true)
            let key = secrets.appendingPathComponent("doku")
            try Data((SettingsDraft.secret + "\n").utf8).write(to: key)
            let file = folder.appendingPathComponent("loket.yaml").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            return (try Settings.read(file: file, environment: environment), folder.path)
        }
    }

    @Test func `the example is accepted unchanged`() throws {
        let (settings, folder) = try read(ExampleSettings.text)

        #expect(settings.database == folder + "/loket.db")
        #expect(settings.accounts.map(\.clientID) == ["MCH-0001-10791114622547"])
        #expect(settings.accounts.map(\.secrets.count) == [1])
        let bins = try #require(settings.accounts.first).bins.bins
        #expect(bins.map(\.digits) == ["889651", "12345"])
        #expect(bins.map(\.type) == [.dokuExclusive, .direct])
        #expect(bins.map(\.channels) == [[.alfa], [.alfa, .indomaret]])
        #expect(bins.map(\.codeLength) == [7...20, 6...25])
    }

    @Test func `the example shows the defaults`() throws {
        let shown = try read(ExampleSettings.text).settings
        let least = try SettingsDraft.settings(SettingsDraft.account)

        #expect(shown.gateway == least.gateway)
        #expect(shown.admin == least.admin)
        #expect(shown.limits == least.limits)
        #expect(shown.journal == least.journal)
        #expect(shown.log == least.log)
        #expect(shown.imports == least.imports)
        #expect(shown.alerts == least.alerts)
        #expect(shown.backup == least.backup)
        #expect(shown.webhooks == least.webhooks)
        #expect(shown.invoicePerInquiry == least.invoicePerInquiry)
        #expect(shown.answer == least.answer)
        #expect(shown.channels == least.channels)
        #expect(shown.checkStatus == least.checkStatus)
        #expect(shown.allowStranded == least.allowStranded)
        #expect(least.database == "/srv/loket/loket.db")
    }

    @Test func `the example names every setting that can be misspelt`() {
        let keys = [
            "host", "hosts", "port", "inquiry_path", "inquiry_signed_path", "notification_path",
            "notification_signed_path", "trusted_proxies", "database", "client_id", "name", "env",
            "file",
            "code_length",
            "timestamp_seconds", "answer_ms", "request_ms", "disk_reserve_mib", "keep_days",
            "level",
            "invoice_per_inquiry",
            "send_email", "customer_name", "info_max", "name_max", "id", "amount", "base_url",
            "window_hours", "url", "silence_hours", "answers_signed", "allow_stranded", "to",
            "every", "keep", "allow_private_addresses",
        ]
        for key in keys { #expect(ExampleSettings.text.contains("\(key):"), "\(key)") }
    }

    @Test func `every commented setting of the example is right once uncommented`() throws {
        let lines = ExampleSettings.text.split(separator: "\n", omittingEmptySubsequences: false)
        let settings = lines.map { line in
            let isSetting = ["inquiry_signed", "notification_signed", "amount: ", "name: "]
                .contains { line.contains("# \($0)") }
            return String(isSetting ? line.replacing("# ", with: "") : line)
        }
        let read = try read(settings.joined(separator: "\n")).settings
        #expect(read.gateway.inquirySignedPath == "/pay/doku/inquiry")
        #expect(read.gateway.notificationSignedPath == "/pay/doku/notification")
        #expect(read.channels[.indomaret]?.amountMin == Rupiah(whole: 10_000))
        #expect(read.accounts.first?.name == "Toko Anton")
    }

    @Test func `the demo adapts what depends on the machine and nothing else`() throws {
        try withFolder { folder in
            let key = folder.appendingPathComponent("it's a key").path
            try Data(SettingsDraft.secret.utf8).write(to: URL(fileURLWithPath: key))
            let text = ExampleSettings.adapted(
                gatewayPort: 0, adminPort: 0, database: "/tmp/it's/demo.db", secretFile: key,
                host: "127.0.0.1")
            let settings = try Settings.read(yaml: text, file: "demo.yaml", environment: [:])

            #expect(settings.gateway.listener.shown == "127.0.0.1 0")
            #expect(settings.admin.listener.shown == "127.0.0.1 0")
            #expect(settings.database == "/tmp/it's/demo.db")
            #expect(settings.accounts.first?.secrets.count == 1)

            let before = ExampleSettings.text.split(separator: "\n")
            let after = text.split(separator: "\n")
            #expect(zip(before, after).count(where: { $0 != $1 }) == 5)
            #expect(before.count == after.count)
        }
    }
}
