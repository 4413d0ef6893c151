// The settings file as a whole: every problem is reported at once and in order.

import Foundation
import LoketRuntime
import TestSupport
import Testing

struct SettingsFormTests {
    @Test func `every problem is reported in the order of the lines`() {
        let yaml = """
            gateway:
              port: 70000
              prot: 1
            port: 1
            accounts:
              - client_id: MCH 1
                secrets: []
                bins:
                  - { bin: 12345, type: directly, channels: [alfa, alfa, lawson] }
                  - { bin: "123456", type: direct, code_length: { min: 3, max: 26 } }
              - secrets: [{ env: NOT_SET }]
            limits: { answer_ms: 1 }
            """
        let variables = ["LOKET_ADMIN_PORT": "x", "LOKET_ADMIN_PROT": "1"]
        #expect(
            SettingsDraft.problems(yaml, variables) == [
                "line 2: gateway.port: must be a whole number from 0 to 65535",
                "line 3: gateway.prot: unknown key; did you mean port?",
                "line 4: port: unknown key; the keys here are accounts, admin, alerts, "
                    + "allow_stranded, answer, backup, channels, check_status, database, gateway, "
                    + "imports, invoice_per_inquiry, journal, limits, log, webhooks",
                "line 6: accounts[0].client_id: must be 1 to 128 visible ASCII characters",
                "line 7: accounts[0].secrets: is an empty list: give one or two secrets as "
                    + "`{ env: NAME }` or "
                    + "`{ file: PATH }`",
                "line 9: accounts[0].bins[0].bin: must be text: put the BIN in quotes",
                "line 9: accounts[0].bins[0].type: must be one of doku_general, doku_exclusive, "
                    + "direct",
                "line 9: accounts[0].bins[0].channels[1]: is given twice: remove one",
                "line 9: accounts[0].bins[0].channels[2]: must be one of alfa, indomaret",
                "line 10: accounts[0].bins[1].channels: is missing: give one or more of alfa, "
                    + "indomaret",
                "line 10: accounts[0].bins[1].bin: a direct BIN has exactly 5 digits",
                "line 10: accounts[0].bins[1].code_length.max: code_length.max must be at most 25",
                "line 11: accounts[1].client_id: is missing: give the Client-Id from DOKU",
                "line 11: accounts[1].secrets[0].env: the environment variable NOT_SET is not set",
                "line 11: accounts[1].bins: is missing: give at least one BIN",
                "line 12: limits.answer_ms: must be a whole number from 10 to 60000",
                "LOKET_ADMIN_PORT: must be a whole number from 0 to 65535",
                "LOKET_ADMIN_PROT: no setting has this environment variable; did you mean "
                    + "LOKET_ADMIN_PORT?",
            ])
    }

    @Test func `a byte order mark is not part of the first key`() {
        #expect(SettingsDraft.problems("\u{FEFF}" + SettingsDraft.account) == [])
        let twice = "\u{FEFF}port: 1\nport: 2\n" + SettingsDraft.account
        #expect(SettingsDraft.problems(twice) == ["line 1: port: \(Self.twice)"])
    }

    private static let missingAccounts = [
        "", "# nothing but a remark\n", "---\n", "admin: { port: 1 }\n",
    ]

    @Test(arguments: missingAccounts)
    func `a file without accounts is refused`(yaml: String) {
        let refusal = "accounts: is missing: give at least one account (see loket.example.yaml)"
        let problems = SettingsDraft.problems(yaml)
        #expect(problems.contains(refusal), "\(problems)")
    }

    private static let notYAML: [(String, String)] = [
        ("a: [1, 2\nb: 3\n", "line 2: is not YAML: while parsing a flow sequence from line 1: "),
        ("a: 1\n\tb: 2\n", "line 2: is not YAML: "),
        ("a: \"1\n", "line 2: is not YAML: while scanning a quoted scalar from line 1: "),
        ("a: 1\nb: *c\n", "line 2: is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "line 2: is not YAML: "),
        ("a: 1\nb: @c\n", "line 2: is not YAML: "),
        ("a: 1\nb: \u{1}\n", "line 2: is not YAML: "),
    ]

    @Test(arguments: notYAML)
    func `a file that is not YAML is refused with its line`(yaml: String, message: String) {
        let problems = SettingsDraft.problems(yaml)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(message) == true, "\(problems)")
    }

    @Test func `a file nested without end is refused and does not crash`() {
        let deep = "a: " + String(repeating: "[", count: 100_000)
        #expect(SettingsDraft.problems(deep).count == 1)
        let closed =
            "a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(SettingsDraft.problems(closed).count == 2)
    }

    @Test func `a root that is not a mapping is refused`() {
        let problems = SettingsDraft.problems("- a\n")
        #expect(problems.first == "line 1: must be a mapping (`key: value`), not a list")
    }

    private static let twice =
        "is given twice, the first time in this line: remove one. The rest of the file was not "
        + "checked"

    @Test(arguments: [
        ("database: a\n\"database\": b\n'database': c\n", "line 6: database"),
        ("journal: {}\r\njournal: {}\r\n", "line 6: journal"),
        ("limits: 5\nadmin:\n  port: 1\n  prot: 2\n  port: 3\n", "line 8: port"),
        (SettingsDraft.account, "line 1: accounts"),
    ])
    func `a key given twice is the only problem reported`(lines: String, place: String) {
        let problems = SettingsDraft.problems(SettingsDraft.account + lines)
        #expect(problems == ["\(place): \(Self.twice)"])
    }

    @Test func `a missing file or a folder is one line that says what to do`() throws {
        func refusal(_ path: String) -> String? {
            do throws(SettingsRefused) {
                _ = try Settings.read(file: path, environment: [:])
                return nil
            } catch {
                return error.description
            }
        }
        try withFolder { folder in
            let missing = folder.path + "/loket.yaml"
            #expect(
                refusal(missing)
                    == "\(missing): the file does not exist: run `loket init`, or give another "
                    + "file with --config")
            #expect(
                refusal(folder.path)
                    == "\(folder.path): is a folder: give a file in it, such as loket.yaml")

            try Data([0x61, 0x3A, 0x20, 0xFF]).write(to: URL(fileURLWithPath: missing))
            #expect(refusal(missing)?.contains("the file is not UTF-8 text") == true)
            try Data(repeating: 0x23, count: 1024 * 1024 + 1)
                .write(to: URL(fileURLWithPath: missing))
            #expect(refusal(missing)?.contains("is larger than 1048576 bytes") == true)
        }
    }

    @Test func `the refusal is one line for each problem`() throws {
        let refused = #expect(throws: SettingsRefused.self) {
            try SettingsDraft.settings(
                SettingsDraft.account + "journal: 1\n", ["LOKET_PORT": "1"])
        }
        #expect(
            refused?.description == """
                /srv/loket/loket.yaml: line 6: journal: must be a mapping (`key: value`), not a number
                environment: LOKET_PORT: no setting has this environment variable: unset it
                """)
    }

    @Test func `anchors may be used`() throws {
        let settings = try SettingsDraft.settings(
            SettingsDraft.account
                + "channels:\n  alfa: { amount: &a { min: 5 } }\n  indomaret: { amount: *a }\n")
        #expect(settings.channels[.indomaret]?.amountMin?.whole == 5)
    }
}
