// `loket keys`: creates, lists and revokes admin keys over the admin API. `keys reset` instead
// needs the database's files, and neither a service nor a key.

import ArgumentParser
import Foundation
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create, list and revoke admin keys; replace all keys if they are lost.",
        subcommands: [
            KeysCreate.self, KeysList.self, KeysShow.self, KeysRevoke.self, KeysReset.self,
        ])
}

extension AdminKey.Scope: ExpressibleByArgument {}

struct KeysCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an admin key and print it once.",
        discussion: """
            Standard output has only the key. The service stores only the key's hash, so the key \
            cannot be shown again. Your own key must have every scope that the new key gets.

            Example: loket keys create till --scope read --scope write > till.key
            """)

    @Argument(help: "The key's name, which is shown in histories; no spaces.")
    var name: String
    @Option(help: "A scope of the key: read, write, keys or backup. Repeat the option for more.")
    var scope: [AdminKey.Scope]
    @Option(help: "The only Client-Id that the key may access.")
    var account: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let scopes = AdminKey.Scope.allCases.filter(scope.contains)
        let made = try await admin.client().post("/admin/v1/keys") { body in
            body.field("name", name)
            body.array("scopes") { list in scopes.forEach { list.string($0.rawValue) } }
            if let account { body.field("account", account) }
        }
        let id = made["id"]?.string ?? ""
        do {
            try output.show(made) { $0["key"]?.string ?? "" }
        } catch {
            // The key is active, but its text is lost.
            Output.note("key \(id) was created but not shown; revoke it: loket keys revoke \(id)\n")
            throw error
        }
        Output.note("key \(id) is shown only once; to revoke it: loket keys revoke \(id)\n")
    }
}

struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List admin keys, newest first, with revoked keys.")

    @Flag(help: "Only active keys.")
    var active = false
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(
            "/admin/v1/keys", part.query + [("active", active ? "true" : nil)])
        try output.show(
            page: page, orElse: "no keys",
            columns: ["ID", "NAME", "SCOPES", "ACCOUNT", "USED (WIB)", "REVOKED (WIB)"],
            KeyText.row)
    }
}

struct KeysShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one admin key: its scopes, and when it was used.")

    @Argument(help: "The key's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(await admin.client().get("/admin/v1/keys/\(id)"), KeyText.line)
    }
}

struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke an admin key: it is refused from then on.",
        discussion: "A number is read as an id, any other text as the name of an active key.")

    @Argument(help: "The key's id or name.")
    var key: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard !key.isEmpty else { throw ValidationError("give the key's id or name") }
    }

    func run() async throws {
        let client = try admin.client()
        let isID = key.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let id = isID ? key : try await client.keyID(named: key)
        try output.show(await client.delete("/admin/v1/keys/\(id)"), KeyText.line)
    }
}

extension AdminClient {
    fileprivate func keyID(named name: String) async throws -> String {
        var cursor: String?
        repeat {
            let page = try await get(
                "/admin/v1/keys",
                [("active", "true"), ("limit", "\(Limits.pageItemsMax)"), ("cursor", cursor)])
            let found = page["items"]?.elements.first { $0["name"]?.string == name }
            if let id = found?["id"]?.string { return id }
            cursor = page["next_cursor"]?.string
        } while cursor != nil
        throw Failure(.no, "no active key has the name \(name)")
    }
}

/// Text for a key: one line, or a row of a list. Times are in Jakarta time.
private enum KeyText {
    static func row(_ key: JSONValue) -> [Table.Cell] {
        let scopes = (key["scopes"]?.elements ?? []).compactMap(\.string)
        return [
            .id(key["id"]), Table.Cell(key["name"]), Table.Cell(scopes.joined(separator: ",")),
            Table.Cell(key["account"]?.string ?? "every account"), .time(key["last_used_at"]),
            .time(key["revoked_at"]),
        ]
    }

    static func line(_ key: JSONValue) -> String {
        let scopes = (key["scopes"]?.elements ?? []).compactMap(\.string)
        let used = wibTime(key["last_used_at"]).map { "used \($0)" } ?? "never used"
        let revoked = wibTime(key["revoked_at"]).map { "REVOKED \($0)" }
        let parts: [String?] = [
            "#" + (key["id"]?.string ?? "-"), key["name"]?.string,
            scopes.joined(separator: ","), key["account"]?.string ?? "every account", used,
            revoked,
        ]
        return parts.compactMap(\.self).joined(separator: "  ")
    }
}

struct KeysReset: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Revoke every admin key and create a new key, while the service is stopped.",
        discussion: """
            The new key has every scope. It is written to <database>.admin-key, which only the \
            database's owner can read. The command prints the path of this file, not the key.
            """)

    @OptionGroup var options: ConfigOption
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (path, revoked) = try reset()
        guard !json else {
            return try Output.print {
                $0.field("revoked", Int64(revoked))
                $0.field("key_file", path)
            }
        }
        let keys = revoked == 1 ? "1 key is" : "\(revoked) keys are"
        try Output.print("\(keys) revoked; the new key is in \(path)")
    }

    private func reset() throws -> (path: String, revoked: Int) {
        do {
            let settings = try Settings.read(
                file: options.file, environment: ProcessInfo.processInfo.environment)
            try ServiceOwner.refuseRoot(of: settings.database, command: "loket keys reset")
            return try FirstKey.reset(database: settings.database, now: .now)
        } catch {
            throw Failure(.no, "no key was changed:\n\(error)")
        }
    }
}
