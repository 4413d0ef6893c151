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
        try output.show(
            page: page, orElse: "no notification is in quarantine",
            columns: [
                "ID", "RECEIVED (WIB)", "CAUSE", "MISTAKE", .right("BYTES"), .right("TIMES"),
                "REQUEST-ID",
            ], beside: Self.advice, Self.row)
    }

    private static func advice(_ page: JSONValue) -> [String] {
        let known = (page["items"]?.elements ?? []).lazy.compactMap { $0["request_id"]?.string }
        return known.first.map { ["why the first: `\(whyCommand($0))`"] } ?? []
    }

    private static func row(_ kept: JSONValue) -> [Table.Cell] {
        [
            .id(kept["id"]), .time(kept["received_at"]), Table.Cell(kept["cause"]),
            Table.Cell(kept["mistake"]), Table.Cell(kept["size"]), Table.Cell(kept["times"]),
            Table.Cell(kept["request_id"]),
        ]
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
