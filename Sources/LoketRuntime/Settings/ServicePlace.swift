// The part of a service's settings that a client on the same machine uses: the two listeners, the
// database and, to simulate DOKU, the accounts. Other settings may be wrong, and unreadable secret
// files are an error only if the client reads the accounts.

import Foundation
import LoketCore
import LoketStore
import LoketSystem

package struct ServicePlace: Sendable {
    /// A Client-Id and its signing key.
    package struct Account: Sendable {
        package let clientID: String
        package let secret: [UInt8]
    }

    package let gateway: Settings.Gateway
    package let admin: Settings.Listener
    package let database: String

    /// The path of the file with the first admin key, which the first start writes.
    package var keyFile: String { FirstKey.path(besideDatabase: database) }

    /// - Throws: if the file is missing or wrong, or another user could have written it: the file
    ///   decides to which address a key is sent.
    package static func read(
        file: String, environment: [String: String]
    ) throws(SettingsRefused) -> ServicePlace {
        try read(file, environment) { root in
            let gateway = Settings.Gateway.read(root.section("gateway"))
            let admin = Settings.Admin.read(root.section("admin"))
            return ServicePlace(
                gateway: gateway, admin: admin.listener, database: Settings.readDatabase(root))
        }
    }

    /// Reads the accounts with their newest secrets.
    package static func accounts(
        file: String, environment: [String: String]
    ) throws(SettingsRefused) -> [Account] {
        try read(file, environment) { root in
            var earlier: [String: SettingsPlace] = [:]
            return root.requiredList("accounts", holding: "at least one account").map { item in
                let section = root.reading.section(item.node, at: item.place, overridable: false)
                return Account(
                    clientID: Settings.readClientID(section, earlier: &earlier),
                    secret: Settings.readSecretTexts(section).first ?? [])
            }
        }
    }

    private static func read<Part>(
        _ file: String, _ environment: [String: String], _ part: (SettingsSection) -> Part
    ) throws(SettingsRefused) -> Part {
        let yaml = try Settings.text(of: file, refusing: othersMayWrite)
        return try SettingsReading.read(
            yaml: yaml, file: file, environment: environment, part)
    }

    /// Ignores group write access, which editors leave to the user's private group.
    private static func othersMayWrite(_ status: stat) -> String? {
        guard [0, geteuid()].contains(status.st_uid) else {
            return "the file belongs to another user, who could have your admin key sent "
                + "elsewhere; give --url and --key-file, or run this command as that user"
        }
        guard status.st_mode & S_IWOTH == 0 else {
            return "every user of this machine can change the file and have your admin key sent "
                + "elsewhere: run chmod o-w on the file"
        }
        return nil
    }
}
