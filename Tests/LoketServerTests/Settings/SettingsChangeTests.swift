// Which settings a reload applies, and which wait for a restart.

import Foundation
import LoketCore
import Testing
@testable import LoketRuntime

struct SettingsChangeTests {
    private func settings(
        _ yaml: String = SettingsDraft.account, _ variables: [String: String] = [:]
    ) throws -> Settings {
        try SettingsDraft.settings(yaml, variables)
    }

    @Test func `the same settings read again change nothing`() throws {
        let change = SettingsChange(from: try settings(), to: try settings())
        #expect(change.taken.isEmpty && change.waiting.isEmpty)
    }

    private static let more = """
          - client_id: MCH-0002
            secrets: [{ env: SECOND_KEY }]
            bins:
              - { bin: "54321", type: direct, channels: [alfa] }

        """
    private static let twoSecrets = SettingsDraft.account(
        secrets: "[{ env: FIRST_KEY }, { env: SECOND_KEY }]")

    /// Two settings, and the clauses that describe the change from the first to the second.
    private static let taken: [(from: String, to: String, clauses: [String])] = [
        (SettingsDraft.account, twoSecrets, ["secrets of MCH-0001: 1 added"]),
        (twoSecrets, SettingsDraft.account, ["secrets of MCH-0001: 1 removed"]),
        (
            SettingsDraft.account(secrets: "[{ env: FIRST_KEY }]"),
            SettingsDraft.account(secrets: "[{ env: SECOND_KEY }]"),
            ["secrets of MCH-0001: 1 added, 1 removed"]
        ),
        (
            twoSecrets, SettingsDraft.account(secrets: "[{ env: SECOND_KEY }, { env: FIRST_KEY }]"),
            ["secrets of MCH-0001: the order changed"]
        ),
        (
            SettingsDraft.account,
            SettingsDraft.account.replacing("MCH-0001\n", with: "MCH-0001\n    name: Toko\n"),
            ["name of MCH-0001: changed"]
        ),
        (
            SettingsDraft.account,
            SettingsDraft.account(bin: #"{ bin: "12346", type: direct, channels: [alfa] }"#),
            ["BINs of MCH-0001: 12346 added, 12345 removed"]
        ),
        (
            SettingsDraft.account,
            SettingsDraft.account(bin: #"{ bin: "12345", type: direct, channels: [indomaret] }"#),
            ["BINs of MCH-0001: 12345 changed"]
        ),
        (SettingsDraft.account, SettingsDraft.account + more, ["accounts: MCH-0002 added"]),
        (SettingsDraft.account + more, SettingsDraft.account, ["accounts: MCH-0002 removed"]),
        (
            SettingsDraft.account + "admin: { hosts: [a.example, 10.0.0.7] }\n",
            SettingsDraft.account + "admin: { hosts: [\"fd00::1\", a.example] }\n",
            ["admin.hosts: fd00::1 added, 10.0.0.7 removed"]
        ),
        (
            SettingsDraft.account, SettingsDraft.account + "allow_stranded: true\n",
            ["allow_stranded: true"]
        ),
    ]

    @Test(arguments: taken.indices)
    func `changed accounts, names, secrets, BINs and hosts are applied and reported`(_ index: Int)
        throws
    {
        let row = Self.taken[index]
        let change = SettingsChange(from: try settings(row.from), to: try settings(row.to))
        #expect(change.taken == row.clauses)
        #expect(change.waiting.isEmpty)
    }

    /// Every scalar of the settings, outside of lists, that a reload does not apply, with a value
    /// other than its default.
    private static let others = [
        "gateway.host": "127.0.0.1", "gateway.port": "8082", "gateway.inquiry_signed_path": "/p",
        "gateway.notification_signed_path": "/p", "admin.host": "::1", "admin.port": "8083",
        "admin.tls_by_proxy": "true",
        "database": "other.db", "limits.timestamp_seconds": "60", "limits.answer_ms": "1000",
        "limits.request_ms": "1000", "limits.disk_reserve_mib": "1", "journal.keep_days": "1",
        "imports.keep_days": "1", "alerts.url": "https://hooks.example/x",
        "alerts.silence_hours": "1", "backup.to": "b", "backup.every": "7d", "backup.keep": "1",
        "webhooks.allow_private_addresses": "true", "log.level": "error",
        "invoice_per_inquiry": "never", "answer.send_email": "true",
        "answer.customer_name": "masked", "answer.info_max": "1", "answer.name_max": "2",
        "channels.alfa.id": "A", "channels.alfa.amount.min": "1", "channels.alfa.amount.max": "9",
        "channels.indomaret.id": "I", "channels.indomaret.amount.min": "1",
        "channels.indomaret.amount.max": "9", "check_status.base_url": "https://api.doku.com",
        "check_status.window_hours": "1", "check_status.answers_signed": "false",
    ]

    @Test(arguments: others.keys.sorted())
    func `any other changed setting waits for a restart`(_ path: String) throws {
        let name = "LOKET_" + path.uppercased().replacing(".", with: "_")
        let change = SettingsChange(
            from: try settings(), to: try settings(variables: name, Self.others[path] ?? ""))
        #expect(change.waiting == [path])
        #expect(change.taken.isEmpty)
    }

    private func settings(variables name: String, _ value: String) throws -> Settings {
        try settings(SettingsDraft.account, [name: value])
    }

    @Test func `a changed path changes the signed path too`() throws {
        for path in ["gateway.inquiry", "gateway.notification"] {
            let name = "LOKET_" + path.uppercased().replacing(".", with: "_") + "_PATH"
            let change = SettingsChange(
                from: try settings(), to: try settings(variables: name, "/other"))
            #expect(change.waiting == [path + "_path", path + "_signed_path"])
        }
    }

    /// No setting may be forgotten: each setting of the example is in one of these tests.
    @Test func `every setting of the example is applied or waits`() throws {
        var section = ""
        for line in ExampleSettings.text.split(separator: "\n") {
            guard let match = line.firstMatch(of: /^( {0,4})([a-z_]+):( *)(.*)$/) else { continue }
            let (indent, key) = (match.output.1.count, String(match.output.2))
            if indent == 0 { section = key }
            // Leaves out mappings, lists (such as accounts) and the settings of the tests above.
            guard !match.output.4.isEmpty, section != "accounts",
                !["hosts", "trusted_proxies", "inquiry_path", "notification_path"].contains(key),
                key != "allow_stranded"
            else { continue }
            let known = Self.others.keys.filter {
                indent == 0 ? $0 == key : $0.hasPrefix(section + ".") && $0.hasSuffix("." + key)
            }
            #expect(!known.isEmpty, "\(section).\(key)")
        }
    }
}
