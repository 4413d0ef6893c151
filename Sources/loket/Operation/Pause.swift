// `loket pause` and `loket resume`: pause and resume answering inquiries, over the admin API.

import ArgumentParser
import LoketCore
import LoketJSON

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Decline inquiries until `loket resume`.",
        discussion: """
            A restart does not end the pause. Notifications of payments are still recorded.
            """)

    @Option(help: "The reason, shown until inquiries are resumed.")
    var reason: String
    @Option(help: "Only this Client-Id; every account if not given.")
    var account: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let paused = try await admin.client().post("/admin/v1/pause") { body in
            body.field("reason", reason)
            if let account { body.field("account", account) }
        }
        try output.show(paused, PauseText.page)
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a pause, so that inquiries are answered again.",
        discussion: """
            Without --account, ends the pause of every account; with it, of one account. \
            After a restore, or after a start that found commits missing, run `loket reconcile` \
            first. Otherwise a bill may be paid twice, because a payment is missing in the database.
            """)

    @Option(help: "Only this Client-Id; every account if not given.")
    var account: String?
    @Option(help: "The reason, for the history.")
    var reason: String?
    @Flag(
        help: """
            Resume without `loket reconcile`. Bills that were already paid may be paid twice. The \
            name of your admin key is recorded.
            """)
    var acceptRisk = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let paused = try await admin.client().post("/admin/v1/resume") { body in
            if let account { body.field("account", account) }
            if let reason { body.field("reason", reason) }
            if acceptRisk { body.field("accept_risk", true) }
        }
        try output.show(paused) { body in
            [PauseText.resumed(body["resumed"]), PauseText.left(body)].compactMap(\.self)
                .joined(separator: "\n")
        }
    }
}

struct PausesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pauses",
        abstract: "Show what is paused, and who paused and resumed before.")

    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let found = try await admin.client().get("/admin/v1/pauses")
        guard !output.json else { return try output.show(found) { _ in "" } }
        try Output.print(CarriedOptions.added(to: PauseText.page(found)))
        var table = Table(["TIME (WIB)", "CHANGE", "ACCOUNT", "BY", "REASON"])
        for entry in found["history"]?.elements ?? [] {
            table.add([
                .time(entry["at"]), Table.Cell(entry["change"]),
                Table.Cell(entry["account"]?.string ?? "every account"),
                Table.Cell(entry["actor"]), Table.Cell(entry["reason"]),
            ])
        }
        guard !table.isEmpty else { return }
        if Screen.isThere { try Output.print("") }
        try table.print()
    }
}

private enum PauseText {
    /// Returns the active pauses.
    static func page(_ body: JSONValue) -> String {
        left(body) ?? "nothing is paused"
    }

    /// Returns the remaining pauses; nil if there are none.
    static func left(_ body: JSONValue) -> String? {
        let lines = (body["pauses"]?.elements ?? []).map { pause in
            let (who, at) = (account(pause), shownTime(pause["paused_at"]))
            return "paused: \(who), \(at), by \(shown(pause["actor"])): \(shown(pause["reason"]))"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// Returns a line about the ended pause.
    static func resumed(_ pause: JSONValue?) -> String {
        guard let pause, pause.isObject else {
            return "no such pause was active, so nothing is resumed"
        }
        return
            "resumed: \(account(pause)), paused \(shownTime(pause["paused_at"])) by \(shown(pause["actor"])) "
            + "(\(shown(pause["reason"])))"
    }

    private static func account(_ pause: JSONValue) -> String {
        pause["account"]?.string ?? "every account"
    }
}
