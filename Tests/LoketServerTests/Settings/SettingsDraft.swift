// A settings file for the tests of the reader: the minimum that is accepted, with lines added, in
// its own folder with a generated secret.

import Foundation
import LoketRuntime

struct SettingsDraft {
    /// The minimum that is accepted; 5 lines.
    static let account = """
        accounts:
          - client_id: MCH-0001
            secrets: [{ env: FIRST_KEY }]
            bins:
              - { bin: "12345", type: direct, channels: [alfa] }

        """
    static let accountLines = 5

    /// Secrets as DOKU makes them, new in each run.
    static let secret = "SK-" + UUID().uuidString
    static let otherSecret = "SK-" + UUID().uuidString
    static let environment = ["FIRST_KEY": secret, "SECOND_KEY": otherSecret, "PATH": "/bin"]

    static func settings(
        _ yaml: String, _ variables: [String: String] = [:]
    ) throws(SettingsRefused) -> Settings {
        let all = environment.merging(variables) { $1 }
        return try Settings.read(yaml: yaml, file: "/srv/loket/loket.yaml", environment: all)
    }

    /// The problems for which a text is refused; empty if the text is accepted.
    static func problems(_ yaml: String, _ variables: [String: String] = [:]) -> [String] {
        do throws(SettingsRefused) {
            _ = try settings(yaml, variables)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// An account with one BIN entry, in line 5.
    static func account(bin entry: String) -> String {
        account.replacingOccurrences(
            of: #"{ bin: "12345", type: direct, channels: [alfa] }"#, with: entry)
    }

    /// An account with these secrets in line 3.
    static func account(secrets: String) -> String {
        account.replacingOccurrences(of: "[{ env: FIRST_KEY }]", with: secrets)
    }
}

extension Settings.Listener {
    /// `127.0.0.1 8081`
    var shown: String { "\(host) \(port)" }
}
