// Accounts, their Client-Ids and their BINs.

import LoketCore
import Testing

struct SettingsAccountTests {
    private static let wrongBINs: [(String, [String])] = [
        (
            "{ bin: 12345, type: direct, channels: [alfa] }",
            ["bin: must be text: put the BIN in quotes"]
        ),
        (
            "{ bin: 012345, type: direct, channels: [alfa] }",
            ["bin: must be text: put the BIN in quotes"]
        ),
        (
            "{ bin: abcde, type: direct, channels: [alfa] }",
            ["bin: must be text: put the BIN in quotes"]
        ),
        (
            "{ bin: [1], type: direct, channels: [alfa] }",
            ["bin: must be the digits of a BIN, in quotes, not a list"]
        ),
        (
            "{ type: direct, channels: [alfa] }",
            ["bin: is missing: give the digits of a BIN, in quotes"]
        ),
        (
            #"{ bin: "12 45", type: direct, channels: [alfa] }"#,
            ["bin: must be 1 to 24 ASCII digits"]
        ),
        (
            #"{ bin: "١٢٣٤٥", type: direct, channels: [alfa] }"#,
            ["bin: must be 1 to 24 ASCII digits"]
        ),
        (
            #"{ bin: "1", type: doku_general, channels: [alfa] }"#,
            [
                "type: doku_general is for codes that DOKU generates (DGPC), and DOKU sends no "
                    + "inquiries for them; use doku_exclusive or direct"
            ]
        ),
        (
            #"{ bin: "12345", type: Direct, channels: [alfa] }"#,
            ["type: must be one of doku_general, doku_exclusive, direct"]
        ),
        (
            #"{ bin: "12345", channels: [alfa] }"#,
            ["type: is missing: give one of doku_exclusive, direct"]
        ),
        (
            #"{ bin: "12345", type: doku_exclusive, channels: [indomaret] }"#,
            [
                "bin: a doku_exclusive BIN has at least 6 digits",
                "channels: Indomaret accepts only direct BINs; remove the channel or use a "
                    + "direct BIN",
            ]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [] }"#,
            ["channels: needs at least one channel: alfa, indomaret"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: alfa }"#,
            ["channels: must be a list, not text: give one or more of alfa, indomaret"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], code_length: { min: 5 } }"#,
            ["code_length.min: code_length.min counts the BIN too and must be at least 6"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], code_length: { max: 5 } }"#,
            ["code_length.max: leaves no free digit for the unique payment code"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], code_length: { min: 9, max: 8 } }"#,
            ["code_length.min: code_length.min is above code_length.max"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], code_length: { min: 2, max: 26 } }"#,
            [
                "code_length.max: code_length.max must be at most 25",
                "code_length.min: code_length.min counts the BIN too and must be at least 6",
            ]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], code_length: { max: "9" } }"#,
            ["code_length.max: must be a whole number, not text: remove the quotes"]
        ),
        (
            #"{ bin: "1234567890123456789012345", type: doku_exclusive, channels: [alfa] }"#,
            ["bin: leaves no free digit for the unique payment code"]
        ),
        (
            #"{ bin: "12345", type: direct, channels: [alfa], codelength: { max: 9 } }"#,
            ["codelength: unknown key; did you mean code_length?"]
        ),
    ]

    @Test(arguments: wrongBINs)
    func `a BIN that breaks a rule is refused with its line`(entry: String, messages: [String]) {
        let expected = messages.map { "line 5: accounts[0].bins[0].\($0)" }
        #expect(SettingsDraft.problems(SettingsDraft.account(bin: entry)) == expected)
    }

    @Test func `leading zeros of a BIN are kept`() throws {
        let yaml = SettingsDraft.account(
            bin: #"{ bin: "00123", type: direct, channels: [indomaret], code_length: { max: 9 } }"#)
        let bin = try #require(try SettingsDraft.settings(yaml).accounts.first?.bins.bins.first)
        #expect(bin.digits == "00123")
        #expect(bin.codeLength == 6...9)
    }

    private static let wrongClientIDs: [(String, String)] = [
        ("\"\"", "must be 1 to 128 visible ASCII characters"),
        ("\"MCH 1\"", "must be 1 to 128 visible ASCII characters"),
        (String(repeating: "M", count: 129), "must be 1 to 128 visible ASCII characters"),
        ("12345", "must be a Client-Id: put the value in quotes"),
        ("true", "must be a Client-Id: put the value in quotes"),
        ("", "must be a Client-Id, not empty"),
    ]

    @Test(arguments: wrongClientIDs)
    func `a wrong Client-Id is refused`(clientID: String, message: String) {
        let yaml = SettingsDraft.account.replacing(" MCH-0001", with: " " + clientID)
        #expect(SettingsDraft.problems(yaml) == ["line 2: accounts[0].client_id: \(message)"])
    }

    @Test func `a Client-Id of 128 characters is accepted`() {
        let longest = String(repeating: "M", count: 128)
        let yaml = SettingsDraft.account.replacing("MCH-0001", with: longest)
        #expect(SettingsDraft.problems(yaml) == [])
    }

    private static func named(_ name: String) -> String {
        SettingsDraft.account.replacing("MCH-0001\n", with: "MCH-0001\n    name: \(name)\n")
    }

    @Test func `an account may have a name of 1 to 60 characters`() throws {
        #expect(try SettingsDraft.settings(SettingsDraft.account).accounts.first?.name == nil)
        for name in ["Toko Anton & Anak", "\"7\"", String(repeating: "é", count: 60)] {
            let read = try SettingsDraft.settings(Self.named(name)).accounts.first?.name
            #expect(read == name.replacing("\"", with: ""))
        }
    }

    private static let printable = "must be one line of 1 to 60 printable characters"
    private static let wrongNames: [(String, String)] = [
        ("\"\"", printable), ("\" \"", printable), ("\"a\\nb\"", printable),
        ("\"a\\u202Eb\"", printable), (String(repeating: "T", count: 61), printable),
        ("7", "must be a name: put the value in quotes"), ("[a]", "must be a name, not a list"),
        ("", "must be a name, not empty"),
    ]

    @Test(arguments: wrongNames)
    func `a wrong name of an account is refused with its line`(name: String, message: String) {
        #expect(
            SettingsDraft.problems(Self.named(name)) == ["line 3: accounts[0].name: \(message)"])
    }

    private func twoAccounts(_ second: String, first: String, bins: [String]) -> String {
        """
        accounts:
          - client_id: \(first)
            secrets: [{ env: FIRST_KEY }]
            bins: [\(bins[0])]
          - client_id: \(second)
            secrets: [{ env: SECOND_KEY }]
            bins: [\(bins[1])]
        """
    }

    private let direct = #"{ bin: "12345", type: direct, channels: [alfa] }"#
    private let exclusive = #"{ bin: "889651", type: doku_exclusive, channels: [alfa] }"#

    @Test func `a Client-Id given twice is refused`() {
        let yaml = twoAccounts("MCH-1", first: "MCH-1", bins: [direct, direct])
        #expect(
            SettingsDraft.problems(yaml) == [
                "line 5: accounts[1].client_id: is the same as accounts[0].client_id "
                    + "(line 2): a Client-Id can have only one account"
            ])
    }

    @Test func `two accounts may hold the same direct BIN but not an exclusive one`() {
        let shared = twoAccounts("MCH-2", first: "MCH-1", bins: [direct, direct])
        #expect(SettingsDraft.problems(shared) == [])
        let refused = twoAccounts("MCH-2", first: "MCH-1", bins: [exclusive, exclusive])
        #expect(
            SettingsDraft.problems(refused) == [
                "line 7: accounts[1].bins[0].bin: is the same as accounts[0].bins[0].bin "
                    + "(line 4): a doku_exclusive BIN can belong to only one account"
            ])
    }

    @Test func `a BIN given twice in one account is refused`() {
        let yaml = SettingsDraft.account + "      - \(direct)\n"
        #expect(
            SettingsDraft.problems(yaml) == [
                "line 6: accounts[0].bins[1].bin: is the same as accounts[0].bins[0].bin "
                    + "(line 5): remove one of the two"
            ])
    }

    private static let wrongAccounts: [(String, String)] = [
        ("accounts: []\n", "line 1: accounts: is an empty list: give at least one account"),
        ("accounts: {}\n", "line 1: accounts: must be a list, not a mapping: give at least one"),
        ("accounts:\n", "line 1: accounts: must be a list, not empty: give at least one account"),
        ("\naccounts:\n  - 5\n", "line 3: accounts[0]: must be a mapping (`key: value`), not a"),
    ]

    @Test(arguments: wrongAccounts)
    func `accounts are a list of at least one mapping`(yaml: String, message: String) {
        #expect(SettingsDraft.problems(yaml).first?.hasPrefix(message) == true)
    }
}
