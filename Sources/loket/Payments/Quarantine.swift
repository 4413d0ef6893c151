// `loket quarantine`: notifications that failed verification and may report payments.

import ArgumentParser
import LoketCore
import LoketJSON

struct Quarantine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List notifications that failed verification, and verify them again.",
        subcommands: [QuarantineList.self, QuarantineRetry.self])
}

struct QuarantineList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List notifications in quarantine, newest first.")

    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get("/admin/v1/quarantine", part.query)
        try output.show(page: page, orElse: "no notification is in quarantine", Self.line)
    }

    private static func line(_ kept: JSONValue) -> String {
        let times = kept["times"]?.integer ?? 1
        let parts: [String?] = [
            "#" + shown(kept["id"]), wibTime(kept["received_at"]),
            kept["cause"]?.string,
            kept["mistake"]?.string.map { "mistake \($0)" },
            "\(kept["size"]?.integer ?? 0) bytes", times > 1 ? "received \(times) times" : nil,
            kept["request_id"]?.string.map { "`\(whyCommand($0))`" },
        ]
        return parts.compactMap(\.self).joined(separator: "  ").visible
    }
}

struct QuarantineRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Verify notifications in quarantine again, with the current settings.",
        discussion: """
            Correct the settings first. A notification that now verifies is recorded as if it \
            had just arrived. A notification that DOKU sent again, and that was recorded \
            meanwhile, is removed. All others stay in quarantine. SIGHUP, which reloads accounts \
            and secrets, verifies them too; run this command after a restart with other paths.
            """)

    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let done = try await admin.client().post("/admin/v1/quarantine/retry") { _ in }
        try output.show(done) { done in
            "notifications: \(done["entered"]?.integer ?? 0) recorded, "
                + "\(done["kept"]?.integer ?? 0) still in quarantine"
        }
    }
}
