// Options that select the service and the admin key. An option overrides the environment, which
// overrides the settings in this folder or in /etc/loket.

import ArgumentParser
import Foundation
import LoketCore
import LoketRuntime
import LoketSystem
import Synchronization

struct AdminOptions: ParsableArguments {
    static let defaultURL = "http://127.0.0.1:8081"

    @Option(
        help: """
            URL of the admin listener; by default LOKET_URL, otherwise the address in loket.yaml, \
            in the current folder or in \(FoundSettings.folderOfPackage).
            """)
    var url: String?
    @Option(
        help: ArgumentHelp(
            """
            File with an admin key; by default the key in LOKET_ADMIN_KEY, otherwise the first \
            key, in <database>.admin-key.
            """,
            valueName: "file"))
    var keyFile: String?
    @OptionGroup var clearKey: ClearKeyOption

    func client() throws -> AdminClient {
        CarriedOptions.take(url: url, keyFile: keyFile)
        let environment = ProcessInfo.processInfo.environment
        let key = try givenKey(environment)
        let client: (url: String, key: String)
        if let url = url ?? environment.given("LOKET_URL") {
            // A key from the settings is sent only to the service of those settings.
            guard let key else {
                throw Failure(
                    .usage,
                    "--url and LOKET_URL need an admin key: give --key-file "
                        + "(the first key is in <database>.admin-key), or set LOKET_ADMIN_KEY")
            }
            client = (try Self.base(of: url), key)
        } else if let local = try LocalService.found(environment) {
            client = (try local.adminURL(), try key ?? local.key())
        } else {
            guard let key else { throw LocalService.notFound("--url and --key-file") }
            client = (Self.defaultURL, key)
        }
        guard !client.key.isEmpty, client.key.utf8.allSatisfy(isVisibleASCII) else {
            throw Failure(
                .usage,
                "the admin key is empty or has invalid characters; give the key exactly as it was "
                    + "printed")
        }
        try clearKey.check(client.url)
        return AdminClient(url: client.url, key: client.key)
    }

    private static func base(of url: String) throws -> String {
        let (base, path) = try splitURL(url)
        guard path == "/" else {
            throw Failure(
                .usage,
                "--url must be only the scheme, host and port of the admin listener; leave out "
                    + "`\(path)`")
        }
        return base
    }

    /// The size limit. A key has about 50 bytes.
    private static let keyFileBytesMax = 4096

    private func givenKey(_ environment: [String: String]) throws -> String? {
        guard let keyFile else { return environment.given("LOKET_ADMIN_KEY") }
        guard
            let bytes = try? BoundedFile.read(
                keyFile, bytesMax: Self.keyFileBytesMax, takesPipe: true)
        else { throw Failure(.usage, "cannot read \(keyFile)") }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
    }
}

extension [String: String] {
    /// Returns the value of a variable; nil if it is missing or empty, as in an unfilled template.
    fileprivate func given(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

struct ClearKeyOption: ParsableArguments {
    @Flag(
        name: .customLong("allow-http"),
        help: "Send the key unencrypted to another machine; only for a private network.")
    var isAllowed = false

    /// - Parameter base: The scheme, host and port of the admin listener.
    /// - Throws: `Failure` 2 if the key would cross a network unencrypted.
    func check(_ base: String) throws {
        guard !isAllowed, let url = URLComponents(string: base), url.scheme == "http",
            let host = url.host, !FieldRules.isLoopback(host)
        else { return }
        throw Failure(
            .usage,
            "the admin key would be sent to \(host) unencrypted; give the https URL of a proxy "
                + "there, or --allow-http in a private network")
    }
}

struct PageOptions: ParsableArguments {
    @Option(help: "Entries in one page, 1 to \(Limits.pageItemsMax).")
    var limit = Limits.pageItemsDefault
    @Option(help: "The cursor that the previous page printed.")
    var cursor: String?

    var query: Query { [("limit", "\(limit)"), ("cursor", cursor)] }
}

enum CarriedOptions {
    private static let words = Mutex("")

    /// Stores the options as the user gave them; nil if a value comes from the environment or
    /// settings.
    static func take(url: String?, keyFile: String?) {
        let options = [("--url", url), ("--key-file", keyFile)]
        let text = options.map { name, value in
            value.map { " \(name) \(shellWord($0))" } ?? ""
        }.joined()
        words.withLock { $0 = text }
    }

    /// Returns the text with the options added to each command in backticks.
    static func added(to text: String) -> String {
        guard words.withLock({ !$0.isEmpty }) else { return text }
        return text.replacing(/`(loket [^`\n]+)`/) { "`\(added(toCommand: String($0.output.1)))`" }
    }

    /// Returns the command, with the options added if it uses the admin API.
    static func added(toCommand command: String) -> String {
        let words = words.withLock { $0 }
        let parts = command.split(separator: " ")
        guard parts.first == "loket", parts.count > 1, asking.contains(String(parts[1])),
            !command.hasPrefix("loket keys reset"), !command.contains(" --url ")
        else { return command }
        // An argument after `--` is not an option.
        guard let end = command.firstRange(of: " -- ") else { return command + words }
        return command.replacingCharacters(in: end, with: words + " -- ")
    }

    /// The commands that accept AdminOptions.
    private static let asking: Set<String> = [
        "attention", "backup", "bills", "events", "find", "imports", "inquiries", "keys",
        "notifications", "pause", "pauses", "payments", "quarantine", "reconcile", "resume",
        "status", "tail", "webhooks", "why",
    ]
}
