// `loket keys reset`: when every admin key is lost. It needs no key, only the database's files,
// and so whoever may write these; a running service has them locked.

import ArgumentParser
import Foundation
import LoketCore
import LoketRuntime
import LoketStore

struct KeysReset: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Revoke every admin key and make a new first one, with the service stopped.",
        discussion: """
            The new key may do everything. It goes into <database>.admin-key, which only the \
            database's owner can read; this command prints the file's path and never the key.
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
        try Output.print("\(keys) revoked; the new one is in \(path)")
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
