// Secrets: where they may be written, which are refused, and that no message repeats a secret.

import Foundation
import LoketRuntime
import TestSupport
import Testing

struct SettingsSecretTests {
    private static let wrongSources: [(String, String)] = [
        ("[]", "secrets: is an empty list: give one or two secrets as"),
        ("{ env: FIRST_KEY }", "secrets: must be a list, not a mapping: give one or two"),
        ("[FIRST_KEY]", "secrets[0]: must be `{ env: NAME }` or `{ file: PATH }`: a secret is"),
        ("[{ env: FIRST_KEY, file: x }]", "secrets[0]: must be exactly one of `{ env: NAME }`"),
        ("[{}]", "secrets[0]: must be exactly one of"),
        ("[{ value: x }]", "secrets[0]: must be exactly one of"),
        ("[{ env: }]", "secrets[0].env: must be text, not empty"),
        ("[{ env: [A] }]", "secrets[0].env: must be text, not a list"),
        ("[{ env: 5 }]", "secrets[0].env: must be text, not a number"),
        ("[{ env: A-B }]", "secrets[0].env: must be the name of an environment variable"),
        ("[{ env: NOT_SET }]", "secrets[0].env: the environment variable NOT_SET is not set"),
        ("[{ file: }]", "secrets[0].file: must be text, not empty"),
        ("[{ file: no/such }]", "secrets[0].file: the file /srv/loket/no/such does not exist"),
        ("[{ file: /tmp }]", "secrets[0].file: the path /tmp is a folder"),
        ("[{ file: /dev/zero }]", "secrets[0].file: the path /dev/zero is a pipe or a device"),
        (
            "[{ env: FIRST_KEY }, { env: FIRST_KEY }]",
            "secrets[1].env: the secret is the same as the first"
        ),
    ]

    @Test(arguments: wrongSources)
    func `a wrong source of a secret is refused`(secrets: String, message: String) {
        let problems = SettingsDraft.problems(SettingsDraft.account(secrets: secrets))
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("line 3: accounts[0].\(message)") == true, "\(problems)")
    }

    @Test func `a third secret is refused`() {
        let yaml = SettingsDraft.account(
            secrets: "[{ env: FIRST_KEY }, { env: SECOND_KEY }, { env: THIRD }]")
        #expect(
            SettingsDraft.problems(yaml, ["THIRD": "SK-" + UUID().uuidString]) == [
                "line 3: accounts[0].secrets: has 3 secrets: give one, or two while you "
                    + "change the key"
            ])
    }

    /// The secret, and a word of the message; nil if the secret is accepted.
    private static let secrets: [(String, String?)] = [
        ("", "empty"),
        ("SK-hC4f9aQ2mZ7p", "fewer than 16 bytes"),
        ("SK-hC4f9aQ2mZ7pW", nil),
        ("SK-hC4f9aQ2 mZ7pW", nil),
        ("ключ-доступа", nil),
        (" SK-hC4f9aQ2mZ7pW", "white space"),
        ("SK-hC4f9aQ2mZ7pW ", "white space"),
        ("SK-hC4f9aQ2mZ7pW\n", "white space"),
        ("\u{FEFF}SK-hC4f9aQ2mZ7pW", "white space"),
        ("SK-hC4f9aQ2mZ7pW\u{A0}", "white space"),
        ("SK-hC4f9aQ2mZ7pW\u{2060}", "an invisible character"),
        ("SK-hC4f9a\u{AD}Q2mZ7pW", "an invisible character"),
        ("SK-hC4f9a\u{200B}Q2mZ7pW", "an invisible character"),
        ("SK-hC4f9a\u{34F}Q2mZ7pW", "an invisible character"),
        ("SK-hC4f9a\nQ2mZ7pW", "one line"),
        ("SK-hC4f9a\u{2028}Q2mZ7pW", "one line"),
        ("changeme", "placeholder"),
        ("ChangeMe-ChangeMe-1", "placeholder"),
        ("change_me_please_0001", "placeholder"),
        ("your-secret-key-here", "placeholder"),
        ("YOUR_DOKU_SECRET_KEY", "placeholder"),
        ("SK-placeholder-000000", "placeholder"),
        ("SK-EXAMPLE0123456789", "placeholder"),
        ("SK-xxxxxxxxxxxxxxxxxxxx", "placeholder"),
        ("xxxx-xxxx-xxxx-xxxx", "placeholder"),
        ("<put the secret here>", "placeholder"),
        ("${DOKU_SECRET_KEY}", "placeholder"),
        ("ganti-dengan-kunci-anda", "placeholder"),
        ("****************", "placeholder"),
    ]

    @Test(arguments: secrets)
    func `an impossible secret is refused without its text`(secret: String, word: String?) {
        let problems = SettingsDraft.problems(SettingsDraft.account, ["FIRST_KEY": secret])
        #expect(problems.count == (word == nil ? 0 : 1), "\(problems)")
        guard let word, let problem = problems.first else { return }
        #expect(problem.hasPrefix("line 3: accounts[0].secrets[0].env: "))
        #expect(problem.contains(word), "\(problem)")
        if !secret.isEmpty { #expect(secret == "changeme" || !problem.contains(secret)) }
    }

    /// The content of the file, and whether it is the secret.
    private static let endings: [(String, Bool)] = [
        ("", true), ("\n", true), ("\r\n", true), ("\n\n", false), ("\r", false), (" \n", false),
    ]

    @Test(arguments: endings)
    func `one newline at the end of a secret file is dropped`(
        ending: String, accepted: Bool
    ) throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("key").path
            try Data((SettingsDraft.secret + ending).utf8).write(to: URL(fileURLWithPath: file))
            let yaml = SettingsDraft.account(secrets: "[{ file: \(file) }]")
            let problems = SettingsDraft.problems(yaml)
            #expect(problems.isEmpty == accepted, "\(problems)")
            guard accepted else { return }

            // The secret that was read does not contain the newline.
            let fromFile = try SettingsDraft.settings(yaml).accounts[0].secrets[0]
            let plain = try SettingsDraft.settings(SettingsDraft.account).accounts[0].secrets[0]
            #expect(fromFile.signature(over: [1]) == plain.signature(over: [1]))
        }
    }

    @Test func `the path of a secret file is relative to the settings file`() throws {
        try withFolder { folder in
            try Data(SettingsDraft.secret.utf8).write(to: folder.appendingPathComponent("key"))
            let yaml = SettingsDraft.account(secrets: "[{ file: key }, { env: SECOND_KEY }]")
            let settings = try Settings.read(
                yaml: yaml, file: folder.path + "/any.yaml",
                environment: SettingsDraft.environment)
            #expect(settings.accounts[0].secrets.count == 2)
        }
    }

    /// A secret in every place where an operator may put it by mistake.
    private static let misplaced = [
        "[\(SettingsDraft.secret)]",
        "[\"\(SettingsDraft.secret)\"]",
        "\(SettingsDraft.secret)",
        "[{ \(SettingsDraft.secret) }]",
        "[{ \(SettingsDraft.secret): 1, \(SettingsDraft.secret): 2 }]",
        "[{ env: \(SettingsDraft.secret) }]",
        "[{ file: \(SettingsDraft.secret) }]",
        "[{ env: hC42G28TA0MKG9LE2E1a }]",
        "[{ file: hC42G28TA0MKG9LE2E1a }]",
        "[{ value: \(SettingsDraft.secret) }]",
        "[{ env: FIRST_KEY }]\n    secret: \(SettingsDraft.secret)",
        "[{ env: FIRST_KEY }]\n    \(SettingsDraft.secret): 1",
        "[{ env: FIRST_KEY }]\n    \(SettingsDraft.secret): 1\n    \(SettingsDraft.secret): 2",
        "[{ env: \"\(SettingsDraft.secret) }]",
    ]

    @Test(arguments: misplaced)
    func `a secret in the wrong place is not repeated`(secrets: String) {
        let problems = SettingsDraft.problems(SettingsDraft.account(secrets: secrets))
        #expect(!problems.isEmpty)
        for problem in problems {
            #expect(!problem.contains(SettingsDraft.secret.dropFirst(3)), "\(problem)")
            #expect(!problem.contains("hC42G28TA0MKG9LE2E1a"), "\(problem)")
        }
    }
}
